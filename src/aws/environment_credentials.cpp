#include "aws/environment_credentials.hpp"

#include "base/text.hpp"

namespace dunlin {

Result<Link> environment_credentials(const Environment& environment) {
  const auto key = environment.find("AWS_ACCESS_KEY_ID");
  if (!key) return skip("AWS_ACCESS_KEY_ID is not set");
  const auto secret = environment.find("AWS_SECRET_ACCESS_KEY");
  if (!secret) {
    return credentials_error("AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not",
                             "set both, and AWS_SESSION_TOKEN for temporary credentials");
  }
  const std::string token = environment.find("AWS_SESSION_TOKEN").value_or("");
  // Without the line break that a pasted value may have: it would end a header.
  return Link{.found = AwsCredentials{.access_key = std::string(trim(*key)),
                                      .secret_key = Secret(trim(*secret)),
                                      .session_token = Secret(trim(token)),
                                      .expires = {},
                                      .source = "the environment (AWS_ACCESS_KEY_ID)"},
              .skipped = {}};
}

}  // namespace dunlin
