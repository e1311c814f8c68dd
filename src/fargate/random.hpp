#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <cstddef>
#include <string>

namespace dunlin::fargate {

/// A random UUID (RFC 4122, version 4): what makes a call of AWS once-only.
[[nodiscard]] std::string random_uuid();

/// How long a generated password is: 6 bits a letter, 192 in all.
inline constexpr std::size_t kPasswordLength = 32;

/// A password from the operating system's source of randomness: letters, digits, - and _, which
/// need no quoting in SQL, in URLs, in shells and in JSON; the first is a letter or a digit.
[[nodiscard]] Secret random_password();

}  // namespace dunlin::fargate
