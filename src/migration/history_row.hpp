#pragma once

#include "migration/version.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace dunlin {

/// Where the schema history table stands. SQLite has no schemas: `schema` is then "main" or empty.
struct HistoryTable {
  std::string schema;
  std::string name;
  std::string tablespace;  ///< for making it on PostgreSQL; empty: the default one
};

/// One row of the schema history table, column for column as Flyway writes it.
struct HistoryRow {
  std::int32_t installed_rank = 0;
  std::optional<std::string> version;  ///< as stored; absent for repeatable and SCHEMA rows
  std::string description;
  std::string type;  ///< "SQL", "BASELINE", "SCHEMA", "DELETE", "UNDO_SQL", ... or a historical one
  std::string script;
  std::optional<std::int32_t> checksum;
  std::string installed_by;
  std::string installed_on;         ///< as the database gives it: "2026-11-22 18:42:48.123456"
  std::int64_t execution_time = 0;  ///< milliseconds
  bool success = true;
  friend bool operator==(const HistoryRow&, const HistoryRow&) = default;
};

}  // namespace dunlin
