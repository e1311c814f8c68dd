#pragma once

#include <string_view>

namespace dunlin {

/// RDS has two families of operations that do the same: for clusters and for instances. The words
/// of one of them.
struct RdsKind {
  std::string_view word;       ///< for messages
  std::string_view describe;   ///< the operation that lists them
  std::string_view list;       ///< the element around them
  std::string_view id;         ///< their identifier
  std::string_view missing;    ///< the fault when there is none of that name
  std::string_view status;     ///< the element that says in which state one is
  std::string_view create;     ///< the operation that takes a snapshot
  std::string_view snapshots;  ///< the operation that lists snapshots
  std::string_view snapshot_list;
  std::string_view snapshot_id, snapshot_arn;
  std::string_view no_snapshot;  ///< the fault when there is no snapshot of that name
  std::string_view taken;        ///< the fault when there is one already
  std::string_view restore;      ///< the operation that makes a new one of a snapshot
};

inline constexpr RdsKind kRdsCluster{
    .word = "cluster",
    .describe = "DescribeDBClusters",
    .list = "DBClusters",
    .id = "DBClusterIdentifier",
    .missing = "DBClusterNotFoundFault",
    .status = "Status",
    .create = "CreateDBClusterSnapshot",
    .snapshots = "DescribeDBClusterSnapshots",
    .snapshot_list = "DBClusterSnapshots",
    .snapshot_id = "DBClusterSnapshotIdentifier",
    .snapshot_arn = "DBClusterSnapshotArn",
    .no_snapshot = "DBClusterSnapshotNotFoundFault",
    .taken = "DBClusterSnapshotAlreadyExistsFault",
    .restore = "RestoreDBClusterFromSnapshot",
};
inline constexpr RdsKind kRdsInstance{
    .word = "instance",
    .describe = "DescribeDBInstances",
    .list = "DBInstances",
    .id = "DBInstanceIdentifier",
    .missing = "DBInstanceNotFound",
    .status = "DBInstanceStatus",
    .create = "CreateDBSnapshot",
    .snapshots = "DescribeDBSnapshots",
    .snapshot_list = "DBSnapshots",
    .snapshot_id = "DBSnapshotIdentifier",
    .snapshot_arn = "DBSnapshotArn",
    .no_snapshot = "DBSnapshotNotFound",
    .taken = "DBSnapshotAlreadyExists",
    .restore = "RestoreDBInstanceFromDBSnapshot",
};

}  // namespace dunlin
