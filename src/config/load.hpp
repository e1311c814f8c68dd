#pragma once

#include "base/environment.hpp"
#include "base/result.hpp"
#include "config/configuration.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dunlin {

/// Everything configuration is read from.
struct ConfigurationInputs {
  std::filesystem::path folder;               ///< the working folder of the process, absolute
  std::optional<std::filesystem::path> home;  ///< the user's folder; a container may have none
  Environment environment;
  /// Of the command line, in order: {"url", "jdbc:..."}.
  std::vector<std::pair<std::string, std::string>> options;
};

/// Lays over each other, later ones win: defaults; the files of the home folder, of the working
/// folder and of -workingDirectory; -configFiles (else FLYWAY_CONFIG_FILES); variables; the command
/// line; and last, as Flyway has it, what [environments.NAME.flyway] says.
///
/// In a folder flyway.conf is looked for, or flyway.toml, flyway.user.toml and dunlin.toml. As soon
/// as there is one TOML file the .conf files of those folders are not read, and when -configFiles
/// names .conf files no TOML file is; naming both kinds is an error. All of this as observed with
/// Flyway 11.14.1.
/// Errors: configuration or usage. References are not resolved.
[[nodiscard]] Result<Configuration> load_configuration(const ConfigurationInputs& inputs);

}  // namespace dunlin
