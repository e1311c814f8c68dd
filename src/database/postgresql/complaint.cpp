#include "database/postgresql/complaint.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace dunlin::postgresql {
namespace {

struct Advice {
  std::string_view sqlstate;
  std::string_view hint;
};

// What to do next where the server has no hint of its own. A prefix stands for its class.
constexpr std::array kAdvice = {
    Advice{"25001",
           "let the script run without a transaction: executeInTransaction=false in its "
           ".conf file"},
    Advice{"42501", "grant the right to the user that migrates, or connect as another one"},
    Advice{"42P01", "check the name, its schema and the search_path, or the order of the scripts"},
    Advice{"42P07", "the object is there already: made by hand, or by another script"},
    Advice{"55P03",
           "try again when the session that holds the table has ended, or raise "
           "tableLockTimeout or tableLockRetries"},
    Advice{"57014", "raise statementTimeout if the statement needs more time"},
    Advice{"40P01", "run the same command again"},
    Advice{"53100", "make room on the server's disk"},
    Advice{"23", "correct the data that is in the way, or the script"},
};

std::string hint_for(const ServerMessage& message) {
  if (!message.hint.empty()) return message.hint;
  const auto* const advice = std::ranges::find_if(
      kAdvice, [&](const Advice& row) { return message.sqlstate.starts_with(row.sqlstate); });
  return advice != kAdvice.end() ? std::string(advice->hint) : "";
}

ErrorCode code_for(const ServerMessage& message) {
  return message.sqlstate == "55P03" ? ErrorCode::table_lock_timeout : ErrorCode::sql_failed;
}

std::string one_line(std::string_view text) { return replace_all(trim(text), "\n", " "); }

/// Detail and context, a line each, without a final line end.
std::string more(const ServerMessage& message) {
  std::vector<std::string> lines;
  if (!message.detail.empty()) lines.push_back("detail: " + message.detail);
  if (!message.context.empty()) lines.push_back("where: " + message.context);
  return join(lines, "\n");
}

/// Bytes before the `position`th character (from 1) of UTF-8 text.
std::size_t bytes_before(std::string_view text, std::size_t position) {
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U) ++characters;
    if (characters == position) return at;
  }
  return text.size();
}

/// Of COPY's data, the line that the context names ("COPY a, line 3, column i: ..."), from 1; 0 if
/// there is none, or in another language.
std::size_t line_of_data(std::string_view context) {
  constexpr std::string_view kLine = ", line ";
  const auto at = context.find(kLine);
  if (!context.starts_with("COPY ") || at == std::string_view::npos) return 0;
  std::size_t number = 0;
  const auto digits = context.substr(at + kLine.size());
  std::from_chars(digits.data(), digits.data() + digits.size(), number);
  return number;
}

/// Where in the prepared text the server found the fault.
std::size_t fault_in(const sql::Statement& statement, const ServerMessage& message) {
  const std::size_t line = statement.data.empty() ? 0 : line_of_data(message.context);
  if (line == 0) {
    return statement.offset +
           (message.position > 0 ? bytes_before(statement.text, message.position) : 0);
  }
  std::size_t at = 0;
  for (std::size_t i = 1; i < line && at < statement.data.size(); ++i) {
    at = std::min(statement.data.find('\n', at), statement.data.size() - 1) + 1;
  }
  // both are views of one text, the data behind the statement
  return statement.offset +
         static_cast<std::size_t>(statement.data.data() - statement.text.data()) + at;
}

}  // namespace

Error complaint(const ServerMessage& message) {
  return {.code = code_for(message),
          .message = one_line(message.message),
          .hint = hint_for(message),
          .sqlstate = message.sqlstate,
          .excerpt = more(message)};
}

Error complaint(const ServerMessage& message, const PreparedText& source,
                const sql::Statement& statement) {
  auto error = complaint(message);
  const auto place = place_of(source, fault_in(statement, message));
  error.trail = {source.shown, fmt::format("line {}, column {}", place.line, place.column)};
  error.excerpt = place.excerpt + (error.excerpt.empty() ? "" : "\n" + error.excerpt);
  error.sql =
      std::make_shared<SqlFailure>(SqlFailure{.message = message.message,
                                              .detail = message.detail,
                                              .hint = message.hint,
                                              .where = message.context,
                                              .position = message.position,
                                              .located = source.located,
                                              .shown = source.shown,
                                              .line = place_of(source, statement.offset).line,
                                              .statement = std::string(statement.text)});
  return error;
}

}  // namespace dunlin::postgresql
