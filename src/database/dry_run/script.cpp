#include "database/dry_run/script.hpp"

#include "base/text.hpp"
#include "base/version_of_dunlin.hpp"
#include "database/history_changes.hpp"
#include "database/postgresql/names.hpp"

#include <algorithm>
#include <charconv>

namespace dunlin {
namespace {

using sql::StatementKind;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

std::string literal(const std::optional<std::string>& value, sql::Dialect dialect) {
  if (!value) return "NULL";
  const std::string doubled = replace_all(*value, "'", "''");
  // Right whatever standard_conforming_strings is.
  const bool escaped = dialect == sql::Dialect::postgresql && value->contains('\\');
  return escaped ? fmt::format("E'{}'", replace_all(doubled, "\\", "\\\\"))
                 : fmt::format("'{}'", doubled);
}

/// The end of the quoted span that begins at `at`; doubled quotes inside begin another span at
/// once.
std::size_t after_quotes(std::string_view text, std::size_t at) {
  const auto end = text.find(text[at], at + 1);
  return end == std::string_view::npos ? text.size() : end + 1;
}

bool holds(const Step& step, StatementKind kind) {
  return std::ranges::any_of(step.parts, [&](const Part& part) {
    const auto statements = std::span(part.source->statements).subspan(part.first, part.count);
    return std::ranges::count(statements, kind, &sql::Statement::kind) > 0;
  });
}

/// What ends a statement: on a line of its own when a comment would swallow it.
std::string_view terminator(std::string_view statement) {
  const std::string_view last = statement.substr(statement.rfind('\n') + 1);
  return last.contains("--") ? "\n;" : ";";
}

}  // namespace

std::string inlined(const Query& query, sql::Dialect dialect) {
  const std::string_view text = query.text;
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    if (text[at] == '\'' || text[at] == '"') {
      end = after_quotes(text, at);
    } else if (text[at] == '$' && end < text.size() && is_digit(text[end])) {
      std::size_t number = 0;
      const auto [stop, problem] =
          std::from_chars(text.data() + end, text.data() + text.size(), number);
      result += literal(query.parameters.at(number - 1), dialect);
      at = static_cast<std::size_t>(stop - text.data());
      continue;
    }
    result += text.substr(at, end - at);
    at = end;
  }
  return result;
}

Result<void> SqlScript::line(std::string_view text) {
  return sink_.write(fmt::format("{}\n", text));
}

Result<void> SqlScript::begin(std::string_view init_sql) {
  const Facts& facts = database_.facts();
  DUNLIN_TRY(line(fmt::format("{} {}: nothing of this has been run.", kDryRunMark, kVersion)));
  DUNLIN_TRY(line(fmt::format("-- Database: {} ({})", facts.url, facts.product)));
  if (is_postgresql()) {
    DUNLIN_TRY(line("-- To run it: psql -X -f FILE DATABASE"));
    DUNLIN_TRY(
        line("\\set ON_ERROR_STOP on\n\\set ON_ERROR_ROLLBACK off\n\\set AUTOCOMMIT on\n"
             "SET client_encoding = 'UTF8';"));
  } else {
    DUNLIN_TRY(line("-- To run it: sqlite3 DATABASE < FILE\n.bail on"));
    if (start_.foreign_keys) DUNLIN_TRY(line("PRAGMA foreign_keys = ON;"));
  }
  if (init_sql.empty()) return {};
  const std::string_view sql = trim(init_sql);
  return line(fmt::format("\n-- initSql\n{}{}", sql, sql.ends_with(';') ? "" : terminator(sql)));
}

Result<void> SqlScript::add(std::span<const Query> batch) {
  std::vector<std::string> statements;
  for (const Query& query : batch) {
    if (!query.text.empty()) statements.push_back(inlined(query, database_.dialect()) + ";");
  }
  if (statements.empty()) return {};
  DUNLIN_TRY(line(""));
  if (statements.size() > 1) DUNLIN_TRY(begin_transaction());
  for (const std::string& statement : statements) DUNLIN_TRY(line(statement));
  return statements.size() > 1 ? line("COMMIT;") : Result<void>();
}

Result<void> SqlScript::add(const Step& step, const ApplyOptions& options) {
  const bool own = step.transaction == Transaction::own;
  if (!own) DUNLIN_TRY(end_group());
  const bool from_callback = step.effect == HistoryEffect::none && !step.parts.empty();
  DUNLIN_TRY(line(
      fmt::format("\n-- {}", from_callback ? step.parts.front().source->script : step.row.script)));
  DUNLIN_TRY(settings(options.default_schema));
  const bool with_row = step.effect == HistoryEffect::insert;
  if (own && !group_is_open_) DUNLIN_TRY(begin_transaction());
  if (own && options.commit == Commit::once) group_is_open_ = true;
  // Without a transaction the row says failed until the end, so that a run that is broken off in
  // between leaves a sign.
  if (!own && with_row) DUNLIN_TRY(row(step, options, false));
  DUNLIN_TRY(parts(step));
  DUNLIN_TRY(before_row(step));
  if (own && with_row) DUNLIN_TRY(row(step, options, true));
  if (!own && with_row) {
    DUNLIN_TRY(line(inlined(succeed_row(database_.quoted(options.history), step.row.installed_rank),
                            database_.dialect()) +
                    ";"));
  }
  return own && !group_is_open_ ? line("COMMIT;") : Result<void>();
}

Result<void> SqlScript::end_group() {
  if (!std::exchange(group_is_open_, false)) return {};
  return line("COMMIT;");
}

Result<void> SqlScript::begin_transaction() {
  return line(is_postgresql() ? "BEGIN;" : "BEGIN IMMEDIATE;");
}

/// Role and search_path, before the transaction so that SET TRANSACTION can be its first statement.
Result<void> SqlScript::settings(const std::string& default_schema) {
  if (!is_postgresql()) return {};
  const std::string path = postgresql::with_default_schema(default_schema, start_.search_path);
  return line(fmt::format("{};\nSET search_path = {};", postgresql::set_role(start_.role),
                          path.empty() ? "''" : path));
}

Result<void> SqlScript::parts(const Step& step) {
  for (const Part& part : step.parts) {
    if (!part.callback.empty() && step.effect == HistoryEffect::insert) {
      DUNLIN_TRY(line(fmt::format("-- {}", part.source->script)));
    }
    for (std::size_t at = 0; at < part.count; ++at) {
      DUNLIN_TRY(statement(step, part.source->statements[part.first + at]));
    }
  }
  return {};
}

Result<void> SqlScript::statement(const Step& step, const sql::Statement& statement) {
  DUNLIN_TRY(sink_.write(statement.text));
  DUNLIN_TRY(line(terminator(statement.text)));
  if (statement.kind == StatementKind::copy_from_stdin) {
    DUNLIN_TRY(sink_.write(statement.data));
    const bool ended = statement.data.empty() || statement.data.ends_with('\n');
    DUNLIN_TRY(line(ended ? "\\." : "\n\\."));
  }
  // A script that ends its transaction itself goes on in another one.
  const bool ends = statement.kind == StatementKind::ends_transaction;
  return ends && step.transaction == Transaction::own ? begin_transaction() : Result<void>();
}

/// What a script may have changed that the history row must not see.
Result<void> SqlScript::before_row(const Step& step) {
  if (!is_postgresql()) return {};
  if (holds(step, StatementKind::changes_authorization)) {
    DUNLIN_TRY(line("RESET SESSION AUTHORIZATION;"));
  }
  if (holds(step, StatementKind::changes_transaction) && step.transaction == Transaction::own) {
    DUNLIN_TRY(line(fmt::format(
        "COMMIT;\nSET default_transaction_read_only = {};\nBEGIN READ WRITE;", start_.read_only)));
  }
  return line(fmt::format("{};", postgresql::set_role(start_.role)));
}

Result<void> SqlScript::row(const Step& step, const ApplyOptions& options, bool success) {
  HistoryRow row = step.row;
  row.success = success;
  return line(inlined(database_.insert_row(options.history, row), database_.dialect()) + ";");
}

}  // namespace dunlin
