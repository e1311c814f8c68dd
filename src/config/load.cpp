// Settings are read into lists of Given, one list a layer, and laid over each other. What stands in
// [environments.NAME] waits until all layers have said which NAME it is.
#include "config/load.hpp"

#include "base/text.hpp"
#include "config/conf_file.hpp"
#include "config/files.hpp"
#include "config/toml_file.hpp"
#include "migration/encoding.hpp"

#include <algorithm>
#include <map>
#include <ranges>
#include <set>

namespace dunlin {
namespace {

namespace fs = std::filesystem;

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

Error error(std::string message, std::string hint) {
  return {.code = ErrorCode::configuration, .message = std::move(message), .hint = std::move(hint)};
}

bool is_read_before_files(std::string_view key) {
  return key == "configFiles" || key == "configFileEncoding" || key == "workingDirectory";
}

/// Flyway takes these as options only; dunlin takes them by variable when it is called DUNLIN_.
bool is_no_variable_of_flyway(const Option& option) {
  if (option.key == "configFiles" || option.key == "configFileEncoding") return false;
  return option.place == Place::command_line || option.key == "environment" ||
         option.key == "outputType" || option.key == "color";
}

// --- the command line

Result<void> read_command_line(const ConfigurationInputs& inputs, Layers& layers) {
  std::set<std::string> seen;
  for (const auto& [key, value] : inputs.options) {
    if (!seen.insert(key).second) {
      return Error{.code = ErrorCode::usage,
                   .message = fmt::format("option -{} is given twice", key),
                   .hint = "keep one"};
    }
    Given given{.key = key, .values = {value}, .origin = "option -" + key};
    given.source = Source::command_line;
    constexpr std::string_view kEnvironments = "environments.";
    const auto dot = key.find('.', kEnvironments.size());
    if (key.starts_with(kEnvironments) && dot != std::string::npos) {
      const std::string name = key.substr(kEnvironments.size(), dot - kEnvironments.size());
      given.key = key.substr(dot + 1);
      layers.environments[name].connection.push_back(std::move(given));
      continue;
    }
    if (key.starts_with("placeholders.") && find_option(key) == nullptr) {
      return error(fmt::format("Unable to parse command line params. -{}={} names no placeholder",
                               key, value),
                   "write -placeholders.NAME=value");
    }
    layers.command_line.push_back(std::move(given));
  }
  return {};
}

// --- variables

void note_unknown(std::string_view variable, std::string_view name, Layers& layers) {
  std::vector<std::string> known;
  for (const Option& option : options()) known.push_back(variable_name(option.key));
  const auto near = nearest(name, known, 1);
  if (near.empty() || edit_distance(upper(name), near.front()) > 2) {
    layers.notes.push_back(fmt::format("variable {} names no option", variable));
  } else {
    layers.warnings.push_back(fmt::format("variable {} names no option: did you mean {}{}?",
                                          variable, variable.substr(0, 7), near.front()));
  }
}

void read_prefixed(const std::string& variable, const std::string& value, Layers& layers) {
  const bool is_flyway = upper(variable).starts_with("FLYWAY_");
  const std::string name = variable.substr(7);  // both prefixes are seven letters long
  const auto key = key_of_variable(name);
  if (!key) return note_unknown(variable, name, layers);
  const Option& option = *find_option(*key);
  if (is_flyway && is_no_variable_of_flyway(option)) {
    layers.warnings.push_back(
        fmt::format("variable {} is not read, as by Flyway: write -{}=... or DUNLIN_{}", variable,
                    *key, variable_name(*key)));
    return;
  }
  if (option.standing == Standing::left_out) {
    layers.warnings.push_back(fmt::format("variable {} has no effect: {}", variable, option.note));
    return;
  }
  layers.variables.push_back({*key, {value}, false, "variable " + variable, Source::variable});
}

/// The job's own variables. An empty one counts as not set, since task definitions cannot leave one
/// out; but an empty list is a list.
void read_own_variables(const Environment& environment, Layers& layers) {
  for (const Option& option : options()) {
    for (const std::string& name : split_list(option.variables, ' ')) {
      const auto found = environment.all().find(name);
      if (found == environment.all().end()) continue;
      if (found->second.empty() && option.type != OptionType::list) continue;
      layers.variables.push_back(
          {std::string(option.key), {found->second}, false, "variable " + name, Source::variable});
      break;
    }
  }
}

void read_variables(const ConfigurationInputs& inputs, Layers& layers) {
  read_own_variables(inputs.environment, layers);
  constexpr std::string_view kEnvironments = "ENVIRONMENTS_";
  for (const auto& [variable, value] : inputs.environment.all()) {
    const std::string name = upper(variable);
    if (name.starts_with("FLYWAY_") || name.starts_with("DUNLIN_")) {
      read_prefixed(variable, value, layers);
    } else if (name.starts_with(kEnvironments)) {
      // ENVIRONMENTS_DEV_URL: the name ends where an option's begins, so no underscores in it
      const auto end = variable.find('_', kEnvironments.size());
      if (end == std::string::npos) continue;
      const auto key = key_of_variable(variable.substr(end + 1));
      const auto length = end - kEnvironments.size();
      const std::string environment = lower(variable.substr(kEnvironments.size(), length));
      if (!key || find_option(*key)->place != Place::environment) continue;
      layers.environments[environment].connection.push_back(
          {*key, {value}, false, "variable " + variable, Source::variable});
    }
  }
}

// --- files

/// The part of a key behind "flyway." or "dunlin."; nothing for other keys, which belong to others.
std::optional<std::string> own_key(std::string_view key) {
  if (!key.starts_with("flyway.") && !key.starts_with("dunlin.")) return std::nullopt;
  return std::string(key.substr(7));
}

Result<void> read_conf(const fs::path& path, const std::string& charset,
                       const Environment& environment, Layers& layers) {
  std::string bytes = DUNLIN_TRY(file_content(path));
  auto text = decode(bytes, charset);
  if (!text && equals_ignoring_case(charset, "UTF-8")) text = decode(bytes, "ISO-8859-1");
  if (!text) {
    return error(
        fmt::format("Unable to load config file: {}: {}", path.string(), text.error().message),
        "set -configFileEncoding=...");
  }
  for (const ConfLine& line : parse_conf(*text)) {
    const auto key = own_key(line.key);
    if (!key) continue;
    if (is_read_before_files(*key)) {
      layers.warnings.push_back(fmt::format("{} line {}: {} has no effect in a file", path.string(),
                                            line.line, line.key));
      continue;
    }
    layers.files.push_back({*key,
                            {expand_variables(line.value, environment)},
                            false,
                            fmt::format("{} line {}", path.string(), line.line),
                            Source::conf_file});
  }
  return {};
}

std::string joined(std::span<const std::string> path) {
  return join({path.begin(), path.end()}, ".");
}

/// Flyway resolves ${env.NAME} in [environments.*], and nowhere else.
Result<std::string> with_environment(std::string_view value, const Environment& environment,
                                     std::string_view origin) {
  constexpr std::string_view kBegin = "${env.";
  std::string result;
  std::size_t from = 0;
  for (auto at = value.find(kBegin); at != std::string_view::npos; at = value.find(kBegin, from)) {
    const auto end = value.find('}', at);
    if (end == std::string_view::npos) break;
    const auto name = value.substr(at + kBegin.size(), end - at - kBegin.size());
    const auto found = environment.all().find(name);
    if (found == environment.all().end()) {
      return error(fmt::format("Unable to resolve environment variable: {} ({})", name, origin),
                   fmt::format("set {}", name));
    }
    result += value.substr(from, at - from);
    result += found->second;
    from = end + 1;
  }
  return result + std::string(value.substr(from));
}

/// Arrays are for lists and for nothing else, as with Flyway.
Result<void> check_kind(const Given& given) {
  const Option* const option = find_option(given.key);
  if (option == nullptr) return {};
  const bool is_list = option->type == OptionType::list;
  if (is_list == given.is_list) return {};
  return error(fmt::format("Unable to load config file: {}: {} takes {}", given.origin, given.key,
                           is_list ? "an array" : "no array"),
               is_list ? fmt::format("write {} = [\"...\"]", given.key)
                       : fmt::format("write {} = \"...\"", given.key));
}

Result<void> read_environment(const std::vector<std::string>& path, Given given,
                              const Environment& environment, Layers& layers) {
  NamedEnvironment& named = layers.environments[path[1]];
  std::span<const std::string> rest(path);
  const bool is_override = path.size() > 3 && (path[2] == "flyway" || path[2] == "dunlin");
  given.key = joined(rest.subspan(is_override ? 3 : 2));
  for (std::string& value : given.values) {
    value = DUNLIN_TRY(with_environment(value, environment, given.origin));
  }
  DUNLIN_TRY(check_kind(given));
  (is_override ? named.overrides : named.connection).push_back(std::move(given));
  return {};
}

Result<void> read_flyway_table(const std::vector<std::string>& path, Given given, Layers& layers) {
  given.key = joined(std::span(path).subspan(1));
  const Option* const option = find_option(given.key);
  if (option != nullptr && option->place == Place::environment) {
    return error(fmt::format("Failed to configure parameters: flyway.{} ({}) belongs to an "
                             "environment",
                             given.key, given.origin),
                 fmt::format("write it as {} in [environments.default]", given.key));
  }
  if (option != nullptr && option->place == Place::command_line) {
    return error(
        fmt::format("Failed to configure parameters: flyway.{} ({}) has no place in a file",
                    given.key, given.origin),
        fmt::format("write -{}=...", given.key));
  }
  DUNLIN_TRY(check_kind(given));
  if (std::ranges::any_of(given.values, [](const auto& each) { return each.contains("${env."); })) {
    layers.warnings.push_back(fmt::format(
        "{}: ${{env.NAME}} is taken literally outside of [environments]: write ${{env:NAME}}",
        given.origin));
  }
  layers.files.push_back(std::move(given));
  return {};
}

Result<void> read_toml(const fs::path& path, const Environment& environment, Layers& layers) {
  const std::string text = DUNLIN_TRY(file_content(path));
  for (TomlSetting& setting : DUNLIN_TRY(parse_toml(text, path.string()))) {
    Given given{.values = std::move(setting.values), .is_list = setting.is_list};
    given.origin = fmt::format("{} line {}", path.string(), setting.line);
    given.source = Source::toml_file;
    const std::string& table = setting.path.front();
    if (table == "environments" && setting.path.size() > 2) {
      DUNLIN_TRY(read_environment(setting.path, std::move(given), environment, layers));
    } else if ((table == "flyway" || table == "dunlin") && setting.path.size() > 1) {
      DUNLIN_TRY(read_flyway_table(setting.path, std::move(given), layers));
    }
  }
  return {};
}

/// The text of an option that is read before any file.
std::optional<Given> early(const Layers& layers, std::string_view key) {
  for (const auto* layer : {&layers.command_line, &layers.variables}) {
    const auto found = std::ranges::find(*layer, key, &Given::key);
    if (found != layer->end()) return *found;
  }
  return std::nullopt;
}

Result<void> read_files(const ConfigurationInputs& inputs, Layers& layers) {
  ConfigurationFolders folders{.working = inputs.folder, .home = inputs.home};
  if (const auto directory = early(layers, "workingDirectory");
      directory && !directory->values.front().empty()) {
    folders.directory = (inputs.folder / directory->values.front()).lexically_normal();
  }
  std::vector<std::string> named;
  if (const auto given = early(layers, "configFiles")) named = split_list(given->values.front());
  const ConfigurationFiles files = DUNLIN_TRY(choose_files(folders, named));
  for (const fs::path& path : files.missing) {
    layers.warnings.push_back(fmt::format(
        "One or more specified configuration files could not be found: {}", path.string()));
  }
  layers.from_conf = files.is_conf;
  const auto charset = early(layers, "configFileEncoding");
  const std::string encoding = charset ? charset->values.front() : "UTF-8";
  for (const fs::path& path : files.paths) {
    DUNLIN_TRY(files.is_conf ? read_conf(path, encoding, inputs.environment, layers)
                             : read_toml(path, inputs.environment, layers));
  }
  return {};
}

// --- laying them over each other

/// Which [environments.NAME] is meant.
struct Choice {
  std::string name = "default";
  std::string origin;  ///< empty: nobody chose
};

Choice chosen_environment(const Layers& layers) {
  Choice choice;
  for (const auto* layer : {&layers.files, &layers.variables, &layers.command_line}) {
    for (const Given& given : *layer) {
      if (given.key == "environment") choice = {given.values.front(), given.origin};
    }
  }
  return choice;
}

bool says_where_to_connect(const Layers& layers) {
  const auto connects = [](const Given& given) {
    const Option* const option = find_option(given.key);
    return option != nullptr && option->place == Place::environment;
  };
  return std::ranges::any_of(layers.variables, connects) ||
         std::ranges::any_of(layers.command_line, connects);
}

Result<void> check_choice(const Choice& choice, const Layers& layers) {
  if (choice.origin.empty() || layers.environments.contains(choice.name) ||
      says_where_to_connect(layers)) {
    return {};
  }
  std::vector<std::string> names;
  for (const auto& [name, ignored] : layers.environments) names.push_back(name);
  return error(fmt::format("Failed to configure parameters: environment {} ({}) is not in the "
                           "configuration",
                           choice.name, choice.origin),
               names.empty() ? fmt::format("write a table [environments.{}]", choice.name)
                             : "there are " + join(names, ", "));
}

/// Flyway 7's ignore...Migrations, as patterns of ignoreMigrationPatterns.
Result<void> translate_older(Configuration& configuration) {
  std::vector<std::string> patterns = configuration.list("ignoreMigrationPatterns");
  bool is_changed = false;
  for (const Option& option : options()) {
    if (option.standing != Standing::older || !configuration.has(option.key)) continue;
    const std::string pattern(option.note);
    std::erase(patterns, pattern);
    if (configuration.boolean(option.key)) patterns.push_back(pattern);
    is_changed = true;
    configuration.warnings.push_back(
        fmt::format("{} ({}) is a name of Flyway 7: write ignoreMigrationPatterns={}", option.key,
                    configuration.origin(option.key), join(patterns, ",")));
  }
  if (!is_changed) return {};
  return configuration.put({"ignoreMigrationPatterns", patterns, true, "older options"});
}

void note_inert(Configuration& configuration) {
  for (const Option& option : options()) {
    if (option.standing == Standing::inert && configuration.has(option.key)) {
      configuration.notes.push_back(fmt::format("{} ({}) has no effect: {}", option.key,
                                                configuration.origin(option.key), option.note));
    }
  }
}

Result<void> put_all(std::vector<Given> layer, Configuration& configuration) {
  for (Given& given : layer) DUNLIN_TRY(configuration.put(std::move(given)));
  return {};
}

/// What an environment's own keys may be: Flyway overlooks others, dunlin says so.
void drop_unknown(std::vector<Given>& connection, Layers& layers) {
  std::erase_if(connection, [&](const Given& given) {
    const Option* const option = find_option(given.key);
    if (option != nullptr && option->place == Place::environment) return false;
    layers.warnings.push_back(
        fmt::format("{} ({}) has no effect in an environment", given.key, given.origin));
    return true;
  });
}

Result<void> put_overrides(NamedEnvironment named, const std::string& name,
                           Configuration& configuration) {
  for (Given& given : named.overrides) {
    const std::string before = configuration.origin(given.key);
    if (before.starts_with("option ") || before.starts_with("variable ")) {
      configuration.warnings.push_back(fmt::format("{} of environment {} ({}) wins over {}",
                                                   given.key, name, given.origin, before));
    }
    DUNLIN_TRY(configuration.put(std::move(given)));
  }
  return {};
}

int rank(const Given& given) {
  if (given.source == Source::command_line) return 2;
  return given.source == Source::variable ? 1 : 0;
}

Result<Configuration> laid_over_each_other(Layers layers) {
  Configuration configuration;
  configuration.from_conf = layers.from_conf;
  const Choice choice = chosen_environment(layers);
  DUNLIN_TRY(check_choice(choice, layers));
  NamedEnvironment named;
  if (const auto found = layers.environments.find(choice.name);
      found != layers.environments.end()) {
    named = found->second;
  }
  // they were not read in the order in which they count: a file's comes first
  std::ranges::stable_sort(named.connection, {}, rank);
  drop_unknown(named.connection, layers);
  DUNLIN_TRY(put_all(std::move(layers.files), configuration));
  DUNLIN_TRY(put_all(std::move(named.connection), configuration));
  DUNLIN_TRY(put_all(std::move(layers.variables), configuration));
  DUNLIN_TRY(put_all(std::move(layers.command_line), configuration));
  configuration.warnings = std::move(layers.warnings);
  configuration.notes = std::move(layers.notes);
  DUNLIN_TRY(put_overrides(std::move(named), choice.name, configuration));
  DUNLIN_TRY(translate_older(configuration));
  note_inert(configuration);
  return configuration;
}

}  // namespace

Result<Configuration> load_configuration(const ConfigurationInputs& inputs) {
  Layers layers;
  DUNLIN_TRY(read_command_line(inputs, layers));
  read_variables(inputs, layers);
  DUNLIN_TRY(read_files(inputs, layers));
  return laid_over_each_other(std::move(layers));
}

}  // namespace dunlin
