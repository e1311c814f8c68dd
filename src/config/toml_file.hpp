#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// One value of a TOML file, with the tables it stands in.
struct TomlSetting {
  std::vector<std::string> path;    ///< {"flyway", "locations"}, {"environments", "dev", "url"}
  std::vector<std::string> values;  ///< one, or the items of an array
  bool is_list = false;
  int line = 0;  ///< from 1
};

/// All values of a TOML file, tables within tables included. Strings as they are; booleans and
/// whole numbers as text.
/// @param shown  the file as messages name it
/// Errors: configuration, for a syntax error or a kind of value that no option has (a date, a
/// fraction, an array within an array).
[[nodiscard]] Result<std::vector<TomlSetting>> parse_toml(std::string_view text,
                                                          std::string_view shown);

}  // namespace dunlin
