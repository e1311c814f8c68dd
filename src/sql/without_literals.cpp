#include "sql/without_literals.hpp"

#include "sql/lexer.hpp"

namespace dunlin::sql {
namespace {

std::string_view shown(const Token& token) {
  switch (token.kind) {
    case TokenKind::string:
    case TokenKind::open_string:
    case TokenKind::open_dollar_quote:
      return "'...'";
    case TokenKind::open_comment:
      return {};
    default:
      return token.text;
  }
}

}  // namespace

std::string without_literals(std::string_view statement, Dialect dialect) {
  Lexer lexer(statement, dialect);
  std::string result;
  std::size_t end_of_last = 0;
  for (Token token = lexer.next(); token.kind != TokenKind::end; token = lexer.next()) {
    const bool apart = token.offset > end_of_last && !result.empty();
    if (apart) result += ' ';
    result += shown(token);
    end_of_last = token.offset + token.text.size();
  }
  return result;
}

}  // namespace dunlin::sql
