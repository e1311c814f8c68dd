#include "aws/profile.hpp"

#include "aws/credential_link.hpp"
#include "aws/secret_file.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cerrno>
#include <optional>

namespace dunlin {
namespace {

/// Up to a comment, which begins with a blank and # or ;.
std::string_view without_comment(std::string_view value) {
  for (std::size_t i = 1; i < value.size(); ++i) {
    const bool starts =
        (value[i] == '#' || value[i] == ';') && (value[i - 1] == ' ' || value[i - 1] == '\t');
    if (starts) return trim(value.substr(0, i));
  }
  return trim(value);
}

/// Where the settings of a section go; null for sections of no interest.
AwsProfile* section(std::string_view heading, AwsFile file, AwsProfiles& into) {
  heading = trim(heading);
  const auto blank = std::min(heading.find_first_of(" \t"), heading.size());
  const std::string_view kind = heading.substr(0, blank);
  const std::string name(trim(heading.substr(blank)));
  if (file == AwsFile::credentials || heading == "default") {
    return &into.profiles[std::string(heading)];
  }
  if (kind == "profile" && !name.empty()) return &into.profiles[name];
  if (kind == "sso-session" && !name.empty()) return &into.sso_sessions[name];
  return nullptr;
}

std::optional<std::string> path_of(const Environment& environment, const char* variable,
                                   const char* usual) {
  const auto home = environment.find("HOME");
  if (auto named = environment.find(variable)) {
    if (named->starts_with("~/") && home) return *home + named->substr(1);
    return named;
  }
  if (!home) return std::nullopt;
  return *home + usual;
}

}  // namespace

void AwsProfile::set(std::string_view key, std::string_view value) {
  settings_.insert_or_assign(lower(key), Secret(value));
}

std::string_view AwsProfile::get(std::string_view key) const {
  const auto found = settings_.find(key);
  return found == settings_.end() ? std::string_view{} : found->second.reveal();
}

void add_profiles(std::string_view text, AwsFile file, AwsProfiles& into) {
  AwsProfile* current = nullptr;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view raw = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::string_view line = trim(raw);
    if (line.empty() || line.starts_with('#') || line.starts_with(';')) continue;
    if (line.starts_with('[')) {
      current = section(line.substr(1, line.find(']') - 1), file, into);
      continue;
    }
    const bool nested = raw.front() == ' ' || raw.front() == '\t';  // "s3 =" and what belongs to it
    const auto equals = line.find('=');
    if (current == nullptr || nested || equals == std::string_view::npos) continue;
    current->set(trim(line.substr(0, equals)), without_comment(line.substr(equals + 1)));
  }
}

Result<AwsProfiles> read_profiles(const Environment& environment) {
  AwsProfiles result;
  const auto add = [&](const char* variable, const char* usual, AwsFile kind) -> Result<void> {
    const auto path = path_of(environment, variable, usual);
    if (!path) return {};
    result.places += (result.places.empty() ? "" : " and ") + *path;
    const auto text = read_secret_file(*path);
    if (text) {
      add_profiles(text->reveal(), kind, result);
    } else if (text.error().message != reason_of(ENOENT)) {
      return credentials_error(fmt::format("{} cannot be read: {}", *path, text.error().message));
    }
    return {};
  };
  if (auto read = add("AWS_CONFIG_FILE", "/.aws/config", AwsFile::config); !read) {
    return std::move(read).error();
  }
  if (auto read = add("AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials", AwsFile::credentials);
      !read) {
    return std::move(read).error();
  }
  return result;
}

}  // namespace dunlin
