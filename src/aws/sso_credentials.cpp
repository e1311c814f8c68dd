#include "aws/sso_credentials.hpp"

#include "aws/endpoint.hpp"
#include "aws/json.hpp"
#include "aws/secret_file.hpp"
#include "aws/timestamp.hpp"
#include "base/text.hpp"

#include <openssl/evp.h>

#include <array>
#include <charconv>

namespace dunlin {
namespace {

constexpr AwsService kPortal{.name = "portal.sso", .variable = "SSO", .shown = "SSO"};

std::string sha1(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
  return hex(std::string(digest.begin(), digest.begin() + size));
}

Error login_again(const std::string& name, std::string_view why) {
  return credentials_error(fmt::format("profile {} uses SSO, and {}", name, why),
                           fmt::format("run aws sso login --profile {}", name));
}

/// The cached token: its file is named by the session, or by the start URL in older profiles.
Result<Secret> token(const AwsEdges& edges, const std::string& cached_as, const std::string& name) {
  const std::string path = fmt::format(
      "{}/.aws/sso/cache/{}.json", edges.environment.find("HOME").value_or(""), sha1(cached_as));
  const auto text = read_secret_file(path);
  if (!text) return login_again(name, "nobody has logged in");
  const auto document = JsonDocument::parse(text->reveal());
  if (!document) return login_again(name, fmt::format("{} is not JSON", path));
  const auto expires = parse_timestamp(document->root()["expiresAt"].text());
  if (!expires || *expires <= edges.clock.now()) return login_again(name, "the login has run out");
  return Secret(document->root()["accessToken"].text());
}

/// The portal's answer has the same fields as the others under other names, and milliseconds.
Result<AwsCredentials> parse_answer(const HttpResponse& response, const std::string& name) {
  const auto document = JsonDocument::parse(response.body.reveal());
  if (!document) return credentials_error("SSO does not answer with JSON");
  const JsonNode role = document->root()["roleCredentials"];
  if (role["accessKeyId"].text().empty()) {
    return credentials_error(fmt::format("SSO answers without credentials for profile {}", name));
  }
  const std::string text = role["expiration"].scalar();
  long long milliseconds = 0;
  std::from_chars(text.data(), text.data() + text.size(), milliseconds);
  return AwsCredentials{
      .access_key = std::string(role["accessKeyId"].text()),
      .secret_key = Secret(role["secretAccessKey"].text()),
      .session_token = Secret(role["sessionToken"].text()),
      .expires = std::chrono::system_clock::time_point(std::chrono::milliseconds(milliseconds)),
      .source = fmt::format("profile {} (SSO)", name)};
}

}  // namespace

Result<AwsCredentials> sso_credentials(const AwsEdges& edges, const AwsProfiles& profiles,
                                       const AwsProfile& profile, const std::string& name) {
  const std::string session(profile.get("sso_session"));
  const AwsProfile* login = &profile;
  if (!session.empty()) {
    const auto found = profiles.sso_sessions.find(session);
    if (found == profiles.sso_sessions.end()) {
      return credentials_error(
          fmt::format("profile {} names the sso-session {}, which does not exist", name, session));
    }
    login = &found->second;
  }
  const std::string cached_as =
      session.empty() ? std::string(login->get("sso_start_url")) : session;
  Secret bearer = DUNLIN_TRY(token(edges, cached_as, name));
  const std::string base =
      DUNLIN_TRY(aws_endpoint(kPortal, login->get("sso_region"), edges.environment));
  HttpRequest request{.url = fmt::format("{}/federation/credentials?role_name={}&account_id={}",
                                         base, percent_encode(profile.get("sso_role_name")),
                                         percent_encode(profile.get("sso_account_id")))};
  request.headers.push_back({"x-amz-sso_bearer_token", std::move(bearer)});
  const auto response = edges.http.send_one(request);
  if (!response) {
    Error error = response.error();
    if (error.code == ErrorCode::source_failed) error.code = ErrorCode::aws_credentials;
    return error;
  }
  if (response->status == 401) return login_again(name, "the login is no longer valid");
  if (response->status != 200) {
    return credentials_error(
        fmt::format("SSO answers with status {} for profile {}", response->status, name));
  }
  return parse_answer(*response, name);
}

}  // namespace dunlin
