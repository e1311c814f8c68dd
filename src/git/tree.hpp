#pragma once

#include "base/result.hpp"
#include "git/limits.hpp"
#include "git/object.hpp"

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin::git {

/// Who committed what.
struct Commit {
  std::string id;       ///< 40 hex digits
  std::string author;   ///< "Ada Lovelace <ada@example.org>"
  std::string date;     ///< of the author: "2021-01-01T09:30:00+01:00"
  std::string subject;  ///< first paragraph of the message, on one line
  std::string text;     ///< the whole object, for checking its signature
  std::string signer;   ///< who signed it, by the allowed signers; empty if nobody asked
};

struct File {
  enum class Kind { regular, symlink, submodule } kind = Kind::regular;
  /// The bytes; a symlink's target; empty for a submodule. Null when they were not fetched.
  std::shared_ptr<const std::string> content;
  ObjectId id;  ///< of the blob
};

/// A commit and all files of its tree, by path: "sql/V1__a.sql". No path is absolute or has an
/// empty part, `.`, `..` or `.git` in it.
struct Tree {
  Commit commit;
  std::map<std::string, File, std::less<>> files;
};

/// Whether the objects must hold the content of each file.
enum class Contents { all, some };

/// Follows an annotated tag to its commit and reads the commit's tree.
/// ErrorCode::source_failed when an object is missing, malformed or of the wrong type, when a name
/// must not stand in a tree, and beyond `limits.files`.
[[nodiscard]] Result<Tree> read_tree(const Objects& objects, const ObjectId& id,
                                     const Limits& limits, Contents contents = Contents::all);

/// Is the path one of `wanted`, or below one? An empty path wants everything.
[[nodiscard]] bool is_wanted(std::string_view path, const std::vector<std::string>& wanted);

}  // namespace dunlin::git
