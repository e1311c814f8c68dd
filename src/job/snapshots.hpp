#pragma once

#include "base/clock.hpp"
#include "base/interrupt.hpp"
#include "base/result.hpp"
#include "config/configuration.hpp"
#include "job/connect.hpp"
#include "job/perform.hpp"
#include "report/output.hpp"
#include "snapshot/snapshots.hpp"

#include <filesystem>
#include <functional>
#include <memory>

namespace dunlin {

class AwsApi;

/// What the snapshots of the configured database take. All outlive them.
struct SnapshotNeeds {
  const Configuration& configuration;
  AwsApi& aws;
  const IamPassword& by_iam;
  const Interrupt& interrupt;
  const Clock& clock;
  Output& output;
  std::filesystem::path here;  ///< where a relative snapshot.folder starts
};

/// How snapshots of the database are taken, as snapshot.method and its host say. Nothing is asked
/// or connected to yet. configuration when no database is named, or none that RDS could have.
/// @param session  opens the database, or gives the session that there is
Result<std::unique_ptr<Snapshots>> snapshots_of(const SnapshotNeeds& needs,
                                                std::function<Result<Database*>()> session);

/// Option snapshotBeforeMigrate: what perform() calls, or nothing if it is off. `needs` outlives
/// it.
[[nodiscard]] TakeSnapshot snapshot_before_migrate(const SnapshotNeeds& needs);

}  // namespace dunlin
