#pragma once

#include "base/interrupt.hpp"
#include "base/result.hpp"

#include <functional>
#include <string>
#include <vector>

namespace dunlin {

/// A program to run. It inherits standard input as /dev/null, none of our descriptors but those
/// named, and no variable but those given.
struct Tool {
  std::vector<std::string> words;      ///< its name, found on the PATH, and its arguments
  std::vector<std::string> variables;  ///< "NAME=value"
  int output = -1;                     ///< where its standard output goes; -1: into ToolRun
  std::vector<int> kept;               ///< descriptors that it has under the same number
  std::string package;                 ///< Debian's, for the hint when it is not there
};

struct ToolRun {
  int exit_code = 0;   ///< 128 + N when signal N ended it
  std::string output;  ///< at most 64 KiB
  std::string errors;  ///< its standard error, at most 64 KiB
};

/// Runs it to its end. `beat` is called about once a second. snapshot_failed when it cannot be
/// started; interrupted, after it has ended, when a stop is requested.
Result<ToolRun> run_tool(
    const Tool& tool, const Interrupt& interrupt, const std::function<void()>& beat = [] {});

/// The first line that names an error, without the program's name before it; else the last line.
[[nodiscard]] std::string complaint_of(const ToolRun& run);

/// The variables of this process that PostgreSQL's programs and the system's libraries read, but
/// no password.
[[nodiscard]] std::vector<std::string> variables_for_tools();

}  // namespace dunlin
