#pragma once

#include "migration/info.hpp"

#include <vector>

namespace dunlin {

/// The scripts that `migrate` has to run, in order: versioned ones, then repeatable ones. Sees only
/// its argument: no database, no file, no clock. Each rule is a row of plan_test.cpp.
[[nodiscard]] std::vector<const Script*> plan(const Info& info);

/// The scripts that `undo` has to run, newest version first: the undo script of the newest applied
/// version, or of every applied version from `target` on when it is one.
Result<std::vector<const Script*>> plan_undo(const Info& info, std::span<const Script> scripts,
                                             const Target& target);

}  // namespace dunlin
