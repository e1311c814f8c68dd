#pragma once

#include "base/result.hpp"
#include "git/object.hpp"
#include "git/pkt_line.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace dunlin::git {

struct Ref {
  std::string name;    ///< "refs/heads/master", "HEAD"
  ObjectId id;         ///< a commit, or an annotated tag's own object
  std::string target;  ///< of HEAD: the branch it stands for, where the server says it
};

/// What the server says first: its version, what it can do, and in version 0 its refs.
struct Advertisement {
  int version = 0;
  std::vector<Ref> refs;                  ///< empty in version 2, where they are asked for
  std::vector<std::string> capabilities;  ///< "ofs-delta", "object-format=sha1", ...

  [[nodiscard]] bool has(std::string_view capability) const;
  /// Does it send folders without the files in them?
  [[nodiscard]] bool can_filter() const;
};

/// Reads it. ErrorCode::source_failed also for a repository whose objects are named by SHA-256.
[[nodiscard]] Result<Advertisement> read_advertisement(PacketReader& reader, bool is_http);
/// Reads the answer to version 2's ls-refs.
[[nodiscard]] Result<std::vector<Ref>> read_refs(PacketReader& reader);

/// What to fetch for what a person asked for.
struct Wanted {
  ObjectId id;
  std::string name;        ///< "refs/heads/develop", also for HEAD; the id itself for a commit
  bool is_commit = false;  ///< a full commit id that no branch or tag points at
};

/// A branch wins over a tag of the same name, that over a full name (refs/pull/7/head, HEAD), and
/// that over a full commit id of 40 hex digits.
/// ErrorCode::missing_branch names branches that look alike.
[[nodiscard]] Result<Wanted> choose(const std::vector<Ref>& refs, std::string_view asked);

}  // namespace dunlin::git
