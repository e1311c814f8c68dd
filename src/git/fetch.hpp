#pragma once

#include "base/result.hpp"
#include "git/limits.hpp"
#include "git/object.hpp"
#include "git/remote.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin::git {

/// What came over the wire for one branch, tag or commit.
struct Fetched {
  std::string ref;  ///< "refs/heads/develop", or the commit's id
  ObjectId id;      ///< a commit or an annotated tag, and among the objects
  Objects objects;
  /// Fetches these contents of files; empty when `objects` holds all of them.
  std::function<Result<Objects>(const std::vector<ObjectId>& blobs)> more;
};

/// How much of a commit's files somebody wants.
enum class Wish { all_files, some_files };

/// Fetches one commit without its history. A branch or tag takes protocol version 0 (one round trip
/// less); a full commit id is asked for by version 2, where a server gives any commit. A server
/// that knows version 0 only and does not offer commits by id is asked for all branches with their
/// history, within the limits, and the commit is looked for there.
///
/// When only some files are wanted and the whole commit takes more than `limits.whole`, only its
/// folders are fetched and each file when it is asked for (Git's `filter=blob:none`); that takes
/// version 2 and a server that allows it.
/// Errors: missing_branch, source_failed, and what the remote's connection can fail with.
[[nodiscard]] Result<Fetched> fetch(std::shared_ptr<Remote> remote, std::string_view asked,
                                    const Limits& limits, Wish wish = Wish::all_files);

}  // namespace dunlin::git
