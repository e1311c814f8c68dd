#pragma once

#include "base/result.hpp"

#include <functional>
#include <string>

namespace dunlin {

/// One file of a source (a folder, a Git tree): where it stands and how to get its bytes.
struct Resource {
  std::string path;   ///< below its location, with '/': "a/V1__x.sql"
  std::string shown;  ///< as reports name it: an absolute path, or REPOSITORY@COMMIT:path
  std::function<Result<std::string>()> read;  ///< all bytes; may be called more than once
};

}  // namespace dunlin
