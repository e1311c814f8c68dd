#include "config/files.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>

namespace dunlin {
namespace {

namespace fs = std::filesystem;

bool is_file(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored) && !fs::is_directory(path, ignored);
}

bool is_toml(const fs::path& path) { return path.extension() == ".toml"; }

std::vector<fs::path> found_in(const ConfigurationFolders& folders,
                               const std::vector<const char*>& names) {
  std::vector<fs::path> result;
  const auto look = [&](const fs::path& folder) {
    for (const char* name : names) {
      const fs::path path = (folder / name).lexically_normal();
      if (is_file(path) && std::ranges::find(result, path) == result.end()) result.push_back(path);
    }
  };
  if (folders.home) look(*folders.home);
  look(folders.working);
  if (folders.directory) look(*folders.directory);
  return result;
}

std::string shown(const std::vector<fs::path>& paths) {
  std::vector<std::string> texts;
  texts.reserve(paths.size());
  for (const fs::path& path : paths) texts.push_back(path.string());
  return join(texts, ", ");
}

void append(std::vector<fs::path>& to, const std::vector<fs::path>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

/// Files that somebody named, by kind.
struct Named {
  std::vector<fs::path> toml;
  std::vector<fs::path> conf;
  std::vector<fs::path> missing;
};

Named sorted_by_kind(const fs::path& base, const std::vector<std::string>& names) {
  Named named;
  for (const std::string& name : names) {
    const fs::path path = (base / name).lexically_normal();
    if (!is_file(path)) {
      named.missing.push_back(path);
    } else {
      (is_toml(path) ? named.toml : named.conf).push_back(path);
    }
  }
  return named;
}

Error error(std::string message, std::string hint) {
  return {.code = ErrorCode::configuration, .message = std::move(message), .hint = std::move(hint)};
}

}  // namespace

Result<ConfigurationFiles> choose_files(const ConfigurationFolders& folders,
                                        const std::vector<std::string>& names) {
  const Named named = sorted_by_kind(folders.directory.value_or(folders.working), names);
  if (!named.toml.empty() && !named.conf.empty()) {
    return error(fmt::format("Using both TOML configuration and CONF configuration is not "
                             "supported. Please remove the CONF configuration files. ({} and {})",
                             shown(named.toml), shown(named.conf)),
                 "name files of one kind");
  }
  const auto own_toml = found_in(folders, {"flyway.toml", "flyway.user.toml", "dunlin.toml"});
  const auto own_conf = found_in(folders, {"flyway.conf"});
  const bool has_toml = !named.toml.empty() || !own_toml.empty();
  ConfigurationFiles result;
  result.is_conf = !named.conf.empty() || (!has_toml && !own_conf.empty());
  result.paths = result.is_conf ? own_conf : own_toml;
  append(result.paths, result.is_conf ? named.conf : named.toml);
  result.missing = named.missing;
  if (!result.is_conf || result.missing.empty()) return result;
  return error(
      fmt::format("Unable to load config file: {}: One or more specified configuration files could "
                  "not be found",
                  shown(result.missing)),
      "correct -configFiles");
}

Result<std::string> file_content(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string content{std::istreambuf_iterator<char>(file), {}};
  if (file.is_open() && !file.bad()) return content;
  return Error{
      .code = ErrorCode::configuration,
      .message = fmt::format("Unable to load config file: {}: {}", path.string(), reason_of(errno)),
      .hint = "make it readable"};
}

}  // namespace dunlin
