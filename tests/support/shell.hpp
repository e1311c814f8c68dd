#pragma once

#include <string>

namespace dunlin::test {

/// Runs a command by /bin/sh and returns its standard output without the last newline. A command
/// that fails fails the test, which then shows the command and what it said.
std::string shell(const std::string& command);

/// For /bin/sh: 'it'\''s'.
[[nodiscard]] std::string quoted(const std::string& text);

}  // namespace dunlin::test
