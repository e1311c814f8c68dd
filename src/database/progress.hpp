#pragma once

#include "migration/step.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace dunlin {

using Row = std::vector<std::optional<std::string>>;  ///< one entry per column; absent is SQL NULL
using Rows = std::vector<Row>;

/// The server has begun with this step: its first result has come back, or it is being sent alone.
struct StepStarted {
  const Step& step;
};
/// A callback inside or between steps is being run.
struct CallbackStarted {
  std::string name;  ///< "beforeEachMigrate - x"
};
/// The step's statements have run; its transaction may not be durable yet.
struct StepExecuted {
  const Step& step;
};
/// The step is committed and on disk.
struct StepApplied {
  std::size_t script_index;
  std::chrono::milliseconds execution_time;
};
/// What the server said beside results: NOTICE, WARNING, INFO ...
struct ServerNotice {
  std::string severity;  ///< "WARNING", "NOTICE", "INFO", "DEBUG", "LOG"
  std::string message;
  std::string sqlstate;
  std::string detail;
  std::string hint;
};
/// Rows a statement of a script returned, at most `outputQueryRows` of them.
struct QueryResult {
  std::vector<std::string> columns;
  Rows rows;
  std::uint64_t row_count = 0;  ///< all, also those not kept
};
/// How many rows a statement changed; -1 where the server does not say.
struct StatementDone {
  const sql::Statement& statement;
  std::int64_t rows_changed;
};
/// Who stands in the way, as pg_stat_activity says.
struct Blocker {
  int pid = 0;
  std::string user, application, client, state, query;
  std::chrono::seconds age{};
};
struct WaitingForLock {
  std::string what;  ///< "the migration lock", "a table lock"
  std::vector<Blocker> blockers;
  std::chrono::milliseconds waited;
};
/// Anything else a person may want to know ("database is starting up, attempt 3").
struct Note {
  enum class Level { debug, info, warning } level = Level::info;
  std::string text;
};

using Event = std::variant<StepStarted, CallbackStarted, StepExecuted, StepApplied, ServerNotice,
                           QueryResult, StatementDone, WaitingForLock, Note>;

/// Hears what happens while it happens. Called on the thread that runs the command, in order.
class Progress {
 public:
  virtual ~Progress() = default;
  virtual void hear(const Event& event) = 0;
};

/// What became of one step.
struct Outcome {
  std::size_t script_index = 0;
  std::chrono::milliseconds execution_time{};
  std::shared_ptr<Error> error;  ///< null: applied, and durable (a pointer: thousands have none)
  std::string file;      ///< where the error arose: PreparedText::script of the part; else empty
  std::string callback;  ///< Part::callback of that part; empty for the script's own statements
  bool before_running = false;  ///< the step could not be made ready: nothing of it was sent
  /// Nothing of the failed step is left in the database. If the connection was lost: unless its
  /// history row is there; then all of it is.
  bool rolled_back = true;
};

}  // namespace dunlin
