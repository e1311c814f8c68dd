#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace dunlin {

/// A value of a TOML file.
struct Toml {
  enum class Kind { table, array, text, boolean, integer, fraction, time };
  Kind kind = Kind::table;
  std::string text;         ///< of what is neither table nor array: "true", "-5"; empty for a time
  std::vector<Toml> items;  ///< of a table or an array
  std::vector<std::string> keys;  ///< of a table, sorted: keys[i] is the name of items[i]
  int line = 0;                   ///< where it stands, from 1
};

/// What is wrong with a file that is no TOML. `what` may quote it.
struct TomlFault {
  std::size_t line = 0, column = 0;  ///< from 1; 0 where that is not known
  std::string what;
};

/// A whole TOML file, a byte order mark at its start or not; bytes that are no UTF-8 are kept as
/// they are. Nothing that stands in it can bring
/// the program down: keys of more than 16 parts and values nested deeper than 256 are faults.
[[nodiscard]] std::variant<Toml, TomlFault> read_toml(std::string_view text);

}  // namespace dunlin
