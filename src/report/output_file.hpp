#pragma once

#include "base/result.hpp"
#include "migration/script_name.hpp"

#include <filesystem>
#include <string_view>

namespace dunlin {

/// configuration when what is to be written would go over a script, or would be one: a file named
/// like a migration or callback (or the .conf beside it), or an existing one with their suffix.
/// @param option  that names the file, for the message
Result<void> check_output_file(std::string_view option, const std::filesystem::path& file,
                               const NamingOptions& naming);

}  // namespace dunlin
