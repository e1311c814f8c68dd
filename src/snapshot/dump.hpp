#pragma once

#include "database/database.hpp"
#include "database/postgresql/open.hpp"
#include "snapshot/snapshots.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace dunlin {

/// Where PostgreSQL's own programs connect to. The password travels in a file in memory that has no
/// name and that only the child is given: neither in its arguments nor in its environment.
struct DumpTarget {
  postgresql::Target target;
  std::shared_ptr<const void> route;  ///< what it leads through, such as a tunnel
};

/// A PostgreSQL database whose snapshots are files of pg_dump, in its custom format.
struct DumpedDatabase {
  std::filesystem::path folder;  ///< where the files are; made when the first is
  std::string name;              ///< of the database, to list without it; empty: it is asked
  /// How long pg_dump waits for a table that somebody else has locked; absent: without end.
  std::optional<std::chrono::milliseconds> table_lock_timeout = std::nullopt;
  /// The session: what it knows of its server, and for restore() what stands in the database.
  std::function<Result<Database*>()> session;
  std::function<Result<DumpTarget>()> target;
};

/// restore() fills the database that the session is connected to, in one transaction, and only if
/// it is empty; with `replace` everything in it is dropped before.
[[nodiscard]] std::unique_ptr<Snapshots> dump_snapshots(DumpedDatabase database,
                                                        SnapshotEdges edges);

}  // namespace dunlin
