#include "sql/splitter.hpp"

#include "fuzz.hpp"

using dunlin::fuzz::require;
using namespace dunlin::sql;

namespace {

// What was cut out is one statement again, and the same, unless a setting before it told how to
// read it or its data stood behind it; or it begins with what is a letter there and a byte order
// mark at the start of a text.
void check_again(const Statement& statement, Dialect dialect) {
  if (statement.text.starts_with("\xEF\xBB\xBF")) return;
  const auto again = split(statement.text, dialect);
  require(again.has_value() && again->size() == 1 && again->front().text == statement.text);
  require(again->front().kind == statement.kind);
}

void check(std::string_view text, Dialect dialect) {
  SplitOptions options;
  options.non_transactional = NonTransactional::all;
  const auto pattern = StatementPattern::parse("^call\\b");
  if (pattern) options.patterns.push_back(*pattern);
  Splitter splitter(text, dialect, options);
  std::size_t end = 0;
  bool settings = false;
  while (true) {
    const auto next = splitter.next();
    if (!next) {
      require(!next.error().message.empty() && !next.error().excerpt.empty());
      return;
    }
    if (!*next) return;
    const Statement& statement = **next;
    require(!statement.text.empty() && statement.offset >= end);
    require(text.substr(statement.offset, statement.text.size()) == statement.text);
    require(position_of(text, statement.offset) == Position{statement.line, statement.column});
    end = statement.offset + statement.text.size();
    const bool copy = statement.kind == StatementKind::copy_from_stdin;
    if (!copy && !settings && statement.kind != StatementKind::non_transactional) {
      check_again(statement, dialect);
    }
    Lexer lexer(statement.text, dialect);
    settings = settings || lexer.next().text.size() == 3;  // SET
  }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = dunlin::fuzz::text(data, size);
  check(text, Dialect::postgresql);
  check(text, Dialect::sqlite);
  return 0;
}
