#include "database/sqlite/place.hpp"

#include "base/text.hpp"
#include "sql/excerpt.hpp"

#include <algorithm>

namespace dunlin::sqlite {

Error at_place(Error error, const PreparedText& source, const sql::Statement& statement,
               std::optional<std::size_t> offset) {
  const auto place = statement.offset + std::min(offset.value_or(0), statement.text.size());
  const auto [line, column] = sql::position_of(source.text, place);
  error.trail.push_back(source.shown);
  error.trail.push_back(fmt::format("line {}, column {}", line, column));
  error.excerpt = sql::excerpt(source.text, place);
  return error;
}

}  // namespace dunlin::sqlite
