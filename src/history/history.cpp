#include "history/history.hpp"

#include "base/text.hpp"
#include "database/history_changes.hpp"

#include <algorithm>
#include <array>

namespace dunlin {
namespace {

/// The rank of the row after the last one.
std::int32_t next_rank(const std::vector<HistoryRow>& rows, const HistoryRow& row) {
  if (!rows.empty()) return rows.back().installed_rank + 1;
  return row.type == "SCHEMA" ? 0 : 1;
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
  return rows;
}

Result<Sight> History::look(std::span<const std::string> schema_names) {
  auto sight =
      database_.look(table_, schema_names, known_to_exist_ ? HistoryIs::there : HistoryIs::unknown);
  if (!sight) return named(std::move(sight).error(), name());
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
  const std::int32_t rank = next_rank(rows, row);
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
    HistoryRow marker = completed(*row, ++last);
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
