#include "migration/cherry_pick.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <set>

namespace dunlin {

bool names(std::string_view pick, const std::optional<Version>& version,
           std::string_view description) {
  const std::string_view word = trim(pick);
  if (version) {
    const auto wanted = Version::parse(word);
    if (wanted && *wanted == *version) return true;
  }
  return word == description || replace_all(word, "_", " ") == description;
}

std::optional<std::size_t> pick_of(const InfoRow& row, std::span<const std::string> picks) {
  const auto found = std::ranges::find_if(
      picks, [&](const std::string& pick) { return names(pick, row.version, row.description()); });
  if (found == picks.end()) return std::nullopt;
  return static_cast<std::size_t>(found - picks.begin());
}

Result<void> check_picks(const Info& info, std::span<const std::string> picks) {
  for (const std::string& pick : picks) {
    std::set<std::string> versions;
    bool any = false;
    for (const InfoRow& row : info.rows) {
      if (!names(pick, row.version, row.description())) continue;
      any = true;
      if (row.version && !names(pick, row.version, "")) versions.insert(row.version->text());
    }
    if (!any) {
      return Error{.code = ErrorCode::configuration,
                   .message = fmt::format("cherryPick names {}, and no migration has this version "
                                          "or description",
                                          pick),
                   .hint = "dunlin info lists versions and descriptions"};
    }
    if (versions.size() > 1) {
      return Error{.code = ErrorCode::configuration,
                   .message = fmt::format("cherryPick names {}, which describes the versions {}",
                                          pick, join({versions.begin(), versions.end()}, " and ")),
                   .hint = "pick them by their versions"};
    }
  }
  return {};
}

}  // namespace dunlin
