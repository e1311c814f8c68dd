#pragma once

#include "base/result.hpp"
#include "report/output.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace dunlin {

/// What a call wants to be told; then nothing is done, whatever commands stand beside it.
enum class Asks : std::uint8_t { nothing, completion, version, help };

/// A command line, taken apart.
struct Arguments {
  Asks asks = Asks::nothing;
  /// What to do, in order: one that stands alone ("run", "fargate template"), or commands of the
  /// engine. Empty, and nothing asked: there is nothing to do, print what there is.
  std::vector<std::string> commands;
  std::optional<std::string> operand;  ///< the word that the last command takes: run's branch
  std::vector<std::string> operands;   ///< all of them, of a command that takes several
  std::string family;      ///< the last word is one ("fargate"), and no sub-command of it follows
  std::string help_topic;  ///< what follows `help` or stands before -h, or empty
  std::string shell;       ///< the word after `completion`, or empty
  std::vector<std::pair<std::string, std::string>> options;  ///< key and value, in order
  Verbosity verbosity = Verbosity::normal;
  bool migration_ids = false;
};

/// Understands Flyway's way, `-key=value`, and `--key value`, in any order with commands; keys
/// after two dashes may be written with dashes (`--out-of-order`), and one that is true or false
/// needs no value. -h, -?, --help and -v, --version ask, wherever they stand. Whether an option
/// exists is not looked at here. As with Flyway `--key=value` is an error; the hint says
/// how to write it. Error: usage, naming the argument.
/// @param words  without the program's name
[[nodiscard]] Result<Arguments> parse_arguments(std::span<const std::string> words);

/// True if -outputType=json stands anywhere, also on a line that cannot be understood: the error is
/// then JSON too.
[[nodiscard]] bool asks_for_json(std::span<const std::string> words);

}  // namespace dunlin
