#pragma once

#include "base/result.hpp"
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
/// version that no script and no row has.
Result<StateNow> read_state(Session& session, Announce announce);

}  // namespace dunlin
