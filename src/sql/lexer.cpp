#include "sql/lexer.hpp"

namespace dunlin::sql {
namespace {

constexpr auto npos = std::string_view::npos;

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
/// A letter, as both databases see it: every byte above ASCII is one.
bool begins_word(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}
bool continues_tag(char c) noexcept { return begins_word(c) || is_digit(c); }
bool continues_word(char c) noexcept { return continues_tag(c) || c == '$'; }

}  // namespace

char Lexer::peek(std::size_t ahead) const noexcept {
  return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
}

Token Lexer::token(TokenKind kind, std::size_t begin) const noexcept {
  return {.kind = kind, .text = text_.substr(begin, at_ - begin), .offset = begin};
}

/// False when a comment never ends; `at_` then stands at its beginning.
bool Lexer::skip_blanks() noexcept {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (at_ == 0 && text_.starts_with(kByteOrderMark)) at_ = kByteOrderMark.size();
  while (at_ < text_.size()) {
    const char c = peek();
    if (is_blank(c)) {
      ++at_;
    } else if (c == '-' && peek(1) == '-') {
      skip_line_comment();
    } else if (c != '/' || peek(1) != '*') {
      return true;
    } else if (!skip_block_comment()) {
      return false;
    }
  }
  return true;
}

void Lexer::skip_line_comment() noexcept {
  // SQLite's comments go on behind a lone CR
  const std::size_t end =
      is_postgresql() ? text_.find_first_of("\r\n", at_) : text_.find('\n', at_);
  at_ = end == npos ? text_.size() : end;
}

bool Lexer::skip_block_comment() noexcept {
  std::size_t depth = 1;
  std::size_t at = at_ + 2;
  while (depth > 0) {
    at = text_.find_first_of("*/", at);
    if (at == npos || at + 1 >= text_.size()) {
      if (is_postgresql()) return false;
      at = text_.size();  // SQLite takes the end of the text for the end of the comment
      break;
    }
    if (text_[at] == '*' && text_[at + 1] == '/') {
      --depth;
      at += 2;
    } else if (is_postgresql() && text_[at] == '/' && text_[at + 1] == '*') {
      ++depth;
      at += 2;
    } else {
      ++at;
    }
  }
  at_ = at;
  return true;
}

Token Lexer::next() noexcept {
  if (!skip_blanks()) {
    const std::size_t begin = at_;
    at_ = text_.size();
    return token(TokenKind::open_comment, begin);
  }
  if (at_ >= text_.size()) return token(TokenKind::end, at_);
  const std::size_t begin = at_;
  const char c = peek();
  if (begins_word(c)) return word_or_prefixed_string();
  if (is_digit(c)) return number();
  switch (c) {
    case '\'':
      return is_postgresql() && !standard_strings_ ? escaped_string(begin) : plain_string(begin);
    case '"':
      return quoted('"', TokenKind::name, TokenKind::open_name);
    case '$':
      return dollar();
    case '`':
      if (!is_postgresql()) return quoted('`', TokenKind::name, TokenKind::open_name);
      break;
    case '[':
      if (!is_postgresql()) return bracketed_name();
      break;
    default:
      break;
  }
  ++at_;
  switch (c) {
    case ';':
      return token(TokenKind::semicolon, begin);
    case '(':
      return token(TokenKind::open, begin);
    case ')':
      return token(TokenKind::close, begin);
    case '\\':
      return token(TokenKind::backslash, begin);
    default:
      return token(TokenKind::symbol, begin);
  }
}

/// A word; or, where it is one letter and a quote follows at once, the string that it changes.
Token Lexer::word_or_prefixed_string() noexcept {
  const std::size_t begin = at_;
  while (at_ < text_.size() && continues_word(text_[at_])) ++at_;
  if (at_ - begin != 1 || peek() != '\'' || !is_postgresql()) return token(TokenKind::word, begin);
  switch (text_[begin]) {
    case 'e':
    case 'E':
      return escaped_string(begin);
    case 'b':
    case 'B':
    case 'x':
    case 'X':
      return plain_string(begin);
    default:
      return token(TokenKind::word, begin);  // N'...' is a word and a plain string
  }
}

/// Generous: 1.5e+3, 0xFF, 1_000. Never takes the E of an E string along, as in 1e'x'.
Token Lexer::number() noexcept {
  const std::size_t begin = at_;
  while (is_digit(peek()) || peek() == '.' || peek() == '_') ++at_;
  const bool exponent =
      (peek() == 'e' || peek() == 'E') &&
      (is_digit(peek(1)) || ((peek(1) == '+' || peek(1) == '-') && is_digit(peek(2))));
  if (exponent) {
    at_ += 2;
    while (is_digit(peek())) ++at_;
  }
  return token(TokenKind::number, begin);
}

/// $1, $$...$$, $tag$...$tag$ or a lone dollar.
Token Lexer::dollar() noexcept {
  const std::size_t begin = at_++;
  if (!is_postgresql()) return token(TokenKind::symbol, begin);
  if (is_digit(peek())) {
    while (is_digit(peek())) ++at_;
    return token(TokenKind::number, begin);
  }
  std::size_t tag_end = at_;
  while (tag_end < text_.size() && continues_tag(text_[tag_end])) ++tag_end;
  if (tag_end >= text_.size() || text_[tag_end] != '$') return token(TokenKind::symbol, begin);
  const std::string_view mark = text_.substr(begin, tag_end + 1 - begin);
  const std::size_t close = text_.find(mark, tag_end + 1);
  at_ = close == npos ? text_.size() : close + mark.size();
  return token(close == npos ? TokenKind::open_dollar_quote : TokenKind::string, begin);
}

/// Up to the next `quote` that is not doubled.
Token Lexer::quoted(char quote, TokenKind closed, TokenKind open) noexcept {
  const std::size_t begin = at_++;
  while (true) {
    const std::size_t end = text_.find(quote, at_);
    if (end == npos) {
      at_ = text_.size();
      return token(open, begin);
    }
    at_ = end + 1;
    if (peek() != quote) return token(closed, begin);
    ++at_;
  }
}

/// From the quote at `at_`; the token begins at `begin`, which may stand before it.
Token Lexer::plain_string(std::size_t begin) noexcept {
  const Token from_quote = quoted('\'', TokenKind::string, TokenKind::open_string);
  return token(from_quote.kind, begin);
}

/// As plain_string, where a backslash takes the next character along; and so it does in the parts
/// that continue the string on further lines.
Token Lexer::escaped_string(std::size_t begin) noexcept {
  ++at_;
  while (true) {
    at_ = text_.find_first_of("'\\", at_);
    if (at_ == npos || (text_[at_] == '\\' && at_ + 1 >= text_.size())) {
      at_ = text_.size();
      return token(TokenKind::open_string, begin);
    }
    if (text_[at_] == '\\' || peek(1) == '\'') {
      at_ += 2;
      continue;
    }
    ++at_;
    if (!skip_string_continuation()) return token(TokenKind::string, begin);
  }
}

/// Blanks with a line end among them, line comments too, and then a quote: the string goes on. If
/// so `at_` stands behind that quote, else where it was.
bool Lexer::skip_string_continuation() noexcept {
  std::size_t at = at_;
  bool line_ended = false;
  while (at < text_.size()) {
    const bool comment = text_.substr(at).starts_with("--");
    if (comment) {
      at = text_.find_first_of("\r\n", at);
      if (at == npos) return false;
    } else if (is_blank(text_[at])) {
      line_ended = line_ended || text_[at] == '\n' || text_[at] == '\r';
      ++at;
    } else {
      break;
    }
  }
  if (!line_ended || at >= text_.size() || text_[at] != '\'') return false;
  at_ = at + 1;
  return true;
}

/// SQLite's [name]; nothing escapes in it.
Token Lexer::bracketed_name() noexcept {
  const std::size_t begin = at_;
  const std::size_t end = text_.find(']', at_);
  at_ = end == npos ? text_.size() : end + 1;
  return token(end == npos ? TokenKind::open_name : TokenKind::name, begin);
}

}  // namespace dunlin::sql
