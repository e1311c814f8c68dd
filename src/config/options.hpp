#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// How the text of an option is read.
enum class OptionType {
  text,
  boolean,  ///< true or false, in any case
  integer,
  seconds,
  list,     ///< comma-separated, or an array in TOML
  version,  ///< kept as text: `target` also takes words such as "latest"
  secret,   ///< held as a Secret, shown in no message
  map,      ///< KEY.name=value: "placeholders.NAME"
};

/// What becomes of an option that somebody sets.
enum class Standing {
  live,      ///< read by the program
  inert,     ///< Flyway's; taken, but there is nothing for it to do here
  older,     ///< a name of Flyway 7; `note` is the newer option it stands for
  left_out,  ///< Flyway's, left out on purpose: setting it is an error; `note` is the reason
};

/// Where an option may be set.
enum class Place {
  anywhere,
  environment,   ///< in TOML only in [environments.NAME]: it says where to connect, or as whom
  command_line,  ///< and, where it has one, by its variable; not in a file
};

/// Whether a configuration file of the checkout may set it in `run`. Whoever can push a branch can
/// write that file, so the default is no.
enum class Checkout {
  no,
  yes,
  path,  ///< yes, when every value is a path that stays inside the checkout
};

/// Chapters of the reference page, in its order.
enum class OptionGroup {
  configuration,
  connection,
  scripts,
  placeholders,
  history,
  running,
  checking,
  output,
  secrets,
  job,
  fargate,
  snapshots,
};

/// One row of the one table of options: help, file keys, variables and the reference page come from
/// it.
struct Option {
  std::string_view key;  ///< as in flyway.conf, without "flyway."
  OptionType type = OptionType::text;
  std::string_view fallback;  ///< the value when nobody sets one
  OptionGroup group = OptionGroup::running;
  std::string_view help;       ///< one line, no final dot
  std::string_view variables;  ///< its own variables, the first that is set wins: "A B C"
  std::string_view choices;    ///< "always never auto" when nothing else is allowed
  Place place = Place::anywhere;
  Checkout checkout = Checkout::no;
  Standing standing = Standing::live;
  std::string_view note;  ///< see Standing
};

/// All rows, in the order of the reference page.
[[nodiscard]] std::span<const Option> options() noexcept;

/// The row of a key ("url", "placeholders.x", "postgresql.transactional.lock"); null if there is
/// none. Letters count: "Table" is no option.
[[nodiscard]] const Option* find_option(std::string_view key) noexcept;

/// The key for a variable's name after FLYWAY_ or DUNLIN_ ("OUT_OF_ORDER" gives "outOfOrder",
/// "PLACEHOLDERS_MY_NAME" gives "placeholders.my_name"); nothing if no option has that variable.
[[nodiscard]] std::optional<std::string> key_of_variable(std::string_view name);

/// "OUT_OF_ORDER" for "outOfOrder", "POSTGRESQL_TRANSACTIONAL_LOCK" for
/// "postgresql.transactional.lock".
[[nodiscard]] std::string variable_name(std::string_view key);

/// The option whose name with dashes this is: "out-of-order" gives "outOfOrder"; what has no dash
/// stays as it is.
[[nodiscard]] std::string key_of_dashes(std::string_view name);

/// Keys that look like this one, the nearest first; for "did you mean".
[[nodiscard]] std::vector<std::string> near_options(std::string_view key);

/// True for groups that Flyway has nothing like: their options have variables of their own instead
/// of FLYWAY_..., and tidy lists.
[[nodiscard]] bool is_own(OptionGroup group) noexcept;
/// The heading of a chapter: "Connection".
[[nodiscard]] std::string_view heading(OptionGroup group) noexcept;
/// How the reference names a type: "true or false".
[[nodiscard]] std::string_view name_of(OptionType type) noexcept;

}  // namespace dunlin
