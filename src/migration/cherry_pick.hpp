#pragma once

#include "base/result.hpp"
#include "migration/info.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace dunlin {

/// Does an entry of `cherryPick` name this migration? By version, number by number ("2.0" is 2), or
/// by description, in which `_` may stand for a blank ("create_view").
[[nodiscard]] bool names(std::string_view pick, const std::optional<Version>& version,
                         std::string_view description);

/// Which of the picks names the row, the first being 0; nothing if none does.
[[nodiscard]] std::optional<std::size_t> pick_of(const InfoRow& row,
                                                 std::span<const std::string> picks);

/// configuration, naming the pick, when one names nothing that is on disk or in the history, or
/// describes several versions at once.
Result<void> check_picks(const Info& info, std::span<const std::string> picks);

}  // namespace dunlin
