#include "aws/credential_chain.hpp"

#include "aws/container_credentials.hpp"
#include "aws/credential_link.hpp"
#include "aws/environment_credentials.hpp"
#include "aws/instance_credentials.hpp"
#include "aws/json.hpp"
#include "aws/profile_credentials.hpp"
#include "aws/timestamp.hpp"
#include "aws/web_identity.hpp"
#include "base/text.hpp"

#include <functional>
#include <vector>

namespace dunlin {
namespace {

constexpr auto kMargin = std::chrono::minutes(5);  // as the SDKs: never sign with what runs out

}  // namespace

Result<AwsCredentials> parse_credentials(std::string_view json, std::string source) {
  const auto document = JsonDocument::parse(json);
  if (!document) return credentials_error(source + " does not answer with JSON");
  const JsonNode root = document->root();
  const std::string_view key = root["AccessKeyId"].text();
  const std::string_view secret = root["SecretAccessKey"].text();
  if (key.empty() || secret.empty()) {
    const std::string_view said =
        root["Message"].text().empty() ? root["message"].text() : root["Message"].text();
    return credentials_error(said.empty()
                                 ? source + " answers without AccessKeyId or SecretAccessKey"
                                 : fmt::format("{} gives no credentials: {}", source, said));
  }
  const std::string_view token =
      root["Token"].text().empty() ? root["SessionToken"].text() : root["Token"].text();
  return AwsCredentials{.access_key = std::string(key),
                        .secret_key = Secret(secret),
                        .session_token = Secret(token),
                        .expires = parse_timestamp(root["Expiration"].text()),
                        .source = std::move(source)};
}

CredentialChain::CredentialChain(AwsEdges edges, CredentialOptions options)
    : edges_(edges), options_(std::move(options)), region_(options_.region) {
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION"}) {
    if (region_.empty()) region_ = edges_.environment.find(name).value_or("");
  }
}

Result<AwsCredentials> CredentialChain::find() {
  // Who names a profile in so many words means it, as with the SDKs.
  const bool explicitly = !options_.profile.empty();
  const std::string passed_over = fmt::format("profile {} is asked for", options_.profile);
  const std::vector<std::function<Result<Link>()>> links = {
      [&]() -> Result<Link> {
        return explicitly ? Result<Link>(skip(passed_over))
                          : environment_credentials(edges_.environment);
      },
      [&]() -> Result<Link> {
        return explicitly ? Result<Link>(skip(passed_over))
                          : web_identity_credentials(edges_, region_);
      },
      [&] { return profile_credentials(edges_, region_, options_.profile); },
      [&] { return container_credentials(edges_); },
      [&] { return instance_credentials(edges_); },
  };
  std::vector<std::string> looked_at;
  for (const auto& link : links) {
    Link answer = DUNLIN_TRY(link());
    if (answer.found) return std::move(*answer.found);
    looked_at.push_back(std::move(answer.skipped));
  }
  return credentials_error(
      "no AWS credentials were found",
      "give the task a task role, or set them; looked at: " + join(looked_at, "; "));
}

Result<std::shared_ptr<const AwsCredentials>> CredentialChain::get() {
  const auto now = edges_.clock.now();
  const bool good = current_ && (!current_->expires || *current_->expires - now > kMargin);
  if (good) return current_;
  auto fresh = find();
  if (!fresh) {
    // What is left of the old ones is better than nothing while the giver has a bad minute.
    if (current_ && *current_->expires > now) return current_;
    return std::move(fresh).error();
  }
  edges_.redactor.learn(fresh->secret_key.reveal());
  edges_.redactor.learn(fresh->session_token.reveal());
  current_ = std::make_shared<const AwsCredentials>(std::move(*fresh));
  return current_;
}

}  // namespace dunlin
