#pragma once

#include "database/database.hpp"
#include "database/sqlite/connection.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The schema history table as Flyway keeps it on SQLite. DDL: oracle case sqlite-basic.
namespace dunlin::sqlite {

/// A name between double quotes, those inside it doubled.
[[nodiscard]] std::string quoted_name(std::string_view name);
/// "main"."flyway_schema_history"; "main" where the table names no schema.
[[nodiscard]] std::string qualified(const HistoryTable& table);

[[nodiscard]] std::vector<Query> history_ddl(const HistoryTable& table);
[[nodiscard]] Query history_insert(const HistoryTable& table, const HistoryRow& row);

/// sql_failed when the schema is not attached.
Result<bool> history_exists(Connection& connection, const HistoryTable& table);
/// By installed_rank. What a column of the wrong type holds is read as SQLite converts it.
Result<std::vector<HistoryRow>> history_rows(Connection& connection, const HistoryTable& table);
/// The rank that the next row gets: 1 for an empty table.
Result<std::int32_t> next_rank(Connection& connection, const HistoryTable& table);

}  // namespace dunlin::sqlite
