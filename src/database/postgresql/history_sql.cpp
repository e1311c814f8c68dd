#include "database/postgresql/history_sql.hpp"

#include "base/text.hpp"
#include "database/postgresql/names.hpp"

#include <array>
#include <charconv>

namespace dunlin::postgresql {
namespace {

constexpr std::string_view kWrittenColumns =
    R"("installed_rank", "version", "description", "type", "script", "checksum", )"
    R"("installed_by", "execution_time", "success")";

std::optional<std::string> text_of(const std::optional<std::int32_t>& number) {
  return number ? std::optional(std::to_string(*number)) : std::nullopt;
}

/// Milliseconds since the start; operators are qualified since a script may have hidden them.
std::string_view elapsed(Started started) {
  return started == Started::noted
             ? "((pg_catalog.date_part('epoch', pg_catalog.clock_timestamp())"
               " OPERATOR(pg_catalog.-)"
               " pg_catalog.current_setting('dunlin.started')::pg_catalog.float8)"
               " OPERATOR(pg_catalog.*) 1000::pg_catalog.float8)::pg_catalog.int4"
             : "(pg_catalog.date_part('epoch', pg_catalog.clock_timestamp()"
               " OPERATOR(pg_catalog.-) pg_catalog.transaction_timestamp())"
               " OPERATOR(pg_catalog.*) 1000::pg_catalog.float8)::pg_catalog.int4";
}

template <class Number>
bool parse_number(const std::string& text, Number& number) {
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  return problem == std::errc{} && end == text.data() + text.size();
}

Result<HistoryRow> parse_row(Row cells) {
  const auto text = [&](std::size_t column) { return std::move(cells[column]).value_or(""); };
  HistoryRow row{.version = std::move(cells[1]),
                 .description = text(2),
                 .type = text(3),
                 .script = text(4),
                 .installed_by = text(6),
                 .installed_on = text(7),
                 .success = text(9) == "t"};
  std::int32_t checksum = 0;
  const bool rank_is_good = cells[0] && parse_number(*cells[0], row.installed_rank);
  const bool checksum_is_good = !cells[5] || parse_number(*cells[5], checksum);
  const bool time_is_good = !cells[8] || parse_number(*cells[8], row.execution_time);
  if (!rank_is_good || !checksum_is_good || !time_is_good) {
    return Error{.code = ErrorCode::validation,
                 .message = fmt::format(
                     "the schema history holds a row that cannot be read: installed_rank {}, "
                     "script {}, checksum {}, execution_time {}",
                     cells[0].value_or("NULL"), row.script, cells[5].value_or("NULL"),
                     cells[8].value_or("NULL")),
                 .hint = "these three columns hold whole numbers; correct the row by hand"};
  }
  if (cells[5]) row.checksum = checksum;
  return row;
}

}  // namespace

Query history_exists(const HistoryTable& table) {
  return {.text =
              "SELECT EXISTS (SELECT 1 FROM pg_catalog.pg_class c"
              " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
              " WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p'))",
          .parameters = {table.schema, table.name}};
}

std::vector<Query> history_ddl(const HistoryTable& table) {
  const std::string name = qualified(table);
  const std::string tablespace =
      table.tablespace.empty() ? "" : " TABLESPACE " + quoted_name(table.tablespace);
  std::vector<Query> queries;
  queries.push_back({.text = fmt::format(R"(CREATE TABLE {} (
    "installed_rank" INT NOT NULL,
    "version" VARCHAR(50),
    "description" VARCHAR(200) NOT NULL,
    "type" VARCHAR(20) NOT NULL,
    "script" VARCHAR(1000) NOT NULL,
    "checksum" INTEGER,
    "installed_by" VARCHAR(100) NOT NULL,
    "installed_on" TIMESTAMP NOT NULL DEFAULT now(),
    "execution_time" INTEGER NOT NULL,
    "success" BOOLEAN NOT NULL
){})",
                                         name, tablespace)});
  queries.push_back(
      {.text = fmt::format(R"(ALTER TABLE {} ADD CONSTRAINT {} PRIMARY KEY ("installed_rank"))",
                           name, quoted_name(table.name + "_pk"))});
  queries.push_back({.text = fmt::format(R"(CREATE INDEX {} ON {} ("success"))",
                                         quoted_name(table.name + "_s_idx"), name)});
  return queries;
}

Query history_rows(const HistoryTable& table) {
  return {.text = fmt::format(
              R"(SELECT "installed_rank", "version", "description", "type", "script", "checksum", )"
              R"("installed_by", pg_catalog.to_char("installed_on", 'YYYY-MM-DD HH24:MI:SS.US'), )"
              R"("execution_time", "success" FROM {} ORDER BY "installed_rank")",
              qualified(table))};
}

Result<std::vector<HistoryRow>> parse_history(Rows rows) {
  std::vector<HistoryRow> history;
  history.reserve(rows.size());
  for (Row& cells : rows) history.push_back(DUNLIN_TRY(parse_row(std::move(cells))));
  return history;
}

Query history_insert(const HistoryTable& table, const HistoryRow& row) {
  return {.text = fmt::format("INSERT INTO {} ({}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                              qualified(table), kWrittenColumns),
          .parameters = {std::to_string(row.installed_rank), row.version, row.description, row.type,
                         row.script, text_of(row.checksum), row.installed_by,
                         std::to_string(row.execution_time), row.success ? "t" : "f"}};
}

Query history_append(const HistoryTable& table, const HistoryRow& row, Started started) {
  const std::string name = qualified(table);
  Query query{.parameters = {row.version, row.description, row.type, row.script,
                             text_of(row.checksum), row.success ? "t" : "f"}};
  const auto parameter = [&](std::string value) {
    query.parameters.emplace_back(std::move(value));
    return fmt::format("${}", query.parameters.size());
  };
  const std::string rank =
      row.installed_rank > 0
          ? parameter(std::to_string(row.installed_rank))
          : fmt::format(R"((SELECT COALESCE(pg_catalog.max("installed_rank"), 0))"
                        R"( OPERATOR(pg_catalog.+) 1 FROM {}))",
                        name);
  const std::string user = row.installed_by.empty() ? "current_user" : parameter(row.installed_by);
  const std::string time = started == Started::by_client
                               ? parameter(std::to_string(row.execution_time))
                               : std::string(elapsed(started));
  query.text = fmt::format(R"(INSERT INTO {} ({}) VALUES ({}, $1, $2, $3, $4, $5, {}, {}, $6))"
                           R"( RETURNING "execution_time", "installed_rank")",
                           name, kWrittenColumns, rank, user, time);
  return query;
}

Query history_settle(const HistoryTable& table, const HistoryRow& row) {
  return {.text = fmt::format(R"(UPDATE {} SET "success" = $1, "execution_time" = $2)"
                              R"( WHERE "installed_rank" OPERATOR(pg_catalog.=) $3)"
                              R"( AND "script" OPERATOR(pg_catalog.=) $4 AND NOT "success")",
                              qualified(table)),
          .parameters = {row.success ? "t" : "f", std::to_string(row.execution_time),
                         std::to_string(row.installed_rank), row.script}};
}

std::string_view start_mark() {
  return "SELECT pg_catalog.set_config('dunlin.started',"
         " pg_catalog.date_part('epoch', pg_catalog.clock_timestamp())::pg_catalog.text, true)";
}

}  // namespace dunlin::postgresql
