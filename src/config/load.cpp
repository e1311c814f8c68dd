// Settings are read into lists of Given, one list a layer, and laid over each other here.
#include "config/load.hpp"

#include "base/text.hpp"
#include "config/layers.hpp"

#include <algorithm>

namespace dunlin {
namespace {

Error error(std::string message, std::string hint) {
  return {.code = ErrorCode::configuration, .message = std::move(message), .hint = std::move(hint)};
}

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
  names.reserve(layers.environments.size());
  for (const auto& [name, ignored] : layers.environments) names.push_back(name);
  return error(fmt::format("Failed to configure parameters: environment {} ({}) is not in the "
                           "configuration",
                           choice.name, choice.origin),
               names.empty() ? fmt::format("write a table [environments.{}]", choice.name)
                             : fmt::format("there {} {}", names.size() == 1 ? "is" : "are",
                                           join(names, ", ")));
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
