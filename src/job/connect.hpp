#pragma once

#include "base/interrupt.hpp"
#include "base/result.hpp"
#include "config/configuration.hpp"
#include "database/database.hpp"

#include <memory>

namespace dunlin {

/// Is there a url, and of a database that dunlin speaks to? configuration if not. Opens nothing.
Result<void> check_url(const Configuration& configuration);

/// Opens the database that `url` names. configuration when there is no url or a bad one;
/// database_unreachable, login_refused, interrupted.
Result<std::unique_ptr<Database>> connect(const Configuration& configuration,
                                          const Interrupt& interrupt, Progress& progress);

}  // namespace dunlin
