#include "database/sqlite/history.hpp"

#include "base/text.hpp"

#include <charconv>
#include <limits>
#include <optional>
#include <utility>

namespace dunlin::sqlite {
namespace {

// Flyway's columns; %s is the qualified table. SQLite stores the text from the table's own name on,
// so that a person sees the same DDL whoever made the table. IF NOT EXISTS leaves no trace there
// either: two programs that make it at once both succeed.
constexpr std::string_view kColumns = R"((
    "installed_rank" INT NOT NULL PRIMARY KEY,
    "version" VARCHAR(50),
    "description" VARCHAR(200) NOT NULL,
    "type" VARCHAR(20) NOT NULL,
    "script" VARCHAR(1000) NOT NULL,
    "checksum" INT,
    "installed_by" VARCHAR(100) NOT NULL,
    "installed_on" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    "execution_time" INT NOT NULL,
    "success" BOOLEAN NOT NULL
))";

std::string schema_of(const HistoryTable& table) {
  return table.schema.empty() ? "main" : table.schema;
}

/// The number at the start of the text; nothing if there is none or it does not fit.
template <class Number>
std::optional<Number> number(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  Number value{};
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (problem != std::errc{}) return std::nullopt;
  return value;
}

std::optional<std::string> as_text(std::optional<std::int32_t> value) {
  if (!value) return std::nullopt;
  return std::to_string(*value);
}

bool is_true(const std::optional<std::string>& text) {
  return text && *text != "0" && !equals_ignoring_case(*text, "false");
}

/// SQLite keeps whatever was written into a column of numbers.
bool is_number(const std::optional<std::string>& text) {
  if (!text) return false;
  std::int32_t value = 0;
  const auto [end, problem] = std::from_chars(text->data(), text->data() + text->size(), value);
  return problem == std::errc{} && end == text->data() + text->size();
}

Result<HistoryRow> history_row(Row&& row) {
  if (!is_number(row[0]) || (row[5] && !is_number(row[5]))) {
    return Error{.code = ErrorCode::validation,
                 .message = fmt::format(
                     "the schema history holds a row that cannot be read: installed_rank {}, "
                     "script {}, checksum {}",
                     row[0].value_or("NULL"), row[4].value_or("NULL"), row[5].value_or("NULL")),
                 .hint = "these columns hold whole numbers of 32 bits; correct the row by hand"};
  }
  const auto text = [&row](std::size_t i) { return std::move(row[i]).value_or(""); };
  return HistoryRow{.installed_rank = number<std::int32_t>(row[0]).value_or(0),
                    .version = std::move(row[1]),
                    .description = text(2),
                    .type = text(3),
                    .script = text(4),
                    .checksum = number<std::int32_t>(row[5]),
                    .installed_by = text(6),
                    .installed_on = text(7),
                    .execution_time = number<std::int64_t>(row[8]).value_or(0),
                    .success = is_true(row[9])};
}

}  // namespace

std::string quoted_name(std::string_view name) {
  return '"' + replace_all(name, "\"", "\"\"") + '"';
}

std::string qualified(const HistoryTable& table) {
  return quoted_name(schema_of(table)) + "." + quoted_name(table.name);
}

std::vector<Query> history_ddl(const HistoryTable& table) {
  const auto index = quoted_name(schema_of(table)) + "." + quoted_name(table.name + "_s_idx");
  return {{.text = fmt::format("CREATE TABLE IF NOT EXISTS {} {}", qualified(table), kColumns)},
          {.text = fmt::format("CREATE INDEX IF NOT EXISTS {} ON {} (\"success\")", index,
                               quoted_name(table.name))}};
}

Query history_insert(const HistoryTable& table, const HistoryRow& row) {
  return {.text = fmt::format(
              R"(INSERT INTO {} ("installed_rank", "version", "description", "type", "script", )"
              R"("checksum", "installed_by", "execution_time", "success") )"
              "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
              qualified(table)),
          .parameters = {std::to_string(row.installed_rank), row.version, row.description, row.type,
                         row.script, as_text(row.checksum), row.installed_by,
                         std::to_string(row.execution_time), row.success ? "1" : "0"}};
}

Result<bool> history_exists(Connection& connection, const HistoryTable& table) {
  const auto text = fmt::format("SELECT 1 FROM {}.sqlite_master WHERE type = 'table' AND name = $1",
                                quoted_name(schema_of(table)));
  auto found = connection.run(text, {table.name});
  if (found) return !found->rows.empty();
  Error error = std::move(found).error();
  error.message =
      fmt::format("Unable to check whether table {} exists: {}", qualified(table), error.message);
  if (error.hint.empty()) {
    error.hint = "SQLite has no schemas: leave out schemas and defaultSchema, or name main";
  }
  return error;
}

Result<std::vector<HistoryRow>> history_rows(Connection& connection, const HistoryTable& table) {
  // A name in quotes that is no column is a text to SQLite, but not behind the table's.
  const auto text = fmt::format(
      R"(SELECT h."installed_rank", h."version", h."description", h."type", h."script", )"
      R"(h."checksum", h."installed_by", h."installed_on", h."execution_time", h."success" )"
      R"(FROM {} AS h ORDER BY h."installed_rank")",
      qualified(table));
  Ran ran = DUNLIN_TRY(connection.run(text));
  std::vector<HistoryRow> rows;
  rows.reserve(ran.rows.size());
  for (Row& row : ran.rows) rows.push_back(DUNLIN_TRY(history_row(std::move(row))));
  return rows;
}

Result<std::int32_t> next_rank(Connection& connection, const HistoryTable& table) {
  const auto text = fmt::format(R"(SELECT max("installed_rank") FROM {})", qualified(table));
  const Ran ran = DUNLIN_TRY(connection.run(text));
  const std::int32_t last = number<std::int32_t>(ran.rows.at(0).at(0)).value_or(0);
  if (last < std::numeric_limits<std::int32_t>::max()) return last + 1;
  return Error{.code = ErrorCode::validation,
               .message = fmt::format("table {} can take no further row: installed_rank {} is the "
                                      "highest there can be",
                                      qualified(table), last),
               .hint = "number its rows anew by hand, in their order"};
}

}  // namespace dunlin::sqlite
