#include "database/postgresql/complaint.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

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
  const std::size_t within =
      message.position > 0 ? bytes_before(statement.text, message.position) : 0;
  const auto offset = statement.offset + within;
  const auto place = place_of(source, offset);
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
