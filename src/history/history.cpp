#include "history/history.hpp"

#include "base/text.hpp"
#include "database/history_changes.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace dunlin {
namespace {

Result<std::int32_t> rank_after(std::int32_t rank, const std::string& table) {
  if (rank < std::numeric_limits<std::int32_t>::max()) return rank + 1;
  return Error{.code = ErrorCode::validation,
               .message = fmt::format("table {} can take no further row: installed_rank {} is the "
                                      "highest there can be",
                                      table, rank),
               .hint = "number its rows anew by hand, in their order"};
}

/// The rank of the row after the last one.
Result<std::int32_t> next_rank(const std::vector<HistoryRow>& rows, const HistoryRow& row,
                               const std::string& table) {
  if (!rows.empty()) return rank_after(rows.back().installed_rank, table);
  return row.type == "SCHEMA" ? 0 : 1;
}

/// A version that is none would make a repeatable migration of its row. Words as Flyway's.
Result<void> check_versions(const std::vector<HistoryRow>& rows, const std::string& table) {
  for (const HistoryRow& row : rows) {
    if (!row.version) continue;
    auto version = Version::parse(*row.version);
    if (version) continue;
    Error error = std::move(version).error();
    error.code = ErrorCode::validation;
    error.hint = "a version looks like 1 or 2.1; correct or delete the row by hand";
    error.trail = {table, fmt::format("installed_rank {}", row.installed_rank),
                   fmt::format("script {}", row.script)};
    return error;
  }
  return {};
}

/// The highest rank that is left after `plan`: ranks of removed rows at the end are free again.
std::int32_t last_kept_rank(const std::vector<HistoryRow>& rows, const RepairPlan& plan) {
  std::int32_t last = 0;
  for (const HistoryRow& row : rows) {
    const bool removed = std::ranges::any_of(plan.removed, [&](const HistoryRow* each) {
      return each->installed_rank == row.installed_rank;
    });
    if (!removed) last = row.installed_rank;
  }
  return last;
}

/// Whoever names another table than the history should read so, rather than of a column.
Error named(Error error, const std::string& table) {
  const bool lacks_column = error.sqlstate == "42703" || error.message.contains("no such column");
  if (!lacks_column) return error;
  // PostgreSQL: column "x" does not exist; SQLite: no such column: h.x
  const auto open = error.message.find('"');
  const auto close = error.message.find('"', open + 1);
  std::string column = open == std::string::npos || close == std::string::npos
                           ? error.message.substr(error.message.rfind('.') + 1)
                           : error.message.substr(open + 1, close - open - 1);
  error.code = ErrorCode::history_conflict;
  error.message = fmt::format("table {} is no schema history: it lacks {}", table, column);
  error.hint = "name the history's own table with -table=..., and its schema with -defaultSchema";
  return error;
}

}  // namespace

History::History(Database& database, HistoryTable table, std::string installed_by)
    : database_(database), table_(std::move(table)), installed_by_(std::move(installed_by)) {
  if (installed_by_.empty()) installed_by_ = database.facts().user;
}

Result<bool> History::exists() {
  if (!known_to_exist_) known_to_exist_ = DUNLIN_TRY(database_.has_history(table_));
  return known_to_exist_;
}

Result<std::vector<HistoryRow>> History::read() {
  if (!DUNLIN_TRY(exists())) return std::vector<HistoryRow>{};
  auto rows = database_.read_history(table_);
  if (!rows) return named(std::move(rows).error(), name());
  DUNLIN_TRY(check_versions(*rows, name()));
  return rows;
}

Result<Sight> History::look(std::span<const std::string> schema_names) {
  auto sight =
      database_.look(table_, schema_names, known_to_exist_ ? HistoryIs::there : HistoryIs::unknown);
  if (!sight) return named(std::move(sight).error(), name());
  DUNLIN_TRY(check_versions(sight->history, name()));
  known_to_exist_ = sight->has_history;
  return sight;
}

HistoryRow History::completed(HistoryRow row, std::int32_t rank) const {
  row.installed_rank = rank;
  row.installed_by = installed_by_;
  return row;
}

Result<void> History::create(std::span<const HistoryRow> first_rows) {
  std::vector<Query> batch = database_.create_history(table_);
  std::int32_t rank = 1;
  for (const HistoryRow& row : first_rows) {
    if (row.type == "SCHEMA" && rank == 1) rank = 0;
    batch.push_back(database_.insert_row(table_, completed(row, rank++)));
  }
  DUNLIN_TRY(database_.query(batch));
  known_to_exist_ = true;
  return {};
}

Result<void> History::append(HistoryRow row) {
  const auto rows = DUNLIN_TRY(read());
  const std::int32_t rank = DUNLIN_TRY(next_rank(rows, row, name()));
  const std::array batch = {database_.insert_row(table_, completed(std::move(row), rank))};
  DUNLIN_TRY(database_.query(batch));
  return {};
}

Result<void> History::repair(const RepairPlan& plan) {
  const auto rows = DUNLIN_TRY(read());
  std::vector<Query> batch;
  batch.reserve(plan.removed.size() + plan.deleted.size() + plan.aligned.size());
  std::int32_t last = last_kept_rank(rows, plan);
  for (const HistoryRow* row : plan.removed) {
    batch.push_back(delete_row(name(), row->installed_rank));
  }
  for (const HistoryRow* row : plan.deleted) {
    last = DUNLIN_TRY(rank_after(last, name()));
    HistoryRow marker = completed(*row, last);
    marker.type = "DELETE";
    marker.execution_time = 0;
    batch.push_back(database_.insert_row(table_, marker));
  }
  for (const auto& [row, script] : plan.aligned) {
    HistoryRow aligned = *row;
    aligned.description = abbreviated(script->description);
    aligned.type = history_type(script->kind);
    aligned.checksum = script->checksum;
    batch.push_back(align_row(name(), aligned));
  }
  if (!batch.empty()) DUNLIN_TRY(database_.query(batch));
  return {};
}

HistoryRow baseline_row(std::string version, const std::string& description) {
  return {.version = std::move(version),
          .description = description,
          .type = "BASELINE",
          .script = description};
}

HistoryRow schema_row(std::string quoted_names) {
  return {.description = "<< Flyway Schema Creation >>",
          .type = "SCHEMA",
          .script = std::move(quoted_names)};
}

}  // namespace dunlin
