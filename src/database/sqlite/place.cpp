#include "database/sqlite/place.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <string>
#include <string_view>

namespace dunlin::sqlite {
namespace {

std::string line_with_caret(std::string_view text, std::size_t place) {
  const auto before = text.substr(0, place).rfind('\n');
  const auto start = before == std::string_view::npos ? 0 : before + 1;
  const auto line = text.substr(start, text.find('\n', start) - start);
  std::string pad(text.substr(start, place - start));
  std::ranges::replace_if(pad, [](char c) { return c != '\t'; }, ' ');
  return std::string(line) + "\n" + pad + "^";
}

}  // namespace

Error at_place(Error error, const PreparedText& source, const sql::Statement& statement,
               std::optional<std::size_t> offset) {
  const auto inside = std::min(offset.value_or(0), statement.text.size());
  const auto before = statement.text.substr(0, inside);
  const auto lines = std::ranges::count(before, '\n');
  const auto last_break = before.rfind('\n');
  const auto column =
      last_break == std::string_view::npos ? statement.column + inside : inside - last_break;
  error.trail.push_back(source.shown);
  error.trail.push_back(fmt::format("line {}, column {}", statement.line + lines, column));
  error.excerpt = line_with_caret(source.text, statement.offset + inside);
  return error;
}

}  // namespace dunlin::sqlite
