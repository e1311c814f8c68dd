#pragma once

#include "base/result.hpp"
#include "migration/info.hpp"

#include <optional>
#include <string>
#include <vector>

namespace dunlin {

/// Which lines of `info` are shown (options infoSinceVersion, infoUntilVersion, infoOfState,
/// infoSinceDate, infoUntilDate).
/// A script without a version passes since, not until; one that is not applied has no date: the
/// same (observed with Flyway 11).
struct InfoFilter {
  std::optional<Version> since_version, until_version;
  std::optional<std::string> since, until;  ///< "2026-11-22 18:42", compared with installed_on
  std::vector<State> states;                ///< empty: all
  std::optional<Error> error;  ///< a word of infoOfState that names no state; `info` ends with it
};

/// The state that Flyway's word names: "pending", "SUCCESS", "future_success". configuration for
/// any other word.
Result<State> parse_state(std::string_view word);
/// "dd/MM/yyyy HH:mm" as "yyyy-MM-dd HH:mm". configuration for anything else.
Result<std::string> parse_date(std::string_view text);

[[nodiscard]] bool passes(const InfoRow& row, const InfoFilter& filter);

}  // namespace dunlin
