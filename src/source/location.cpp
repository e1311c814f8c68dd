#include "source/location.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <span>

namespace dunlin {
namespace {

constexpr std::string_view kFilesystem = "filesystem:";
constexpr std::string_view kClasspath = "classpath:";

// As java.io.File spells a path: single slashes, none at the end.
std::string clean_path(std::string_view text) {
  std::string path;
  for (const char letter : text)
    if (letter != '/' || !path.ends_with('/')) path += letter;
  if (path.size() > 1 && path.ends_with('/')) path.pop_back();
  return path;
}

// Splits a path at its first segment with a wildcard.
void split_wildcards(Location& location) {
  const auto first = location.path.find_first_of("*?");
  if (first == std::string::npos) {
    location.root = location.path;
    return;
  }
  const auto slash = location.path.rfind('/', first);
  const auto begin = slash == std::string::npos ? 0 : slash + 1;
  location.root = slash == 0 ? "/" : location.path.substr(0, begin == 0 ? 0 : begin - 1);
  location.pattern = split(std::string_view(location.path).substr(begin), '/');
}

// Bytes of the first letter of a text in UTF-8: one byte and those that continue it.
std::size_t letter_size(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) ++size;
  return size;
}

// Does one name fit one segment? `*` takes at least one character.
bool fits(std::string_view segment, std::string_view name) {
  std::size_t at = 0;
  std::size_t star = std::string_view::npos;  // the last `*` seen, to go back to
  std::size_t star_name = 0;
  std::size_t in_name = 0;
  while (in_name < name.size()) {
    if (at < segment.size() && segment[at] == '*') {
      star = at++;
      star_name = ++in_name;
    } else if (at < segment.size() && (segment[at] == '?' || segment[at] == name[in_name])) {
      in_name += segment[at++] == '?' ? letter_size(name.substr(in_name)) : 1;
    } else if (star != std::string_view::npos) {
      at = star + 1;
      in_name = ++star_name;
    } else {
      return false;
    }
  }
  return at == segment.size();
}

std::string_view first_name(std::string_view path) { return path.substr(0, path.find('/')); }

// The rest of `path` after the pattern, or nothing. Tries the shortest meaning of `**` first.
std::optional<std::string_view> rest_after(std::span<const std::string> pattern,
                                           std::string_view path) {
  for (; !pattern.empty() && pattern.front() != "**"; pattern = pattern.subspan(1)) {
    const auto name = first_name(path);
    if (name.empty() || !fits(pattern.front(), name)) return std::nullopt;
    path.remove_prefix(std::min(path.size(), name.size() + 1));
  }
  if (pattern.empty()) return path;
  if (pattern.size() == 1) return std::nullopt;  // `**` at the end: Flyway matches nothing
  while (true) {
    if (const auto rest = rest_after(pattern.subspan(1), path)) return rest;
    const auto slash = path.find('/');
    if (slash == std::string_view::npos) return std::nullopt;
    path.remove_prefix(slash + 1);
  }
}

bool names_files(const Location& location) {
  return !location.pattern.empty() && location.pattern.back() != "**" &&
         location.pattern.back().contains('.');
}

bool holds(const Location& outer, const Location& inner) {
  return outer.pattern.empty() && inner.pattern.empty() &&
         (inner.text() + "/").starts_with(outer.text() + "/");
}

// Results stay Flyway's; what is easily meant otherwise gets a word.
void warn_of_traps(const Location& location, std::vector<std::string>& notes) {
  if (!location.pattern.empty() && location.pattern.back() == "**") {
    notes.push_back(fmt::format(
        "Location '{}' matches nothing, since ** stands for folders between two names: write "
        "filesystem:{} to search all folders below it",
        location.text(), location.root));
  }
}

}  // namespace

std::string no_class_path(const Location& location) {
  return fmt::format("not found: there is no class path here, write filesystem:{} for a folder",
                     location.path.empty() ? "sql" : location.path);
}

std::string Location::text() const {
  return std::string(kind == LocationKind::filesystem ? kFilesystem : kClasspath) + path;
}

Result<Location> parse_location(std::string_view text) {
  Location location;
  const auto trimmed = trim(text);
  if (trimmed.starts_with(kFilesystem)) {
    location.path = clean_path(trimmed.substr(kFilesystem.size()));
  } else if (trimmed.starts_with(kClasspath) || !trimmed.contains(':')) {
    location.kind = LocationKind::classpath;
    location.path =
        clean_path(trimmed.starts_with(kClasspath) ? trimmed.substr(kClasspath.size()) : trimmed);
    if (location.path.starts_with('/')) location.path.erase(0, 1);
  } else {
    return Error{
        .code = ErrorCode::configuration,
        .message = fmt::format("Unknown prefix for location (should be filesystem:): {}", trimmed),
        .hint = "write filesystem:FOLDER"};
  }
  split_wildcards(location);
  return location;
}

std::optional<std::string_view> name_below(const Location& location, std::string_view path) {
  if (location.pattern.empty()) return path;
  const auto rest = rest_after(location.pattern, path);
  if (!rest) return std::nullopt;
  if (names_files(location)) return rest->empty() ? std::optional(path) : std::nullopt;
  return rest->empty() ? std::nullopt : rest;
}

Result<Locations> parse_locations(const std::vector<std::string>& texts) {
  std::vector<Location> all;
  all.reserve(texts.size());
  for (const auto& text : texts) all.push_back(DUNLIN_TRY(parse_location(text)));
  std::ranges::stable_sort(all, {}, &Location::text);
  Locations result;
  for (auto& location : all) {  // sorted: a duplicate follows its twin
    const auto outer = std::ranges::find_if(
        result.kept, [&](const Location& kept) { return holds(kept, location); });
    if (!result.kept.empty() && result.kept.back().text() == location.text()) {
      result.notes.push_back(fmt::format("Discarding duplicate location '{}'", location.text()));
    } else if (outer != result.kept.end()) {
      result.notes.push_back(fmt::format("Discarding location '{}' as it is a sub-location of '{}'",
                                         location.text(), outer->text()));
    } else {
      warn_of_traps(location, result.notes);
      result.kept.push_back(std::move(location));
    }
  }
  return result;
}

}  // namespace dunlin
