#pragma once

#include "base/resource.hpp"
#include "base/result.hpp"

#include <string>
#include <vector>

namespace dunlin {

/// The commit that scripts come from.
struct ScriptOrigin {
  std::string repository;             ///< its address
  std::string ref;                    ///< "refs/heads/develop", "refs/tags/v1", or the id
  std::string commit;                 ///< full id
  std::string author, date, subject;  ///< "Ada <a@x.org>", "2021-01-01T09:30:00+01:00"
  std::string signer;                 ///< by the allowed signers; empty if that was not asked
  friend bool operator==(const ScriptOrigin&, const ScriptOrigin&) = default;
};

/// What a source holds below the locations asked for.
struct Listing {
  struct Location {
    std::string text;  ///< with its prefix, as reports show it: "filesystem:./sql"
    std::string root;  ///< where the search began, as messages name it: "./sql"
    bool found = true;
    std::string problem;          ///< why it was not found: "not found", "not a directory"
    std::vector<Resource> files;  ///< sorted by path; every regular file, whatever its name
  };
  std::vector<Location> locations;    ///< sorted by text, without duplicates and sub-locations
  std::vector<ScriptOrigin> origins;  ///< none for folders
  std::vector<std::string> notes;     ///< warnings: "Discarding location 'x' as it is a sub-..."
};

/// Where scripts come from: a folder or a commit of a Git repository.
class ScriptSource {
 public:
  virtual ~ScriptSource() = default;
  /// All files below the locations, sub-folders included.
  virtual Result<Listing> list(const std::vector<std::string>& locations) = 0;
};

}  // namespace dunlin
