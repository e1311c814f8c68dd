#include "aws/profile_credentials.hpp"

#include "aws/container_credentials.hpp"
#include "aws/environment_credentials.hpp"
#include "aws/instance_credentials.hpp"
#include "aws/process_credentials.hpp"
#include "aws/profile.hpp"
#include "aws/sso_credentials.hpp"
#include "aws/sts.hpp"
#include "aws/web_identity.hpp"
#include "base/text.hpp"

#include <set>

namespace dunlin {
namespace {

/// Follows profiles from one to the next: source_profile may name another that has a role, too.
class Walk {
 public:
  Walk(const AwsEdges& edges, std::string region, const AwsProfiles& profiles)
      : edges_(edges), region_(std::move(region)), profiles_(profiles) {}

  Result<Link> credentials_of(const std::string& name) {
    const auto found = profiles_.profiles.find(name);
    if (found == profiles_.profiles.end()) {
      return credentials_error(fmt::format("profile {} is not in {}", name, profiles_.places),
                               "check AWS_PROFILE, and source_profile in the profile that is used");
    }
    const AwsProfile& profile = found->second;
    if (!visited_.insert(name).second) {
      return credentials_error(fmt::format("profile {} is its own source_profile", name));
    }
    if (profile.has("role_arn")) return found_one(with_role(profile, name));
    return without_role(profile, name);
  }

 private:
  static Result<Link> found_one(Result<AwsCredentials> credentials) {
    if (!credentials) return std::move(credentials).error();
    return Link{.found = std::move(*credentials), .skipped = {}};
  }

  Result<Link> without_role(const AwsProfile& profile, const std::string& name) {
    if (profile.has("aws_access_key_id")) return keys_of(profile, name);
    if (profile.has("sso_account_id")) {
      return found_one(sso_credentials(edges_, profiles_, profile, name));
    }
    if (profile.has("credential_process")) {
      return found_one(process_credentials(edges_, profile.get("credential_process")));
    }
    return skip(fmt::format("profile {} holds no credentials", name));
  }

  static Result<Link> keys_of(const AwsProfile& profile, const std::string& name) {
    if (!profile.has("aws_secret_access_key")) {
      return credentials_error(
          fmt::format("profile {} has aws_access_key_id and no aws_secret_access_key", name));
    }
    return Link{.found = AwsCredentials{.access_key = std::string(profile.get("aws_access_key_id")),
                                        .secret_key = Secret(profile.get("aws_secret_access_key")),
                                        .session_token = Secret(profile.get("aws_session_token")),
                                        .expires = {},
                                        .source = "profile " + name},
                .skipped = {}};
  }

  [[nodiscard]] std::string region_for(const AwsProfile& profile) const {
    return region_.empty() ? std::string(profile.get("region")) : region_;
  }

  Result<AwsCredentials> with_role(const AwsProfile& profile, const std::string& name) {
    const std::string role(profile.get("role_arn"));
    const std::string session(profile.get("role_session_name"));
    if (profile.has("web_identity_token_file")) {
      return credentials_of_token_file(edges_, region_for(profile),
                                       std::string(profile.get("web_identity_token_file")), role,
                                       session);
    }
    if (profile.has("mfa_serial")) {
      return credentials_error(
          fmt::format("profile {} wants a code from an MFA device, and nobody is asked here", name),
          "get temporary credentials beforehand and set them in the environment");
    }
    Link base = DUNLIN_TRY(base_of(profile, name));
    if (!base.found) {
      return credentials_error(fmt::format("nothing to assume role {} of profile {} with: {}", role,
                                           name, base.skipped));
    }
    return assume_role(edges_, region_for(profile),
                       {.role_arn = role,
                        .session_name = session,
                        .external_id = std::string(profile.get("external_id")),
                        .duration_seconds = std::string(profile.get("duration_seconds"))},
                       *base.found);
  }

  /// With what the role of a profile is assumed.
  Result<Link> base_of(const AwsProfile& profile, const std::string& name) {
    const std::string other(profile.get("source_profile"));
    if (other == name) return without_role(profile, name);
    if (!other.empty()) return credentials_of(other);
    const std::string_view source = profile.get("credential_source");
    if (source == "Environment") return environment_credentials(edges_.environment);
    if (source == "EcsContainer") return container_credentials(edges_);
    if (source == "Ec2InstanceMetadata") return instance_credentials(edges_);
    return credentials_error(
        fmt::format("profile {} has role_arn and neither source_profile nor a known "
                    "credential_source",
                    name),
        "known are Environment, EcsContainer and Ec2InstanceMetadata");
  }

  const AwsEdges& edges_;
  std::string region_;
  const AwsProfiles& profiles_;
  std::set<std::string> visited_;
};

}  // namespace

Result<Link> profile_credentials(const AwsEdges& edges, const std::string& region,
                                 const std::string& profile) {
  const AwsProfiles profiles = DUNLIN_TRY(read_profiles(edges.environment));
  const std::string asked =
      profile.empty() ? edges.environment.find("AWS_PROFILE").value_or("") : profile;
  if (asked.empty() && !profiles.profiles.contains("default")) {
    return skip(profiles.places.empty()
                    ? std::string("HOME is not set")
                    : fmt::format("no profile \"default\" in {}", profiles.places));
  }
  return Walk(edges, region, profiles).credentials_of(asked.empty() ? "default" : asked);
}

}  // namespace dunlin
