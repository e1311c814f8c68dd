#pragma once

#include "base/result.hpp"
#include "database/database.hpp"
#include "database/dry_run/dry_run.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// What the session of a dry run is when it begins; each step puts it back.
struct ScriptStart {
  std::string role;           ///< PostgreSQL's: "none" unless SET ROLE was in force
  std::string search_path;    ///< PostgreSQL's, as SHOW tells it
  std::string read_only;      ///< PostgreSQL's default_transaction_read_only
  bool foreign_keys = false;  ///< SQLite's pragma
};

/// A query with its parameters as literals: pure, for scripts that people read.
[[nodiscard]] std::string inlined(const Query& query, sql::Dialect dialect);

/// Writes queries and steps as a script for psql or sqlite3. Knows no database: the same values in,
/// the same text out.
class SqlScript {
 public:
  SqlScript(const Database& database, ScriptStart start, DryRunSink& sink)
      : database_(database), start_(std::move(start)), sink_(sink) {}

  Result<void> begin(std::string_view init_sql);
  /// Queries that are one transaction.
  Result<void> add(std::span<const Query> batch);
  /// A step with its row, whose rank is known.
  Result<void> add(const Step& step, const ApplyOptions& options);
  /// Commits what a group has left open.
  Result<void> end_group();

 private:
  [[nodiscard]] bool is_postgresql() const noexcept {
    return database_.dialect() == sql::Dialect::postgresql;
  }
  Result<void> line(std::string_view text);
  Result<void> settings(const std::string& default_schema);
  Result<void> begin_transaction();
  Result<void> parts(const Step& step);
  Result<void> statement(const Step& step, const sql::Statement& statement);
  Result<void> before_row(const Step& step);
  Result<void> row(const Step& step, const ApplyOptions& options, bool success);

  const Database& database_;
  ScriptStart start_;
  DryRunSink& sink_;
  bool group_is_open_ = false;
};

}  // namespace dunlin
