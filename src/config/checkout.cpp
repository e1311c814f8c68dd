#include "config/checkout.hpp"

#include "base/text.hpp"
#include "config/conf_file.hpp"
#include "config/toml_file.hpp"
#include "migration/encoding.hpp"

#include <algorithm>
#include <array>
#include <ranges>
#include <vector>

namespace dunlin {
namespace {

constexpr std::array<std::string_view, 3> kNames = {"flyway.conf", "flyway.toml", "dunlin.toml"};

Error refused(const Given& given, std::string_view reason, std::string hint) {
  return {.code = ErrorCode::configuration,
          .message = fmt::format("{} ({} of the checkout) {}", given.key, given.origin, reason),
          .hint = std::move(hint)};
}

/// True if the path may lead out of the checkout, or names another source: a colon stands in
/// "git:", "s3:" and "C:", and a path of scripts needs none.
bool leads_out(std::string_view path) {
  path = trim(path);
  if (path.starts_with("filesystem:")) path.remove_prefix(std::string_view("filesystem:").size());
  if (path.starts_with('/') || path.starts_with('~')) return true;
  if (path.find_first_of(":\\") != std::string_view::npos) return true;
  const auto folders = split(path, '/');
  return std::ranges::find(folders, "..") != folders.end();
}

Result<void> check(const Given& given) {
  const Option* const option = find_option(given.key);
  const bool is_connection = given.key.starts_with("environments.");
  if (option == nullptr && !is_connection) return check_key(given, false);
  if (is_connection || option->checkout == Checkout::no) {
    return refused(
        given, "may not be set by the repository",
        fmt::format("set it where the job is started, with -{}=... or a variable", given.key));
  }
  for (const std::string& value : given.values) {
    if (has_reference(value) || value.contains("${env.")) {
      return refused(given, "holds a reference, and values of the repository are literal",
                     "write the value itself, or set it where the job is started");
    }
    if (option->checkout != Checkout::path) continue;
    if (std::ranges::any_of(split(value, ','), leads_out)) {
      return refused(given, fmt::format("leads out of the checkout: {}", value),
                     "name folders of the repository, such as filesystem:sql");
    }
  }
  return {};
}

/// The key without its table: "flyway.locations" and "dunlin.locations" are "locations". Keys of
/// environments keep their table, and so have no row.
std::string own_key(const std::string& key) {
  const bool is_own = key.starts_with("flyway.") || key.starts_with("dunlin.");
  return is_own ? key.substr(7) : key;
}

Result<void> read_conf(const CheckoutFile& file, std::vector<Given>& settings) {
  const auto bad = std::min(find_invalid_utf8(file.content), file.content.find('\0'));
  if (bad != std::string_view::npos) {
    const auto line = std::ranges::count(file.content.substr(0, bad), '\n') + 1;
    return Error{.code = ErrorCode::configuration,
                 .message = fmt::format("{} line {} is not UTF-8", file.name, line),
                 .hint = "save the file as UTF-8"};
  }
  for (const ConfLine& line : parse_conf(file.content)) {
    const std::string key = own_key(line.key);
    if (key == line.key) continue;  // Flyway passes over what is not its own
    Given given{.key = key, .values = {line.value}};
    given.origin = fmt::format("{} line {}", file.name, line.line);
    given.source = Source::conf_file;
    if (has_variables(line.value)) {
      return refused(given, "holds a reference, and values of the repository are literal",
                     "write the value itself, or set it where the job is started");
    }
    settings.push_back(std::move(given));
  }
  return {};
}

Result<void> read_toml(const CheckoutFile& file, std::vector<Given>& settings) {
  for (TomlSetting& setting : DUNLIN_TRY(parse_toml(file.content, file.name))) {
    const std::string& table = setting.path.front();
    if (table != "flyway" && table != "dunlin" && table != "environments") continue;
    Given given{.key = own_key(join(setting.path, "."))};
    given.values = std::move(setting.values);
    given.is_list = setting.is_list;
    given.origin = fmt::format("{} line {}", file.name, setting.line);
    given.source = Source::toml_file;
    settings.push_back(std::move(given));
  }
  return {};
}

}  // namespace

bool is_checkout_configuration(std::string_view name) {
  return std::ranges::find(kNames, name) != kNames.end();
}

Result<void> lay_under(Configuration& configuration, std::span<const CheckoutFile> files) {
  const bool has_toml =
      std::ranges::any_of(files, [](const auto& file) { return file.name.ends_with(".toml"); });
  std::vector<Given> settings;
  for (const std::string_view name : kNames) {  // later ones win
    const auto file = std::ranges::find(files, name, &CheckoutFile::name);
    if (file == files.end()) continue;
    if (name.ends_with(".toml")) {
      DUNLIN_TRY(read_toml(*file, settings));
    } else if (!has_toml) {
      DUNLIN_TRY(read_conf(*file, settings));
    }
  }
  for (const Given& given : settings) DUNLIN_TRY(check(given));
  // the last of a key wins in its file, so the first to be laid under the rest
  for (Given& given : settings | std::views::reverse) {
    DUNLIN_TRY(configuration.put_below(std::move(given)));
  }
  return {};
}

}  // namespace dunlin
