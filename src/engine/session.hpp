#pragma once

#include "base/clock.hpp"
#include "database/database.hpp"
#include "engine/events.hpp"
#include "engine/options.hpp"
#include "engine/scripts.hpp"
#include "history/history.hpp"
#include "source/script_source.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace dunlin {

/// The schemas of a call, as the options and the database together say.
struct Schemas {
  std::string default_schema;      ///< where the history table stands and scripts run
  std::vector<std::string> names;  ///< all, the default one first if it was not listed
};

/// What the history holds for certain, whichever server answers: see recover().
struct Known {
  std::shared_ptr<const Sight> read;   ///< what was read last; null: nothing yet
  std::vector<const Script*> applied;  ///< since then, and durable
};

/// What the command that runs has applied so far.
struct Tally {
  std::size_t count = 0;
  std::string last;  ///< the script's name
};

/// Everything the commands of one call work with: one database session, one source, one listener.
struct Session {
  Database& database;
  Listener& listener;
  const Clock& clock;
  const EngineOptions& options;
  Schemas schemas;
  std::vector<std::pair<std::string, std::string>> default_placeholders;  ///< `flyway:...`
  History history;
  Scripts scripts;
  /// What was read last, as long as nothing has run since; see look().
  std::shared_ptr<const Sight> seen;
  Known known;
  Tally tally;
  bool holds_lock = false;
  int reconnections = 0;  ///< since something was applied last
  /// Called once, just before a command changes the database for the first time.
  std::function<Result<void>()> before_first_change = [] { return Result<void>{}; };
  /// Called once by migrate, under the lock, when something is pending and before anything is
  /// changed. Gives what the report names: an ARN, or a file. An Error ends the command.
  std::function<Result<std::string>()> take_snapshot;  ///< empty: none is taken
};

/// Finds out the schemas, reads the scripts, and runs the afterConnect callbacks.
Result<Session> open_session(Database& database, const ScriptFiles& files, Listener& listener,
                             const Clock& clock, const EngineOptions& options);

/// The `flyway:...` placeholders as a map of views into the session.
[[nodiscard]] PlaceholderValues default_values(const Session& session);

/// `"public"`, as messages name a schema.
[[nodiscard]] std::string quoted_schema(std::string_view schema);

}  // namespace dunlin
