#pragma once

#include "aws/credentials.hpp"
#include "base/result.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace dunlin {

/// What one link of the credential chain says when it is not broken.
struct Link {
  std::optional<AwsCredentials> found;
  std::string skipped;  ///< why there are none here: "AWS_ACCESS_KEY_ID is not set"
};

[[nodiscard]] inline Link skip(std::string why) { return {.found = {}, .skipped = std::move(why)}; }

[[nodiscard]] inline Error credentials_error(std::string message, std::string hint = {}) {
  return Error{
      .code = ErrorCode::aws_credentials, .message = std::move(message), .hint = std::move(hint)};
}

/// Reads the JSON in which endpoints and programs hand out credentials: AccessKeyId,
/// SecretAccessKey, and for temporary ones Token (or SessionToken) and Expiration.
/// `source` names the giver in messages: "the container's credentials endpoint".
[[nodiscard]] Result<AwsCredentials> parse_credentials(std::string_view json, std::string source);

}  // namespace dunlin
