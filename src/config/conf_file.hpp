#pragma once

#include "base/environment.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// One `key = value` of a .conf file.
struct ConfLine {
  std::string key;  ///< as written: "flyway.url"
  std::string value;
  int line = 0;  ///< where it begins, from 1
};

/// The settings of a .conf file, in order; a key may come twice. Every text is well formed.
/// Like Java's properties, with Flyway's twists, observed with Flyway 11.14.1:
/// - a backslash is itself, never the start of an escape: C:\dir stays;
/// - a value goes on in the next line when its line ends in a backslash (blanks may follow it) and
///   the next is neither blank nor a setting of its own ("flyway....=");
/// - trailing blanks of a value are cut.
/// @param text  UTF-8; a byte order mark and CRLF are fine
[[nodiscard]] std::vector<ConfLine> parse_conf(std::string_view text);

/// `value` with each ${NAME} replaced by that variable, or by nothing where it is not set. Names
/// are letters, digits and underscores, so that ${secret:ID} and the like stay for later.
[[nodiscard]] std::string expand_variables(std::string_view value, const Environment& environment);

/// True if expand_variables would replace something.
[[nodiscard]] bool has_variables(std::string_view value);

}  // namespace dunlin
