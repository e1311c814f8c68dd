#pragma once

#include "aws/api.hpp"
#include "snapshot/snapshots.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace dunlin {

/// Which database of RDS, and how to ask about it.
struct RdsDatabase {
  AwsApi& api;
  std::string region;
  std::string identifier;  ///< of the Aurora cluster or the instance; empty: found by its endpoint
  std::string endpoint;    ///< a host: the writer's, the reader's or a custom one, or an instance's
};

/// The longest time between two questions how far RDS is; they begin a second apart.
inline constexpr std::chrono::seconds kLongestBetween{15};

/// Snapshots that RDS takes of a whole cluster or instance. They cost the database next to nothing,
/// and take minutes. restore() makes a new cluster (with an instance in it) or a new instance, with
/// class, subnets, security groups and scaling of the one that the snapshot is of.
/// Source: Amazon RDS API Reference.
[[nodiscard]] std::unique_ptr<Snapshots> rds_snapshots(RdsDatabase database, SnapshotEdges edges);

/// Does the host belong to RDS: "app.cluster-abc.eu-central-1.rds.amazonaws.com"?
[[nodiscard]] bool is_rds_endpoint(std::string_view host);
/// The region in such a host; empty when there is none.
[[nodiscard]] std::string region_of_endpoint(std::string_view host);

}  // namespace dunlin
