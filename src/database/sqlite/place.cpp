#include "database/sqlite/place.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace dunlin::sqlite {

Error at_place(Error error, const PreparedText& source, const sql::Statement& statement,
               std::optional<std::size_t> offset) {
  const auto place = statement.offset + std::min(offset.value_or(0), statement.text.size());
  const auto [line, column, excerpt] = place_of(source, place);
  error.trail.push_back(source.shown);
  error.trail.push_back(fmt::format("line {}, column {}", line, column));
  error.excerpt = excerpt;
  error.sql =
      std::make_shared<SqlFailure>(SqlFailure{.message = error.message,
                                              .located = source.located,
                                              .shown = source.shown,
                                              .line = place_of(source, statement.offset).line,
                                              .statement = std::string(statement.text)});
  return error;
}

}  // namespace dunlin::sqlite
