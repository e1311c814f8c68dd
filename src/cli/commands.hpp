#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// One word that may stand on the command line as a command.
struct CommandRow {
  std::string_view name;
  std::string_view help;      ///< one line, no final dot
  std::string_view more;      ///< what `dunlin help NAME` adds; may be empty
  std::string_view left_out;  ///< a command of Flyway's that is not there: why; else empty
};

/// All rows, in the order in which help shows them.
[[nodiscard]] std::span<const CommandRow> commands() noexcept;
/// The row of a name, case counts; null if there is none.
[[nodiscard]] const CommandRow* find_command(std::string_view name) noexcept;
/// Names of commands that look like this one, the nearest first.
[[nodiscard]] std::vector<std::string> near_commands(std::string_view name);

/// One flag: an argument that is neither a command nor an option with a value.
struct FlagRow {
  std::string_view names;  ///< "-h -? --help"
  std::string_view help;
};
[[nodiscard]] std::span<const FlagRow> flags() noexcept;

}  // namespace dunlin
