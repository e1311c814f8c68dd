#pragma once

#include "base/result.hpp"
#include "sql/classify.hpp"
#include "sql/dialect.hpp"
#include "sql/excerpt.hpp"
#include "sql/lexer.hpp"
#include "sql/placeholders.hpp"
#include "sql/statement.hpp"
#include "sql/statement_pattern.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin::sql {

struct SplitOptions {
  int server_version = 0;        ///< as libpq gives it, such as 150020; 0 means the newest
  bool standard_strings = true;  ///< the session's standard_conforming_strings at the start
  NonTransactional non_transactional = NonTransactional::as_flyway;
  std::vector<StatementPattern> patterns;  ///< statements that match are not transactional either
  /// Where the text comes from: lines, columns and excerpts are then those of `original`, so that
  /// they fit the file, and no value of a placeholder gets into a message. Both or none.
  std::string_view original;
  const SourceMap* map = nullptr;
};

/// Something in a script that runs, but hardly as meant.
struct Warning {
  std::string message;  ///< with line and column; no final dot
  std::string hint;
};

/// Hands out the statements of a script one by one, without copies and in linear time; docs/sql.md
/// tells the rules. What never ends (a string, a dollar quote, a body, the data of COPY) and, on
/// PostgreSQL, a command of psql is an Error (script_unreadable) with line, column and excerpt.
class Splitter {
 public:
  /// @param text  UTF-8; it and options.original have to outlive the splitter
  Splitter(std::string_view text, Dialect dialect, SplitOptions options = {});

  /// The next statement, or nothing at the end. Not to be called again after an Error.
  Result<std::optional<Statement>> next();
  /// Complete once next() has come to the end.
  [[nodiscard]] const std::vector<Warning>& warnings() const noexcept { return warnings_; }

 private:
  struct Reading;
  void take(Reading& reading, const Token& token) const;
  void follow_body(Reading& reading, const Token& word) const;
  [[nodiscard]] bool is_inside(const Reading& reading) const noexcept;
  Result<std::optional<Statement>> at_end(const Reading& reading, const Token& token);
  [[nodiscard]] Error never_closed(const Token& token) const;
  [[nodiscard]] Error no_sql(const Token& backslash) const;
  [[nodiscard]] Error body_without_end(std::size_t begin) const;
  void warn_of_open_comment(const Token& token);
  Result<Statement> finish(const Reading& reading);
  Result<std::string_view> copy_data(const Statement& copy, std::size_t begin);
  void follow_settings(const Opening& opening);
  [[nodiscard]] bool matches_pattern(std::string_view statement) const;

  [[nodiscard]] std::size_t original_offset(std::size_t offset) const noexcept;
  [[nodiscard]] std::string place(std::size_t offset) const;
  [[nodiscard]] Error unreadable(std::size_t offset, std::string message, std::string hint) const;

  std::string_view text_;
  Dialect dialect_;
  SplitOptions options_;
  Lexer lexer_;
  PositionCursor cursor_;
  std::vector<Warning> warnings_;
};

/// All statements of a script at once; see Splitter.
/// @param warnings  if given, they are added to it
Result<std::vector<Statement>> split(std::string_view text, Dialect dialect,
                                     const SplitOptions& options = {},
                                     std::vector<Warning>* warnings = nullptr);

}  // namespace dunlin::sql
