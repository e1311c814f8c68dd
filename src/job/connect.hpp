#pragma once

#include "base/interrupt.hpp"
#include "base/result.hpp"
#include "config/configuration.hpp"
#include "database/database.hpp"
#include "database/postgresql/open.hpp"
#include "database/sqlite/open.hpp"
#include "ssh/tunnel.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <variant>
#include <vector>

namespace dunlin {

/// All that opening a database takes of the configuration: plain values, so that another thread
/// may own them.
struct DatabaseTarget {
  std::variant<postgresql::ConnectOptions, sqlite::OpenOptions> options;
  std::vector<Note> notes;                                  ///< what the URL holds without effect
  std::optional<ssh::TunnelOptions> tunnel = std::nullopt;  ///< the way to it
};

/// The password of awsIamAuth for one place, made at each try; see RdsTokens.
using IamPassword = std::function<Result<Secret>(const std::string& host, const std::string& port,
                                                 const std::string& user)>;

/// tableLockTimeout, tableLockRetries and statementTimeout.
[[nodiscard]] Limits limits_of(const Configuration& configuration);

/// Is there a url, and of a database that dunlin speaks to? configuration if not. Opens nothing.
Result<void> check_url(const Configuration& configuration);

/// configuration when there is no url or a bad one. `run` logs in before it has read the checkout,
/// so nothing that a checkout may set is looked at here. `by_iam` lives as long as the target, and
/// is called on the thread that connects.
Result<DatabaseTarget> target_of(const Configuration& configuration, const IamPassword& by_iam);

/// database_unreachable, login_refused, interrupted; host_key and deploy_key of a tunnel, which
/// lives as long as the database. `interrupt` outlives the database.
Result<std::unique_ptr<Database>> open(DatabaseTarget target, const Interrupt& interrupt,
                                       Progress& progress);

/// Opens the database that `url` names: target_of and open, one after the other.
Result<std::unique_ptr<Database>> connect(const Configuration& configuration,
                                          const IamPassword& by_iam, const Interrupt& interrupt,
                                          Progress& progress);

}  // namespace dunlin
