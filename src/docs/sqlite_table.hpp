#pragma once

#include "docs/model.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin::docs {

/// What SQLite tells of a table nowhere but in its CREATE TABLE.
struct TableText {
  std::vector<Part> checks;                                   ///< "(weight > 0)"
  std::map<std::string, std::string, std::less<>> generated;  ///< column -> "(a + b) STORED"
};

/// @param create  as sqlite_master has it, so it is valid SQL
[[nodiscard]] TableText read_create_table(std::string_view create);

/// The statement from its first parenthesis on, in which no name and no comment stands: the columns
/// of CREATE INDEX, and its WHERE.
[[nodiscard]] std::string from_parenthesis(std::string_view create);

}  // namespace dunlin::docs
