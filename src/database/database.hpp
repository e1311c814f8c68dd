#pragma once

#include "base/result.hpp"
#include "database/progress.hpp"
#include "migration/error_override.hpp"
#include "migration/history_row.hpp"
#include "migration/step.hpp"
#include "sql/dialect.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

struct Query {
  std::string text;
  Row parameters;  ///< fill $1, $2, ... and are never pasted into the text
};

/// What a session knows of its server and itself, read once when it is opened.
struct Facts {
  std::string product;     ///< "PostgreSQL", "SQLite"
  std::string version;     ///< as Flyway prints it: "15.20", "3.40"
  int version_number = 0;  ///< 150020, 3040001
  std::string url;         ///< "jdbc:postgresql://HOST:PORT/DB", without anything secret
  std::string database;    ///< its name; a SQLite file's path
  std::string user;        ///< current_user; empty on SQLite
  std::string
      schema;  ///< current_schema when the session began, or the one to make; "main" on SQLite
};

struct SchemaState {
  bool exists = false;
  bool empty = true;  ///< holds no table, view, type, function, ... of its own
};

/// What stands in the database before a command: schemas, and the history table.
struct Sight {
  std::vector<SchemaState> schemas;  ///< in the order they were asked for
  bool has_history = false;          ///< the table is there
  std::vector<HistoryRow> history;   ///< its rows by installed_rank
  std::optional<Error> unreadable;   ///< why that cannot be told: SQLite has no such schema
};

/// Is the history table known to be there, so that its rows can be asked for at once?
enum class HistoryIs { unknown, there };

enum class Commit {
  each_step,  ///< a transaction for each step
  once,       ///< one transaction around all of them (option `group`)
};

struct ApplyOptions {
  HistoryTable history;
  std::string default_schema;  ///< put before the search_path while steps run; empty: left alone
  Commit commit = Commit::each_step;
  std::size_t output_query_rows = 1000;  ///< rows of a result that are kept; all are counted
  /// What counts as another thing than the server says; an error that counts as less is survived.
  std::span<const ErrorOverride> error_overrides;
};

/// How long scripts may wait and run.
struct Limits {
  std::optional<std::chrono::milliseconds> table_lock_timeout;  ///< absent: the server's own
  int table_lock_retries = 0;  ///< how often a script that met a table lock is sent again
  std::optional<std::chrono::milliseconds> statement_timeout;  ///< absent: the server's own
  friend bool operator==(const Limits&, const Limits&) = default;
};

struct LockOptions {
  HistoryTable table;  ///< its qualified name gives the key, as Flyway computes it
  int retries = 50;    ///< seconds to go on trying; 0: one try, -1: without end
};

/// One session with one database: the only door through which SQL leaves the program.
/// postgresql/ and sqlite/ implement it, and both pass tests/database/contract_test.cpp.
class Database {
 public:
  virtual ~Database() = default;

  [[nodiscard]] virtual const Facts& facts() const noexcept = 0;
  [[nodiscard]] virtual sql::Dialect dialect() const noexcept = 0;

  /// Runs the queries in order and as one transaction, all in one round trip where the database
  /// can, and returns their rows.
  virtual Result<std::vector<Rows>> query(std::span<const Query> batch) = 0;

  /// Runs the steps in order, each with its history row, and stops after the first that fails; its
  /// outcome is then the last. How they travel, one by one or all in one round trip, is the
  /// implementation's affair. `progress` hears `started` and `executed` as they happen, and
  /// `applied` only once the outcome is durable. With Commit::once a failure undoes all steps, and
  /// the one that failed is the only outcome. A row's rank is one above the table's highest when
  /// the step leaves it 0; an empty installed_by means the database's user.
  virtual std::vector<Outcome> apply(StepSource& steps, const ApplyOptions& options,
                                     Progress& progress) = 0;

  /// Is the connection lost? Whatever is asked then is database_unreachable.
  [[nodiscard]] virtual bool is_lost() const noexcept { return false; }
  /// Opens a lost session anew, on the same terms: it holds no lock, and nothing that scripts set.
  virtual Result<void> reconnect(Progress& /*progress*/) {
    return Error{.code = ErrorCode::database_unreachable,
                 .message = "this database cannot be connected to again"};
  }
  /// Sees to it that everything committed so far, by whomever, is on disk.
  virtual Result<void> make_durable() { return {}; }

  /// Changes the limits with which the session was opened. A database without such limits does
  /// nothing.
  virtual Result<void> limit(const Limits& /*limits*/) { return {}; }

  /// Takes the lock that keeps two migrators of one history table apart, waiting as told; a second
  /// call while it is held does nothing. lock_timeout when somebody else keeps it.
  virtual Result<void> lock(const LockOptions& options, Progress& progress) = 0;
  /// Gives it back; closing the session does too.
  virtual void unlock() noexcept = 0;
  /// The process of the session that holds this lock, if it is somebody else's. A database whose
  /// lock cannot be looked at says nothing.
  virtual Result<std::optional<int>> lock_holder(const HistoryTable& /*table*/) {
    return std::optional<int>();
  }

  /// Which of these schemas exist, and which hold something; in the order given.
  virtual Result<std::vector<SchemaState>> schemas(std::span<const std::string> names) = 0;
  [[nodiscard]] virtual Query create_schema(std::string_view name) const = 0;
  [[nodiscard]] virtual Query drop_schema(std::string_view name) const = 0;
  /// What `clean` runs to empty the schema, in order.
  virtual Result<std::vector<Query>> clean_statements(std::string_view schema) = 0;

  /// Is the history table there?
  virtual Result<bool> has_history(const HistoryTable& table) = 0;
  /// DDL of the history table, exactly Flyway's.
  [[nodiscard]] virtual std::vector<Query> create_history(const HistoryTable& table) const = 0;
  /// Its rows by installed_rank. Columns that Flyway does not know are left alone.
  virtual Result<std::vector<HistoryRow>> read_history(const HistoryTable& table) = 0;
  /// Schemas and history in as few round trips as the database can: one when the table is there,
  /// two when that has to be asked first.
  virtual Result<Sight> look(const HistoryTable& table, std::span<const std::string> schema_names,
                             HistoryIs known);
  /// The INSERT of one row; installed_on is the column's default.
  [[nodiscard]] virtual Query insert_row(const HistoryTable& table,
                                         const HistoryRow& row) const = 0;
  /// A name as it stands in SQL: "public"."flyway_schema_history" with quotes doubled.
  [[nodiscard]] virtual std::string quoted(const HistoryTable& table) const = 0;
};

}  // namespace dunlin
