#pragma once

#include "sql/dialect.hpp"

#include <string>
#include <string_view>

namespace dunlin::sql {

/// A statement for people to recognise, as one line without comments, every string as '...': what
/// another session runs may hold a password that nobody here knows of. The text may end anywhere.
[[nodiscard]] std::string without_literals(std::string_view statement, Dialect dialect);

}  // namespace dunlin::sql
