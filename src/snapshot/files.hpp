#pragma once

#include "base/descriptor.hpp"
#include "base/result.hpp"
#include "snapshot/snapshots.hpp"

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// A file that is written under another name and gets its own when it is complete, so that nobody
/// takes half a snapshot for one. Its owner alone can read it.
class SnapshotFile {
 public:
  /// Makes the folder too. Where there is such a file already it is called NAME-2 and so on.
  /// snapshot_failed when there is no way to write.
  static Result<SnapshotFile> create(const std::filesystem::path& folder, const std::string& name,
                                     std::string_view ending);
  ~SnapshotFile();
  SnapshotFile(SnapshotFile&&) = default;
  SnapshotFile(const SnapshotFile&) = delete;
  SnapshotFile& operator=(const SnapshotFile&) = delete;
  SnapshotFile& operator=(SnapshotFile&&) = delete;

  /// Without its folder.
  [[nodiscard]] std::string name() const { return path_.filename().string(); }
  [[nodiscard]] int fd() const noexcept { return file_.get(); }
  /// Where it is while it is written.
  [[nodiscard]] std::filesystem::path unfinished() const;
  /// Bytes so far.
  [[nodiscard]] std::uintmax_t size() const;
  /// It is complete: on disk, under its name.
  Result<Snapshot> finish();

 private:
  explicit SnapshotFile(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;
  Descriptor file_;
};

/// The snapshots in a folder whose names begin so and end so, the oldest first. No such folder, no
/// snapshots.
[[nodiscard]] std::vector<Snapshot> snapshot_files(const std::filesystem::path& folder,
                                                   std::string_view prefix,
                                                   std::string_view ending);

/// The file that `name` means: a path, or a name in the folder, with or without its ending.
/// configuration when there is none.
Result<std::filesystem::path> find_snapshot_file(const std::filesystem::path& folder,
                                                 const std::string& name, std::string_view ending);

}  // namespace dunlin
