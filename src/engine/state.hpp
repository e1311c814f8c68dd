#pragma once

#include "base/result.hpp"
#include "engine/reports.hpp"
#include "engine/session.hpp"
#include "migration/info.hpp"

#include <memory>
#include <optional>

namespace dunlin {

/// Scripts and history as they are now.
struct StateNow {
  std::shared_ptr<const Sight> seen;  ///< `info` points into it
  Info info;
};

/// Schemas and history as they were read last, or are now if something has run since. Whoever wants
/// them as they are now resets session.seen before; taking the lock does, and under it what was
/// read stays true. A connection that was lost is made anew, as recover() does.
Result<std::shared_ptr<const Sight>> look(Session& session);

/// The state of the default schema, which is always among those that are looked at.
[[nodiscard]] SchemaState default_schema_state(const Session& session, const Sight& sight);

enum class Announce { nothing, missing_history };

/// Reads the history and joins it with the session's scripts. configuration when the target names a
/// version that no script and no row has, or cherryPick something that there is not.
/// @param seen  what was just read, if that is still so; null: it is read now
Result<StateNow> read_state(Session& session, Announce announce,
                            std::shared_ptr<const Sight> seen = nullptr);

/// The process of somebody else who holds the migration lock while the history has a failed row:
/// he is running that script. When nobody does, the state is read anew, since the script may have
/// ended in between.
Result<std::optional<int>> running_elsewhere(Session& session, StateNow& now);

/// Tells of the version that the schema has, and puts it into the report.
void say_current(Session& session, const StateNow& now, MigrateReport& report);

/// A failed row stops everything: what it left behind is for a person to look at. migration_failed.
Result<void> refuse_failed(const Session& session, const Info& info);

}  // namespace dunlin
