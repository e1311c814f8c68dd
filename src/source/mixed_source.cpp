#include "source/mixed_source.hpp"

#include "base/text.hpp"
#include "source/location.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace dunlin {
namespace {

constexpr std::string_view kFilesystem = "filesystem:";

// What is fetched once.
std::string key_of(const GitLocation& location) { return location.prefix() + location.suffix(); }

Result<std::string> folder_to_fetch(const GitLocation& location) {
  return DUNLIN_TRY(parse_location(std::string(kFilesystem) + location.folder)).root;
}

}  // namespace

Result<Listing> MixedSource::list(const std::vector<std::string>& locations) {
  std::vector<std::string> others;
  std::map<std::string, Group> groups;
  for (const auto& text : locations) {
    if (!is_git_location(text)) {
      others.push_back(text);
      continue;
    }
    auto location = DUNLIN_TRY(parse_git_location(text));
    groups[key_of(location)].push_back(std::move(location));
  }
  Listing listing;
  if (!others.empty()) listing = DUNLIN_TRY(others_.list(others));
  for (const auto& [key, group] : groups) DUNLIN_TRY(list_group(group, listing));
  std::ranges::stable_sort(listing.locations, {}, &Listing::Location::text);
  return listing;
}

Result<GitSource*> MixedSource::opened(const Group& group) {
  auto& source = repositories_[key_of(group.front())];
  if (source == nullptr) {
    std::vector<std::string> folders;
    for (const auto& location : group) folders.push_back(DUNLIN_TRY(folder_to_fetch(location)));
    source = DUNLIN_TRY(open_(group.front(), std::move(folders)));
  }
  return source.get();
}

Result<void> MixedSource::list_group(const Group& group, Listing& listing) {
  auto* const source = DUNLIN_TRY(opened(group));
  std::vector<std::string> folders;
  folders.reserve(group.size());
  for (const auto& location : group) folders.push_back(std::string(kFilesystem) + location.folder);
  auto listed = DUNLIN_TRY(source->list(folders));
  const auto& front = group.front();
  for (auto& location : listed.locations) {
    location.text = front.prefix() + location.text.substr(kFilesystem.size()) + front.suffix();
    location.root = fmt::format("{}:{}", source->name(), location.root);
    listing.locations.push_back(std::move(location));
  }
  listing.origins.push_back(source->origin());
  for (const auto& note : listed.notes)
    listing.notes.push_back(replace_all(note, "'filesystem:", "'" + front.prefix()));
  return {};
}

}  // namespace dunlin
