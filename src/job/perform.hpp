#pragma once

#include "base/clock.hpp"
#include "base/interrupt.hpp"
#include "base/result.hpp"
#include "engine/commands.hpp"
#include "report/console.hpp"
#include "report/output.hpp"

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace dunlin {

/// What the commands of one call print to, and how.
struct Reporting {
  Output& output;
  Console& console;
  bool json = false;
  bool migration_ids = false;
  const Clock& clock;
  const Interrupt& interrupt;
  std::chrono::seconds deadline{};  ///< of the whole call, for messages
};

/// Takes a snapshot of the database and gives its ARN or file; see Session::take_snapshot.
/// @param commit  of the scripts; empty if they come from no repository
using TakeSnapshot = std::function<Result<std::string>(Database&, const std::string& commit)>;

/// Runs engine commands ("info", "migrate", ...) in order over one session and reports each. Stops
/// at the first that fails.
/// @param take_snapshot  option snapshotBeforeMigrate; empty: none is taken. A dry run takes none
/// @returns the exit code: 0, or that of the failure, which has been reported
int perform(const std::vector<std::string>& commands, Database& database, const ScriptFiles& files,
            const EngineOptions& options, const Reporting& reporting,
            const TakeSnapshot& take_snapshot = {});

/// Reports a failure: as text, or as a JSON document.
/// @returns its exit code
int report_failure(const Error& error, const Reporting& reporting);

}  // namespace dunlin
