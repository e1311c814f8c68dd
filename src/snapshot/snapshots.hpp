#pragma once

#include "base/clock.hpp"
#include "base/interrupt.hpp"
#include "base/result.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// One snapshot of a database, as `list` shows it.
struct Snapshot {
  std::string name;     ///< what restore() takes: an identifier of RDS, or a file's name
  std::string place;    ///< its ARN, or the file's path
  std::string state;    ///< "available", "creating", ... as RDS has it; of a file "available"
  std::string made_at;  ///< "2026-11-23 05:14:25", UTC; empty if not known
  std::string size;     ///< "12.5 MB", "20 GiB"; empty if not known
};

/// What a new snapshot is called after.
struct SnapshotLabel {
  std::string commit;  ///< of the scripts that will run; empty if none is known
};

struct RestoreOptions {
  std::string to;        ///< a name for the copy; empty: the database that is configured
  bool replace = false;  ///< what is there may be thrown away
};

/// What was made of a snapshot.
struct Restored {
  std::string what;      ///< "cluster copy", "database app", "file app.db"
  std::string endpoint;  ///< where it answers; empty: where the database answers anyway
};

/// What the snapshots of one database take besides it. All outlive them.
struct SnapshotEdges {
  const Clock& clock;
  const Interrupt& interrupt;
  std::function<void(const std::string& line)> say;  ///< hears how far it is
};

/// The snapshots of one database.
class Snapshots {
 public:
  virtual ~Snapshots() = default;
  /// Takes one and waits until it is complete. snapshot_failed, aws_failed, interrupted.
  virtual Result<Snapshot> create(const SnapshotLabel& label) = 0;
  /// All that are there, the oldest first.
  virtual Result<std::vector<Snapshot>> list() = 0;
  /// Makes a database of a snapshot again, and waits until it is there. Never writes over what
  /// holds something, unless `replace` says so.
  virtual Result<Restored> restore(const std::string& name, const RestoreOptions& options) = 0;
};

/// "dunlin-app-20261123t051425z-0a1b2c3d": letters, digits and single hyphens, 63 at most, since
/// that is what RDS takes for the snapshot of a cluster. A long name of the database is cut.
[[nodiscard]] std::string snapshot_name(std::string_view database, std::string_view commit,
                                        std::chrono::system_clock::time_point at);
/// The beginning that the names of one database's snapshots share: "dunlin-app-".
[[nodiscard]] std::string snapshot_prefix(std::string_view database);
/// "2026-11-23 05:14:25" in UTC.
[[nodiscard]] std::string shown_time(std::chrono::system_clock::time_point at);
/// "12.5 MB" of bytes.
[[nodiscard]] std::string shown_size(std::uintmax_t bytes);

}  // namespace dunlin
