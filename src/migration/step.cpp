#include "migration/step.hpp"

#include "sql/excerpt.hpp"

namespace dunlin {

SourcePlace place_of(const PreparedText& text, std::size_t offset) {
  const bool replaced = !text.map.empty();
  const std::string& file = replaced ? text.original : text.text;
  const std::size_t at = replaced ? text.map.original(offset) : offset;
  const sql::Position position = sql::position_of(file, at);
  return {.line = position.line, .column = position.column, .excerpt = sql::excerpt(file, at)};
}

}  // namespace dunlin
