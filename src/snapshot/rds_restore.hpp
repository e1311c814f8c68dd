#pragma once

#include "snapshot/rds_ask.hpp"

#include <string>

namespace dunlin {

/// Makes a new cluster or instance of a snapshot; see rds_snapshots. configuration when no name is
/// given for it, or the name is taken.
Result<Restored> restore_rds(RdsAsk& rds, const SnapshotEdges& edges, const std::string& name,
                             const RestoreOptions& options);

}  // namespace dunlin
