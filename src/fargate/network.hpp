#pragma once

#include "aws/api.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace dunlin::fargate {

/// Where a task runs.
struct Network {
  std::vector<std::string> subnets, security_groups;
  std::string of;  ///< "database cluster aurora"; what they were taken from
};

/// Which database to look at.
struct DatabaseName {
  std::string cluster;  ///< the identifier of a cluster or an instance; empty: go by `host`
  std::string host;     ///< an endpoint: writer, reader, custom, or of an instance
};

/// The subnets and security groups of a database, so that a task that gets the same reaches it: of
/// the cluster (DescribeDBClusters, DescribeDBSubnetGroups), or of a plain RDS instance
/// (DescribeDBInstances). Errors: configuration when there is no such database, or nothing to go
/// by; aws_failed, aws_credentials.
Result<Network> network_of(AwsApi& api, const std::string& region, const DatabaseName& database);

}  // namespace dunlin::fargate
