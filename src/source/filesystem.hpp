#pragma once

#include "base/result.hpp"
#include "source/script_source.hpp"

#include <string>
#include <vector>

namespace dunlin {

/// Scripts in folders of this machine.
class FilesystemSource final : public ScriptSource {
 public:
  /// @param working_directory  where relative locations begin (-workingDirectory); empty: where the
  ///        process stands, and locations keep their spelling in messages, as with Flyway
  explicit FilesystemSource(std::string working_directory = {})
      : working_directory_(std::move(working_directory)) {}

  /// Lists every regular file below the locations; symbolic links are followed, hidden folders
  /// passed over (a mounted ConfigMap keeps its files twice), hidden files kept, all as Flyway
  /// does. A location that is missing or no folder is reported, not an error; a folder that cannot
  /// be read, or a link that leads back to a folder above it, is ErrorCode::source_failed. Reads no
  /// file: `Resource::read` does, ErrorCode::script_unreadable when it cannot or when the file
  /// changes meanwhile.
  Result<Listing> list(const std::vector<std::string>& locations) override;

 private:
  std::string working_directory_;
};

/// The whole of a file. ErrorCode::script_unreadable names it, also when it changed while it was
/// read: half of a script must never run.
[[nodiscard]] Result<std::string> read_file(const std::string& path);

}  // namespace dunlin
