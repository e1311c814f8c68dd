#include "aws/environment_credentials.hpp"

namespace dunlin {

Result<Link> environment_credentials(const Environment& environment) {
  const auto key = environment.find("AWS_ACCESS_KEY_ID");
  if (!key) return skip("AWS_ACCESS_KEY_ID is not set");
  const auto secret = environment.find("AWS_SECRET_ACCESS_KEY");
  if (!secret) {
    return credentials_error("AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not",
                             "set both, and AWS_SESSION_TOKEN for temporary credentials");
  }
  return Link{.found = AwsCredentials{.access_key = *key,
                                      .secret_key = Secret(*secret),
                                      .session_token = Secret(
                                          environment.find("AWS_SESSION_TOKEN").value_or("")),
                                      .expires = {},
                                      .source = "the environment (AWS_ACCESS_KEY_ID)"},
              .skipped = {}};
}

}  // namespace dunlin
