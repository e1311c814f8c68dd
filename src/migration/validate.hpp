#pragma once

#include "migration/ignore_pattern.hpp"
#include "migration/info.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// One thing that does not fit between scripts and history.
struct Finding {
  std::string version;  ///< empty for a repeatable
  std::string description;
  std::string shown;    ///< the file; empty when it is not on disk
  std::string code;     ///< as in JSON: "CHECKSUM_MISMATCH"
  std::string message;  ///< Flyway's words, several lines
  /// For a changed checksum, what differs and what to do; two lines. Empty when nobody asked.
  std::string difference;
};

struct ValidateOptions {
  std::vector<IgnorePattern> ignore;
  bool ignore_pending = false;  ///< before `migrate`, pending scripts are no finding
  /// What differs between a script and the text that had the checksum `applied`.
  std::function<std::string(const Script&, std::int32_t applied)> difference;
};

/// Everything that does not fit, in the order of `info`; empty when all is well. Pure. Rules and
/// words observed with Flyway 11, scenarios validate-*, checksum-mismatch-repair, migrate-missing.
[[nodiscard]] std::vector<Finding> validate(const Info& info, const ValidateOptions& options);

}  // namespace dunlin
