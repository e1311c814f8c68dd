#pragma once

#include "base/result.hpp"
#include "engine/reports.hpp"
#include "engine/session.hpp"
#include "migration/info.hpp"

#include <vector>

namespace dunlin {

/// Scripts and history as they are now.
struct StateNow {
  std::vector<HistoryRow> applied;  ///< what `info` points to; moving it keeps the pointers good
  Info info;
  bool history_exists = false;
};

enum class Announce { nothing, missing_history };

/// Reads the history and joins it with the session's scripts. configuration when the target names a
/// version that no script and no row has, or cherryPick something that there is not.
Result<StateNow> read_state(Session& session, Announce announce);

/// Tells of the version that the schema has, and puts it into the report.
void say_current(Session& session, const StateNow& now, MigrateReport& report);

/// A failed row stops everything: what it left behind is for a person to look at. migration_failed.
Result<void> refuse_failed(const Session& session, const Info& info);

}  // namespace dunlin
