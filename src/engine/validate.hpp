#pragma once

#include "base/result.hpp"
#include "engine/reports.hpp"
#include "engine/session.hpp"

namespace dunlin {

/// Is a script that has not run yet worth a finding? Not just before it will run.
enum class Pending { reported, ignored };

/// What `migrate` asks before it starts (option validateOnMigrate).
Result<ValidateReport> validate_before_migrate(Session& session);

}  // namespace dunlin
