#pragma once

#include "base/result.hpp"
#include "config/configuration.hpp"
#include "config/load.hpp"

#include <map>
#include <string>
#include <vector>

namespace dunlin {

/// What one [environments.NAME] says, in the order in which it was read.
struct NamedEnvironment {
  std::vector<Given> connection;  ///< url, user, ...
  std::vector<Given> overrides;   ///< of its flyway table
};

/// Everything read so far, layer by layer.
struct Layers {
  std::vector<Given> files;
  std::vector<Given> variables;
  std::vector<Given> command_line;
  std::map<std::string, NamedEnvironment, std::less<>> environments;
  std::vector<std::string> warnings;
  std::vector<std::string> notes;
  bool from_conf = false;
};

/// Takes the options of the command line in. Error: usage, when one is given twice.
Result<void> read_command_line(const ConfigurationInputs& inputs, Layers& layers);
/// Takes FLYWAY_..., DUNLIN_..., environments_... and the job's own variables in.
void read_variables(const ConfigurationInputs& inputs, Layers& layers);
/// Takes the files in; to be called last, since the others say which files there are.
Result<void> read_files(const ConfigurationInputs& inputs, Layers& layers);

}  // namespace dunlin
