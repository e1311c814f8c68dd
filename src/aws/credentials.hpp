#pragma once

#include "base/secret.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace dunlin {

/// What requests to AWS are signed with.
struct AwsCredentials {
  std::string access_key;  ///< "AKIA..." or "ASIA..."; an identifier, not a secret
  Secret secret_key;
  Secret session_token;  ///< empty for a user's long-lived key
  std::optional<std::chrono::system_clock::time_point> expires;  ///< absent: never
  std::string source;  ///< where they were found, for messages: "the environment"
};

}  // namespace dunlin
