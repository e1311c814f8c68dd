#pragma once

#include "base/result.hpp"
#include "config/configuration.hpp"
#include "engine/options.hpp"

namespace dunlin {

/// How the files of scripts are called.
[[nodiscard]] NamingOptions naming_options(const Configuration& configuration);

/// What the engine needs of the configuration, whose references are resolved. configuration when a
/// version, target or pattern is malformed.
/// @param working_directory  for ${flyway:workingDirectory}
Result<EngineOptions> engine_options(const Configuration& configuration,
                                     const std::string& working_directory);

}  // namespace dunlin
