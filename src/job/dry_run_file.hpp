#pragma once

#include "base/descriptor.hpp"
#include "base/result.hpp"
#include "database/dry_run/dry_run.hpp"

#include <filesystem>
#include <string_view>

namespace dunlin {

/// The file of a dry run (option dryRunOutput). It appears under its name when the run has ended
/// well, and can be read by its owner alone, since it holds the values of placeholders.
class DryRunFile final : public DryRunSink {
 public:
  /// Makes folders that are missing, as Flyway documents. configuration for a file that exists and
  /// is no script of a dry run, for s3: and gcs:, and for what cannot be written.
  /// @param name  relative ones start at `folder`
  static Result<DryRunFile> create(const std::filesystem::path& folder, std::string_view name);
  ~DryRunFile() override;
  DryRunFile(DryRunFile&& other) noexcept = default;
  DryRunFile(const DryRunFile&) = delete;
  DryRunFile& operator=(const DryRunFile&) = delete;
  DryRunFile& operator=(DryRunFile&&) = delete;

  Result<void> write(std::string_view text) override;
  /// The run has ended well: puts the file in its place.
  Result<void> finish();

 private:
  explicit DryRunFile(std::filesystem::path path);
  [[nodiscard]] std::filesystem::path unfinished() const;

  std::filesystem::path path_;
  Descriptor file_;
};

}  // namespace dunlin
