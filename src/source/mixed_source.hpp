#pragma once

#include "base/result.hpp"
#include "source/git_location.hpp"
#include "source/git_source.hpp"
#include "source/script_source.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace dunlin {

/// Fetches what some locations name: all of one repository, ref and expected commit.
/// @param folders  those of the locations, without wildcards
using OpenRepository = std::function<Result<std::unique_ptr<GitSource>>(
    const GitLocation& location, std::vector<std::string> folders)>;

/// Locations of every kind: those in Git repositories (see is_git_location) are fetched, each
/// repository once; all others are the business of another source.
class MixedSource final : public ScriptSource {
 public:
  /// `others` outlives the object.
  MixedSource(ScriptSource& others, OpenRepository open)
      : others_(others), open_(std::move(open)) {}

  /// Errors: those of both, and of opening.
  Result<Listing> list(const std::vector<std::string>& locations) override;

 private:
  using Group = std::vector<GitLocation>;
  Result<void> list_group(const Group& group, Listing& listing);
  Result<GitSource*> opened(const Group& group);

  ScriptSource& others_;
  OpenRepository open_;
  std::map<std::string, std::unique_ptr<GitSource>> repositories_;
};

}  // namespace dunlin
