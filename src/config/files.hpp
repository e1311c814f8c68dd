#pragma once

#include "base/result.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace dunlin {

/// Which files of configuration are read, in this order; later ones win.
struct ConfigurationFiles {
  std::vector<std::filesystem::path> paths;
  bool is_conf = false;                        ///< .conf files, else TOML ones
  std::vector<std::filesystem::path> missing;  ///< named, but not there
};

struct ConfigurationFolders {
  std::filesystem::path working;
  std::optional<std::filesystem::path> home;
  std::optional<std::filesystem::path> directory;  ///< -workingDirectory, absolute
};

/// Chooses the files: those that were named, below -workingDirectory where it is given, and those
/// that lie in the folders by themselves. See load_configuration.
/// Error: configuration, when TOML and .conf files are both named, or when a file is missing and
/// settings come from .conf files.
[[nodiscard]] Result<ConfigurationFiles> choose_files(const ConfigurationFolders& folders,
                                                      const std::vector<std::string>& named);

/// All bytes. Error: configuration; it names the file and the reason.
[[nodiscard]] Result<std::string> file_content(const std::filesystem::path& path);

}  // namespace dunlin
