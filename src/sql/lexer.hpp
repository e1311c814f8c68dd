#pragma once

#include "sql/dialect.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace dunlin::sql {

enum class TokenKind : std::uint8_t {
  end,     ///< of the text; empty
  word,    ///< keyword or plain name
  name,    ///< quoted name
  string,  ///< any kind of string, prefix letter and continued lines included
  number,  ///< number or parameter
  semicolon,
  open,       ///< (
  close,      ///< )
  backslash,  ///< outside of quotes: PostgreSQL has no use for it
  symbol,     ///< any other single character
  // what the text ends in the middle of; the token begins at the opening mark
  open_string,
  open_name,
  open_dollar_quote,
  open_comment,
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;
  std::size_t offset = 0;  ///< in bytes
};

/// Cuts SQL into tokens, leaving out blanks and comments. Knows quoting and nothing of grammar, so
/// it never fails: what is not closed is a token of its own kind. Linear in the text.
/// PostgreSQL's rules are those of its manual, chapter 4.1 "Lexical Structure", and of scan.l where
/// that is silent (continued E strings); SQLite's of https://www.sqlite.org/lang_keywords.html and
/// tokenize.c (names in back-ticks and square brackets; comments do not nest, and may stay open).
class Lexer {
 public:
  Lexer(std::string_view text, Dialect dialect) noexcept : text_(text), dialect_(dialect) {}

  Token next() noexcept;

  /// PostgreSQL's standard_conforming_strings: when false, a backslash escapes in plain strings.
  void set_standard_strings(bool standard) noexcept { standard_strings_ = standard; }
  /// Goes on at `offset`, for what is no SQL: the data of COPY.
  void move_to(std::size_t offset) noexcept { at_ = offset; }
  [[nodiscard]] std::size_t offset() const noexcept { return at_; }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const noexcept;
  [[nodiscard]] Token token(TokenKind kind, std::size_t begin) const noexcept;
  [[nodiscard]] bool is_postgresql() const noexcept { return dialect_ == Dialect::postgresql; }

  bool skip_blanks() noexcept;
  void skip_line_comment() noexcept;
  bool skip_block_comment() noexcept;
  Token word_or_prefixed_string() noexcept;
  Token number() noexcept;
  Token dollar() noexcept;
  Token quoted(char quote, TokenKind closed, TokenKind open) noexcept;
  Token plain_string(std::size_t begin) noexcept;
  Token escaped_string(std::size_t begin) noexcept;
  Token bracketed_name() noexcept;
  bool skip_string_continuation() noexcept;

  std::string_view text_;
  Dialect dialect_;
  std::size_t at_ = 0;
  bool standard_strings_ = true;
};

}  // namespace dunlin::sql
