#pragma once

#include "base/resource.hpp"
#include "base/result.hpp"
#include "git/repository.hpp"
#include "source/script_source.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// Scripts in a commit of a Git repository. Nothing is checked out: files are read from memory.
/// Reports name them REPOSITORY@COMMIT:PATH, "owner/repo@1a2b3c4:sql/V1__a.sql".
class GitSource final : public ScriptSource {
 public:
  explicit GitSource(git::Repository repository);

  /// As FilesystemSource lists a folder into which the commit is checked out: "filesystem:./sql" is
  /// its folder sql. Errors: configuration for a location outside (absolute, `..`); source_failed
  /// for a submodule, or a link that leaves the repository, below a location. A file that Git LFS
  /// keeps elsewhere is listed, and reading it is script_unreadable. The resources hold what they
  /// give, and nothing else of the commit.
  Result<Listing> list(const std::vector<std::string>& locations) override;

  /// One file of the commit, "flyway.conf" or "conf/flyway.toml"; nothing if there is none.
  /// source_failed when it has to be fetched first and cannot be.
  [[nodiscard]] Result<std::optional<Resource>> find(std::string_view path) const;

  [[nodiscard]] const git::Commit& commit() const noexcept { return repository_->tree.commit; }
  /// "refs/heads/develop", "refs/tags/v1", or the commit's id.
  [[nodiscard]] const std::string& ref() const noexcept { return repository_->ref; }
  /// "owner/repo@1a2b3c4".
  [[nodiscard]] std::string name() const;
  [[nodiscard]] ScriptOrigin origin() const;

 private:
  std::shared_ptr<git::Repository> repository_;
};

using git::RepositoryOptions;

/// Fetches the commit that `options` name and hands it out as a source.
/// Errors: as git::fetch_repository.
[[nodiscard]] Result<std::unique_ptr<GitSource>> open_repository(RepositoryOptions options);

}  // namespace dunlin
