#pragma once

#include "base/result.hpp"
#include "engine/prepare.hpp"
#include "engine/reports.hpp"
#include "engine/session.hpp"
#include "engine/state.hpp"

#include <span>

namespace dunlin {

/// Runs the scripts in order, each with its callbacks and its history row, and adds what became of
/// them to the report.
/// @returns what to do next: end here, or look at the history again and go on, because somebody
/// else has written it, or the connection was lost and it tells what was done
enum class Next { done, read_again };
Next run_scripts(Session& session, std::span<const Script* const> scripts, const StateNow& now,
                 const CallbackFrame& frame, MigrateReport& report);

/// configuration when one group holds scripts of both kinds (option `group` without `mixed`).
Result<void> check_group(const Session& session, std::span<const Script* const> scripts);

}  // namespace dunlin
