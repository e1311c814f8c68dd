#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace dunlin {

/// A folder of a Git repository as a location:
/// `git@host:owner/repo.git//sql?ref=main`, `git:https://host/owner/repo.git//sql`,
/// `git:/srv/repo.git//sql?ref=v1&commit=ID`.
struct GitLocation {
  std::string repository;       ///< as git::parse_url takes it
  std::string ref;              ///< branch, tag, full name or full commit id; empty: its default
  std::string expected_commit;  ///< the full id that it must lead to; mostly empty
  std::string folder;           ///< below the root; may hold wildcards; empty: all of it

  /// What stands before the folder, as reports show it: "git:git@host:owner/repo.git//".
  [[nodiscard]] std::string prefix() const;
  /// What stands after it: "?ref=main".
  [[nodiscard]] std::string suffix() const;
};

/// Begins with `git:`, or is an address that can be nothing else: `git@…`, `ssh://…`, `https://…`.
[[nodiscard]] bool is_git_location(std::string_view text);

/// The first `//` after a scheme's parts repository and folder; the query may hold `ref` and
/// `commit`, with special letters as %XX. ErrorCode::configuration for anything else in it, and
/// for an address that holds a password, which is then not shown.
[[nodiscard]] Result<GitLocation> parse_git_location(std::string_view text);

}  // namespace dunlin
