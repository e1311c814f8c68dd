#pragma once

#include "base/result.hpp"
#include "engine/reports.hpp"
#include "engine/session.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

// When the connection is lost. The lock was held by the session that is gone, so whoever gets it
// again knows that this session has ended; and each script's row is written in the script's own
// transaction. So the history, read under the lock, tells what became of all that was sent.
namespace dunlin {

/// Asks for the lock that keeps migrators of one history table apart.
Result<void> lock_database(Session& session);

/// Connects again after `lost`: afterConnect runs, the lock is taken again if it was held, and the
/// history must hold all that it is known to hold; a server that took the place of another may lack
/// some. What was read then is session.seen.
/// @returns why there is no way on: `lost` with the reason, or interrupted
Result<void> recover(Session& session, const Error& lost);

/// What was on its way when the connection was lost.
struct InFlight {
  std::shared_ptr<const Sight> before;     ///< the history when it was sent
  std::span<const Script* const> scripts;  ///< in order, without those known to be applied
  /// How many of the first ones may have left something in the database without a row.
  std::size_t unsure = 0;
};

/// What became of it.
struct Settled {
  struct Applied {
    const Script* script;
    std::chrono::milliseconds execution_time;
  };
  std::vector<Applied> applied;   ///< and on disk; the others left nothing and may be sent again
  std::optional<Error> in_doubt;  ///< unless this says that it is not known what they left
};

/// Recovers from `lost` and tells by the history what became of what was sent.
/// @returns why it cannot be told, as recover() does
Result<Settled> find_out(Session& session, const InFlight& sent, const Error& lost);

/// `lost` with the words that its outcome is not known.
[[nodiscard]] Error not_known(Error lost, std::string_view whose, std::string_view hint);

/// Runs `command`. If it ends because the connection was lost, its error says in the end what a
/// person has to know who starts it again: which scripts are known to be applied.
/// @param done  "applied" or "undone"
Result<MigrateReport> with_tally(Session& session,
                                 const std::function<Result<MigrateReport>()>& command,
                                 std::string_view done = "applied");

}  // namespace dunlin
