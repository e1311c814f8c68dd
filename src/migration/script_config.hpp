#pragma once

#include "base/result.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace dunlin {

/// What `V1__x.sql.conf` says about the script beside it. Absent: as configured for all.
struct ScriptConfig {
  std::optional<bool> execute_in_transaction;
  std::optional<std::string> encoding;
  std::optional<bool> placeholder_replacement;
  /// An expression for should_execute(), with its placeholders replaced; absent: run it.
  std::optional<std::string> should_execute;
};

/// Reads `key=value` lines; `#` and `!` begin comments, blanks around both sides are dropped, a
/// repeated key counts as it stands last. An unknown key or a value that is neither true nor false
/// is an Error (configuration) (observed with Flyway 11, scenarios scriptconf-*).
/// @param text  UTF-8, placeholders already replaced
Result<ScriptConfig> parse_script_config(std::string_view text);

/// The truth of an expression: `true`, `false`, `A==B`, `A!=B`, joined by `&&` and `||` (which
/// binds less), with brackets. Sides are compared as text, letter by letter, blanks around them and
/// quotes off. An Error (configuration) for anything else.
Result<bool> should_execute(std::string_view expression);

}  // namespace dunlin
