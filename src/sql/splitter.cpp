#include "sql/splitter.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <utility>

// A statement ends at a semicolon, but for three kinds of bodies that hold semicolons of their own:
// CREATE FUNCTION ... BEGIN ATOMIC ... END (PostgreSQL), CREATE TRIGGER ... BEGIN ... END (SQLite)
// and the bracketed actions of CREATE RULE. The first two end at an END right behind a semicolon
// (or behind ATOMIC, for an empty body): by the grammars every statement in them ends in one, while
// the END of a CASE, or `select 1 end`, never follows one. So nothing has to be counted.
namespace dunlin::sql {
namespace {

constexpr auto npos = std::string_view::npos;

bool is_word(const Token& token, std::string_view word) noexcept {
  return token.kind == TokenKind::word && equals_ignoring_case(token.text, word);
}

bool is_open(TokenKind kind) noexcept {
  return kind == TokenKind::open_string || kind == TokenKind::open_name ||
         kind == TokenKind::open_dollar_quote || kind == TokenKind::open_comment;
}

/// The command's name: `\connect`, `\.`, or the backslash alone.
std::string_view psql_command(std::string_view from_backslash) noexcept {
  const auto end = from_backslash.find_first_of(" \t\r\n;", 1);
  constexpr std::size_t kLongest = 30;
  return from_backslash.substr(0, std::min({end, from_backslash.size(), kLongest}));
}

/// The dollar quote's opening mark, `$tag$`.
std::string_view dollar_mark(std::string_view from_dollar) noexcept {
  return from_dollar.substr(0, from_dollar.find('$', 1) + 1);
}

}  // namespace

/// One statement while it is read.
struct Splitter::Reading {
  std::optional<Token> first;
  Token last;  ///< so far
  Opening opening;
  std::size_t depth = 0;  ///< of brackets
  bool in_body = false;
  std::size_t body_begin = 0;  ///< of the word that opens the body, ATOMIC or BEGIN
  bool unlocks_all = false;
};

Splitter::Splitter(std::string_view text, Dialect dialect, SplitOptions options)
    : text_(text),
      dialect_(dialect),
      options_(std::move(options)),
      lexer_(text, dialect),
      cursor_(options_.map != nullptr ? options_.original : text) {
  lexer_.set_standard_strings(options_.standard_strings);
}

Result<std::optional<Statement>> Splitter::next() {
  Reading reading;
  while (true) {
    const Token token = lexer_.next();
    if (token.kind == TokenKind::end || is_open(token.kind)) return at_end(reading, token);
    if (token.kind == TokenKind::backslash && dialect_ == Dialect::postgresql) return no_sql(token);
    const bool semicolon = token.kind == TokenKind::semicolon;
    if (semicolon && !reading.first) continue;  // an empty statement
    if (semicolon && !is_inside(reading)) return std::optional(DUNLIN_TRY(finish(reading)));
    take(reading, token);
  }
}

/// The text has ended: at its end, or in the middle of something.
Result<std::optional<Statement>> Splitter::at_end(const Reading& reading, const Token& token) {
  if (token.kind == TokenKind::open_comment && !reading.first) {
    warn_of_open_comment(token);
    return std::optional<Statement>();
  }
  if (token.kind != TokenKind::end) return never_closed(token);
  if (!reading.first) return std::optional<Statement>();
  if (reading.in_body) return body_without_end(reading.body_begin);
  return std::optional(DUNLIN_TRY(finish(reading)));
}

/// Does a semicolon here belong to the statement?
bool Splitter::is_inside(const Reading& reading) const noexcept {
  if (reading.in_body) return true;
  return reading.depth > 0 && dialect_ == Dialect::postgresql && creates_rule(reading.opening);
}

void Splitter::take(Reading& reading, const Token& token) const {
  if (token.kind == TokenKind::word) follow_body(reading, token);
  if (!reading.first) reading.first = token;
  reading.last = token;
  if (token.kind == TokenKind::open) {
    ++reading.depth;
  } else if (token.kind == TokenKind::close) {
    if (reading.depth > 0) --reading.depth;
  } else if (reading.depth == 0) {
    reading.opening.add(token);
  }
}

/// Notes where a body begins and ends.
void Splitter::follow_body(Reading& reading, const Token& word) const {
  if (is_word(word, "PG_ADVISORY_UNLOCK_ALL")) reading.unlocks_all = true;
  if (reading.in_body) {
    const bool empty = reading.last.offset == reading.body_begin;
    const bool behind_statement = reading.last.kind == TokenKind::semicolon;
    if (is_word(word, "END") && (behind_statement || empty)) reading.in_body = false;
    return;
  }
  const bool begins = dialect_ == Dialect::postgresql
                          ? reading.depth == 0 && is_word(word, "ATOMIC") &&
                                is_word(reading.last, "BEGIN") && creates_routine(reading.opening)
                          : is_word(word, "BEGIN") && creates_trigger(reading.opening);
  if (!begins) return;
  reading.in_body = true;
  reading.body_begin = word.offset;
}

/// The lexer stands behind the statement's semicolon, or at the end of the text.
Result<Statement> Splitter::finish(const Reading& reading) {
  Statement statement;
  statement.offset = reading.first->offset;
  statement.text = text_.substr(statement.offset,
                                reading.last.offset + reading.last.text.size() - statement.offset);
  const Position position = cursor_.move_to(original_offset(statement.offset));
  statement.line = position.line;
  statement.column = position.column;
  if (const auto nul = statement.text.find('\0'); nul != npos) {
    return unreadable(statement.offset + nul, "a NUL byte", "take it out: no database reads it");
  }

  const bool postgresql = dialect_ == Dialect::postgresql;
  statement.kind = postgresql ? postgresql_kind(reading.opening) : sqlite_kind(reading.opening);
  statement.transactional = is_transactional(reading.opening, dialect_, options_.server_version,
                                             options_.non_transactional) &&
                            !matches_pattern(statement.text);
  if (statement.kind == StatementKind::plain) {
    if (postgresql && reading.unlocks_all) {
      statement.kind = StatementKind::drops_locks;
    } else if (!statement.transactional) {
      statement.kind = StatementKind::non_transactional;
    }
  }
  if (postgresql) follow_settings(reading.opening);
  if (statement.kind == StatementKind::copy_from_stdin) {
    statement.data = DUNLIN_TRY(copy_data(statement, lexer_.offset()));
  }
  return statement;
}

/// Data begin on the line below the statement and end above a line with \. alone; blanks around the
/// mark do not matter, as with Flyway.
Result<std::string_view> Splitter::copy_data(const Statement& copy, std::size_t begin) {
  const auto no_end = [&](std::string_view what) {
    return unreadable(copy.offset, fmt::format("COPY ... FROM STDIN {}", what),
                      "write the data on the lines below it, and behind them \\. on a line of its "
                      "own");
  };
  const std::size_t line_end = text_.find_first_of("\r\n", begin);
  if (line_end == npos) return no_end("without data");
  const std::string_view same_line = trim(text_.substr(begin, line_end - begin));
  if (!same_line.empty() && !same_line.starts_with("--")) {
    return unreadable(begin, "text behind COPY ... FROM STDIN on the same line",
                      "data begin on the next line");
  }
  // lone CRs end lines only where the statement's own line ends so
  const bool crlf = text_.substr(line_end).starts_with("\r\n");
  const char separator = text_[line_end] == '\r' && !crlf ? '\r' : '\n';
  const std::size_t data = line_end + (crlf ? 2 : 1);
  for (std::size_t at = data; at < text_.size();) {
    const std::size_t end = std::min(text_.find(separator, at), text_.size());
    if (trim(text_.substr(at, end - at)) == "\\.") {
      lexer_.move_to(std::min(end + 1, text_.size()));
      return text_.substr(data, at - data);
    }
    at = end + 1;
  }
  return no_end("whose data never end");
}

void Splitter::follow_settings(const Opening& opening) {
  const StringsSetting setting = strings_setting(opening);
  if (setting == StringsSetting::unchanged) return;
  const bool initial = setting == StringsSetting::initial;
  lexer_.set_standard_strings(initial ? options_.standard_strings : setting == StringsSetting::on);
}

bool Splitter::matches_pattern(std::string_view statement) const {
  if (options_.patterns.empty()) return false;
  constexpr std::size_t kLongest = 1000;
  Lexer lexer(statement, dialect_);
  std::string squeezed;
  std::size_t end = 0;
  for (Token token = lexer.next(); token.kind != TokenKind::end && squeezed.size() < kLongest;
       token = lexer.next()) {
    if (token.offset > end) squeezed += ' ';
    squeezed += token.text.substr(0, kLongest);
    end = token.offset + token.text.size();
  }
  squeezed.resize(std::min(squeezed.size(), kLongest));
  return std::ranges::any_of(options_.patterns, [&squeezed](const StatementPattern& pattern) {
    return pattern.matches(squeezed);
  });
}

// --- what went wrong, and where ---

std::size_t Splitter::original_offset(std::size_t offset) const noexcept {
  return options_.map != nullptr ? options_.map->original(offset) : offset;
}

std::string Splitter::place(std::size_t offset) const {
  const auto text = options_.map != nullptr ? options_.original : text_;
  const Position position = position_of(text, original_offset(offset));
  return fmt::format("line {}, column {}", position.line, position.column);
}

Error Splitter::unreadable(std::size_t offset, std::string message, std::string hint) const {
  const auto text = options_.map != nullptr ? options_.original : text_;
  return Error{.code = ErrorCode::script_unreadable,
               .message = fmt::format("{} at {}", message, place(offset)),
               .hint = std::move(hint),
               // what PostgreSQL itself would answer: syntax_error
               .sqlstate = dialect_ == Dialect::postgresql ? "42601" : "",
               .excerpt = excerpt(text, original_offset(offset))};
}

Error Splitter::never_closed(const Token& token) const {
  switch (token.kind) {
    case TokenKind::open_name:
      return unreadable(token.offset, "a quoted name that never ends begins",
                        "close it, or double the quote if it belongs to the name");
    case TokenKind::open_dollar_quote:
      return unreadable(token.offset, "a dollar quote that never ends begins",
                        fmt::format("close it with {}", dollar_mark(token.text)));
    case TokenKind::open_comment:
      return unreadable(token.offset, "a comment that never ends begins",
                        "close it with */; comments nest, so each /* needs its own");
    default:
      return unreadable(token.offset, "a string that never ends begins",
                        "close it, or double the quote if it belongs to the string");
  }
}

Error Splitter::no_sql(const Token& backslash) const {
  const std::string_view command = psql_command(text_.substr(backslash.offset));
  if (command == "\\.") {
    return unreadable(backslash.offset, "\\. with no COPY ... FROM STDIN before it",
                      "take it out, or put the COPY statement before its data");
  }
  if (command.size() == 1) {
    return unreadable(backslash.offset, "a backslash outside of quotes",
                      "a string with backslash escapes is written E'...'");
  }
  return unreadable(backslash.offset,
                    fmt::format("{} is a command of psql and no SQL, used", command),
                    "take it out, or say it in SQL");
}

Error Splitter::body_without_end(std::size_t begin) const {
  return unreadable(begin, "a body that never ends begins",
                    "end its last statement with a semicolon, and then the body with END;");
}

/// Nothing of it is lost but the comment: PostgreSQL would complain, Flyway drops it without a word
/// (observed with Flyway 11, scenario parse-comment-unclosed), so the script still runs.
void Splitter::warn_of_open_comment(const Token& token) {
  warnings_.push_back(
      {.message = fmt::format("a comment that begins at {} never ends: what follows is not run",
                              place(token.offset)),
       .hint = "close it with */; comments nest, so each /* needs its own"});
}

Result<std::vector<Statement>> split(std::string_view text, Dialect dialect,
                                     const SplitOptions& options, std::vector<Warning>* warnings) {
  Splitter splitter(text, dialect, options);
  std::vector<Statement> statements;
  while (auto statement = DUNLIN_TRY(splitter.next())) statements.push_back(*statement);
  if (warnings != nullptr) {
    warnings->insert(warnings->end(), splitter.warnings().begin(), splitter.warnings().end());
  }
  return statements;
}

}  // namespace dunlin::sql
