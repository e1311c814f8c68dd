#pragma once

#include "base/result.hpp"
#include "database/database.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What is asked of the history table, and what comes back. Every name is qualified: a script may
/// leave any search_path behind.
namespace dunlin::postgresql {

/// From when a migration's execution_time counts.
enum class Started : std::uint8_t {
  with_transaction,  ///< when its transaction began
  noted,             ///< at the mark that start_mark() set
  by_client,         ///< the row carries the time
};

/// The one row with one column: is the table there?
[[nodiscard]] Query history_exists(const HistoryTable& table);
/// Flyway's DDL, observed in its log.
[[nodiscard]] std::vector<Query> history_ddl(const HistoryTable& table);
[[nodiscard]] Query history_rows(const HistoryTable& table);
/// The rows of history_rows(); validation if one cannot be understood.
Result<std::vector<HistoryRow>> parse_history(Rows rows);

/// The INSERT of exactly this row.
[[nodiscard]] Query history_insert(const HistoryTable& table, const HistoryRow& row);
/// The INSERT that ends a migration: rank, user and time come from the server where the row leaves
/// them open. Returns execution_time and installed_rank.
[[nodiscard]] Query history_append(const HistoryTable& table, const HistoryRow& row,
                                   Started started);
/// Settles a row that was inserted as failed before its script ran; says how many it changed.
[[nodiscard]] Query history_settle(const HistoryTable& table, const HistoryRow& row);
/// Notes the present as the start of a migration, until its transaction ends.
[[nodiscard]] std::string_view start_mark();

}  // namespace dunlin::postgresql
