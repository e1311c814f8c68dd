#pragma once

#include "base/result.hpp"
#include "migration/info.hpp"

#include <span>
#include <string>
#include <vector>

namespace dunlin {

/// The scripts that `migrate` has to run, in order: versioned ones, then repeatable ones; or, with
/// picks, those that are picked in the order of the picks. Sees only its arguments: no database, no
/// file, no clock. Each rule is a row of plan_test.cpp.
[[nodiscard]] std::vector<const Script*> plan(const Info& info,
                                              std::span<const std::string> picks = {});

/// What `undo` has to run.
struct UndoPlan {
  std::vector<const Script*> scripts;
  /// The version at which it ends before its target, because it has no undo script.
  std::optional<Version> stopped_at;
};

struct UndoOptions {
  Target target;
  std::vector<std::string> cherry_pick;
};

/// Versions are undone in the reverse order in which they were applied (documentation of Flyway
/// Teams): the last one; or, with a target, all up to the first below it or without an undo script;
/// or, with picks, exactly those, the last pick first. validation when the first to be undone, or
/// one that is picked, has no undo script; configuration when a pick is not applied.
/// @param scripts  the undo scripts among them are taken
Result<UndoPlan> plan_undo(const Info& info, std::span<const Script> scripts,
                           const UndoOptions& options);

}  // namespace dunlin
