#pragma once

#include "base/result.hpp"
#include "database/database.hpp"
#include "migration/history_row.hpp"
#include "migration/repair.hpp"

#include <span>
#include <string>
#include <vector>

namespace dunlin {

/// The schema history table of one database: read, append, repair. Rows that a migration earns are
/// not written here but with the migration, by Database::apply.
class History {
 public:
  /// @param installed_by  for the rows written here; empty: the session's user
  History(Database& database, HistoryTable table, std::string installed_by);

  [[nodiscard]] const HistoryTable& table() const noexcept { return table_; }
  /// "public"."flyway_schema_history", as messages name it.
  [[nodiscard]] std::string name() const { return database_.quoted(table_); }
  [[nodiscard]] const std::string& installed_by() const noexcept { return installed_by_; }

  /// Is the table there? Once seen, it is not asked for again.
  Result<bool> exists();
  /// All rows by installed_rank; none when there is no table.
  Result<std::vector<HistoryRow>> read();
  /// Schemas and history at once; see Database::look.
  Result<Sight> look(std::span<const std::string> schema_names);
  /// Makes the table, together with its first rows if there are any, in one transaction.
  Result<void> create(std::span<const HistoryRow> first_rows);
  /// Adds a row at the end (SCHEMA, BASELINE, ...). A SCHEMA row on an empty table has rank 0,
  /// any other first row rank 1 (observed with Flyway 11, scenarios migrate-schemas,
  /// baseline-schema).
  Result<void> append(HistoryRow row);
  /// Writes what `repair` found, in one transaction.
  Result<void> repair(const RepairPlan& plan);
  /// Forgets what exists() has seen: after `clean`.
  void forget() noexcept { known_to_exist_ = false; }

 private:
  [[nodiscard]] HistoryRow completed(HistoryRow row, std::int32_t rank) const;

  Database& database_;
  HistoryTable table_;
  std::string installed_by_;
  bool known_to_exist_ = false;
};

/// The row that `baseline` writes.
[[nodiscard]] HistoryRow baseline_row(std::string version, const std::string& description);
/// The marker of schemas that were made: `quoted_names` is `"app","aux"`.
[[nodiscard]] HistoryRow schema_row(std::string quoted_names);

}  // namespace dunlin
