#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

// A sub-command is a row whose name has two words or more ("fargate template"), below the row of
// its family ("fargate"), which has a help line and is no command by itself. Help, the reference
// page, completion and "did you mean" find it there. What it does is called from program.cpp, for
// the families by a file of their own (fargate.cpp).

/// What may stand on the command line as a command.
struct CommandRow {
  std::string_view name;      ///< one word, or several with a blank between
  std::string_view help;      ///< one line, no final dot
  std::string_view more;      ///< what `dunlin help NAME` adds; may be empty
  std::string_view left_out;  ///< a command of Flyway's that is not there: why; else empty
  /// The one word that may follow it, "[branch]", or has to, "NAME"; empty if none may. Several
  /// words stand with blanks between; all but the first may be missing.
  std::string_view operand;
  /// For a command that stands without others: what to write instead; empty if others may follow.
  std::string_view alone;
};

/// All rows, in the order in which help shows them.
[[nodiscard]] std::span<const CommandRow> commands() noexcept;
/// The row of a name, case counts; null if there is none.
[[nodiscard]] const CommandRow* find_command(std::string_view name) noexcept;
/// Do other rows stand below this one, so that it is no command by itself?
[[nodiscard]] bool is_family(std::string_view name) noexcept;
/// What people can call, in the order of help: neither families nor what is left out.
[[nodiscard]] std::vector<CommandRow> callable_commands();
/// The sub-commands of a family; none for a command.
[[nodiscard]] std::vector<CommandRow> commands_below(std::string_view family);
/// Names of commands that look like this one, the nearest first; of "fargate X" those of fargate.
[[nodiscard]] std::vector<std::string> near_commands(std::string_view name);

/// One flag: an argument that is neither a command nor an option with a value.
struct FlagRow {
  std::string_view names;  ///< "-h -? --help"
  std::string_view help;
};
[[nodiscard]] std::span<const FlagRow> flags() noexcept;

}  // namespace dunlin
