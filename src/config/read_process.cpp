// The two layers that come from the process itself: its arguments and its environment.
#include "base/text.hpp"
#include "config/layers.hpp"

#include <set>

namespace dunlin {
namespace {

/// Flyway takes these as options only; dunlin takes them by variable when it is called DUNLIN_.
bool is_no_variable_of_flyway(const Option& option) {
  if (option.key == "configFiles" || option.key == "configFileEncoding") return false;
  return option.place == Place::command_line || option.key == "environment" ||
         option.key == "outputType" || option.key == "color";
}

void note_unknown(std::string_view variable, std::string_view name, Layers& layers) {
  std::vector<std::string> known;
  known.reserve(options().size());
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
      // White space at the ends is left behind by `echo` and by consoles of secret stores; only in
      // a secret it may be meant.
      const std::string value(option.type == OptionType::secret ? std::string_view(found->second)
                                                                : trim(found->second));
      if (value.empty() && option.type != OptionType::list) continue;
      layers.variables.push_back(
          {std::string(option.key), {value}, false, "variable " + name, Source::variable});
      break;
    }
  }
}

}  // namespace

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
      return Error{.code = ErrorCode::usage,
                   .message = fmt::format(
                       "Unable to parse command line params. -{}=... names no placeholder", key),
                   .hint = "write -placeholders.NAME=value"};
    }
    layers.command_line.push_back(std::move(given));
  }
  return {};
}

void read_variables(const ConfigurationInputs& inputs, Layers& layers) {
  read_own_variables(inputs.environment, layers);
  constexpr std::string_view kEnvironments = "ENVIRONMENTS_";
  for (const auto& [variable, value] : inputs.environment.all()) {
    const std::string name = upper(variable);
    if (name.starts_with("FLYWAY_")) {
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
  // The last one counts, and dunlin's own is meant for it.
  for (const auto& [variable, value] : inputs.environment.all()) {
    if (upper(variable).starts_with("DUNLIN_")) read_prefixed(variable, value, layers);
  }
}

}  // namespace dunlin
