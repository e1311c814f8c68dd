// The layer of the files. What stands in [environments.NAME] is kept apart: which NAME it is to be
// is known only when all layers are read.
#include "base/text.hpp"
#include "config/conf_file.hpp"
#include "config/files.hpp"
#include "config/layers.hpp"
#include "config/toml_file.hpp"
#include "migration/encoding.hpp"

#include <algorithm>
#include <optional>
#include <span>

namespace dunlin {
namespace {

namespace fs = std::filesystem;

Error error(std::string message, std::string hint) {
  return {.code = ErrorCode::configuration, .message = std::move(message), .hint = std::move(hint)};
}

bool is_read_before_files(std::string_view key) {
  return key == "configFiles" || key == "configFileEncoding" || key == "workingDirectory";
}

/// The part of a key behind "flyway." or "dunlin."; nothing for other keys, which belong to others.
std::optional<std::string> own_key(std::string_view key) {
  if (!key.starts_with("flyway.") && !key.starts_with("dunlin.")) return std::nullopt;
  return std::string(key.substr(7));
}

Error undecodable(const fs::path& path, std::string_view why, std::string hint) {
  return error(fmt::format("Unable to load config file: {}: {}", path.string(), why),
               std::move(hint));
}

/// UTF-16 read as anything else has no setting at all, which nobody would notice.
Result<void> check_no_utf16(const fs::path& path, std::string_view bytes) {
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    return undecodable(path, "line 1 begins with the mark of UTF-16",
                       "save it as UTF-8, or set -configFileEncoding=UTF-16");
  }
  const auto zero = bytes.find('\0');
  if (zero == std::string_view::npos) return {};
  return undecodable(
      path,
      fmt::format("line {} holds a zero byte", std::ranges::count(bytes.substr(0, zero), '\n') + 1),
      "save it as UTF-8, or name its encoding: -configFileEncoding=UTF-16LE");
}

/// As Flyway, which takes what is no UTF-8 for ISO-8859-1; but not without a word.
Result<std::string> conf_text(const fs::path& path, const std::string& charset, Layers& layers) {
  const std::string bytes = DUNLIN_TRY(file_content(path));
  auto text = decode(bytes, charset);
  const bool is_utf8 = equals_ignoring_case(charset, "UTF-8");
  if (is_utf8) DUNLIN_TRY(check_no_utf16(path, bytes));
  if (text) return text;
  if (!is_utf8) return undecodable(path, text.error().message, "set -configFileEncoding=...");
  layers.warnings.push_back(
      fmt::format("{}: {}: the file is read as ISO-8859-1; save it as UTF-8, or say "
                  "-configFileEncoding=ISO-8859-1",
                  path.string(), text.error().message));
  return decode(bytes, "ISO-8859-1");
}

Error no_place_in_a_file(std::string_view key, std::string_view origin) {
  return error(fmt::format("Failed to configure parameters: flyway.{} ({}) has no place in a file",
                           key, origin),
               fmt::format("write -{}=...", key));
}

/// What throws something away or puts something over it, and Flyway does not know. Options of
/// Flyway's own command line it passes over in such files.
bool is_word_of_a_person(std::string_view key) {
  const Option* const option = find_option(key);
  return option != nullptr && option->place == Place::command_line &&
         (option->group == OptionGroup::fargate || option->group == OptionGroup::snapshots);
}

Result<void> read_conf(const fs::path& path, const std::string& charset,
                       const Environment& environment, Layers& layers) {
  const std::string text = DUNLIN_TRY(conf_text(path, charset, layers));
  for (const ConfLine& line : parse_conf(text)) {
    const auto key = own_key(line.key);
    if (!key) continue;
    const std::string origin = fmt::format("{} line {}", path.string(), line.line);
    if (is_word_of_a_person(*key)) return no_place_in_a_file(*key, origin);
    if (is_read_before_files(*key)) {
      layers.warnings.push_back(fmt::format("{} line {}: {} has no effect in a file", path.string(),
                                            line.line, line.key));
      continue;
    }
    layers.files.push_back(
        {*key, {expand_variables(line.value, environment)}, false, origin, Source::conf_file});
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
  const std::span<const std::string> rest(path);
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
    return no_place_in_a_file(given.key, given.origin);
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

}  // namespace

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

}  // namespace dunlin
