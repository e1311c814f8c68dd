#pragma once

#include "support/temporary_folder.hpp"

#include <string>
#include <string_view>

namespace dunlin::test {

/// A repository made by git itself, with a work tree, in a folder of its own.
class GitRepository {
 public:
  /// @param init  further arguments of git init
  explicit GitRepository(const std::string& init = "");
  /// Runs git in the repository and returns what it printed. The time stands still.
  std::string git(const std::string& arguments) const;
  /// Runs a command of the shell in the repository.
  std::string run(const std::string& command) const;
  /// Writes a file of the work tree.
  void write(std::string_view path, std::string_view content) const;
  /// Commits everything in the work tree and returns the commit's id.
  std::string commit(const std::string& subject) const;
  /// The repository's folder, which has a work tree.
  [[nodiscard]] std::string path() const { return folder_ / "repo"; }
  /// A bare clone of all branches and tags, packed; made anew at each call.
  [[nodiscard]] std::string bare() const;

 private:
  TemporaryFolder folder_;
};

}  // namespace dunlin::test
