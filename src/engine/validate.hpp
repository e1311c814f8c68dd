#pragma once

#include "base/result.hpp"
#include "engine/reports.hpp"
#include "engine/session.hpp"

#include <cstdint>
#include <functional>
#include <string>

namespace dunlin {

/// Is a script that has not run yet worth a finding? Not just before it will run.
enum class Pending { reported, ignored };

/// What `migrate` asks before it starts (option validateOnMigrate).
Result<ValidateReport> validate_before_migrate(Session& session);

/// Reads a changed script once more, and says what differs from what was applied.
[[nodiscard]] std::function<std::string(const Script&, std::int32_t)> difference_finder(
    const Session& session);

}  // namespace dunlin
