#pragma once

#include "base/resource.hpp"
#include "base/result.hpp"

#include <string>
#include <vector>

namespace dunlin {

/// What a source holds below the locations asked for.
struct Listing {
  struct Location {
    std::string text;  ///< as configured: "filesystem:./sql"
    bool found = true;
    std::vector<Resource> files;  ///< sorted by path; every regular file, whatever its name
  };
  std::vector<Location> locations;
  std::vector<std::string> notes;  ///< "Discarding location 'x' as it is a sub-location of 'y'"
};

/// Where scripts come from: a folder or a commit of a Git repository.
class ScriptSource {
 public:
  virtual ~ScriptSource() = default;
  /// All files below the locations, sub-folders included.
  virtual Result<Listing> list(const std::vector<std::string>& locations) = 0;
};

}  // namespace dunlin
