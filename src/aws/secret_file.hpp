#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <string>

namespace dunlin {

/// All bytes of a file of at most 16 MiB; no copy of them is left behind in memory. The Error has
/// configuration and as its message only the reason ("No such file or directory"), since callers
/// know better what the file is for.
[[nodiscard]] Result<Secret> read_secret_file(const std::string& path);

}  // namespace dunlin
