#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace dunlin::docs {

/// All bytes of a file. configuration when it cannot be read.
Result<std::string> read_file(const std::filesystem::path& path);

/// Puts `text` in the place of an existing file, all of it or nothing: it is written beside it,
/// reaches the disk, and takes the name. Permissions stay; of a symbolic link the file it leads to
/// is replaced. configuration when that cannot be done.
Result<void> replace_file(const std::filesystem::path& path, std::string_view text);

}  // namespace dunlin::docs
