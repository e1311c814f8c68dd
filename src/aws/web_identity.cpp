#include "aws/web_identity.hpp"

#include "aws/secret_file.hpp"
#include "aws/sts.hpp"
#include "base/text.hpp"

namespace dunlin {

Result<AwsCredentials> credentials_of_token_file(const AwsEdges& edges, const std::string& region,
                                                 const std::string& path,
                                                 const std::string& role_arn,
                                                 const std::string& session_name) {
  const auto token = read_secret_file(path);
  if (!token) {
    return credentials_error(
        fmt::format("the web identity token {} cannot be read: {}", path, token.error().message));
  }
  return assume_role_with_web_identity(
      edges, region,
      {.role_arn = role_arn, .session_name = session_name, .token = Secret(trim(token->reveal()))});
}

Result<Link> web_identity_credentials(const AwsEdges& edges, const std::string& region) {
  const auto path = edges.environment.find("AWS_WEB_IDENTITY_TOKEN_FILE");
  if (!path) return skip("AWS_WEB_IDENTITY_TOKEN_FILE is not set");
  const auto role = edges.environment.find("AWS_ROLE_ARN");
  if (!role) return credentials_error("AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not");
  auto credentials = DUNLIN_TRY(credentials_of_token_file(
      edges, region, *path, *role, edges.environment.find("AWS_ROLE_SESSION_NAME").value_or("")));
  return Link{.found = std::move(credentials), .skipped = {}};
}

}  // namespace dunlin
