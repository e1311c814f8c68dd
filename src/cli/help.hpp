#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace dunlin {

/// What `dunlin` without a command, and `dunlin help`, print.
[[nodiscard]] std::string usage_text();
/// What `dunlin help TOPIC` prints; TOPIC is a command, an option, or "options" for all of these.
/// Error: usage, for any other word.
[[nodiscard]] Result<std::string> help_text(std::string_view topic);
/// docs/reference.md: commands, options, variables and exit codes, made from the tables.
[[nodiscard]] std::string reference_page();
/// The completion script of a shell: bash, zsh or fish. Error: usage, for any other.
[[nodiscard]] Result<std::string> completion(std::string_view shell);

}  // namespace dunlin
