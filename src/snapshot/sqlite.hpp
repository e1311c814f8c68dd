#pragma once

#include "snapshot/snapshots.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace dunlin {

/// A SQLite file whose snapshots are copies of it, taken while others may use it.
struct CopiedFile {
  std::filesystem::path folder;  ///< where the snapshots are; made when the first is
  std::string path;              ///< of the database
};

/// restore() fills the file `to`, or else the database itself, and only if it is missing or empty;
/// with `replace` it then holds what the snapshot holds, and nothing else.
[[nodiscard]] std::unique_ptr<Snapshots> sqlite_snapshots(CopiedFile database, SnapshotEdges edges);

}  // namespace dunlin
