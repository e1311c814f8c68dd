#pragma once

#include "base/result.hpp"
#include "migration/version.hpp"

#include <optional>
#include <string_view>

namespace dunlin {

/// How far `migrate` goes (option `target`).
struct Target {
  enum class Kind { latest, current, next, version } kind = Kind::latest;
  std::optional<Version> version;  ///< only with Kind::version
  bool must_exist = true;          ///< false when written "5?": no error if no script has it

  /// "latest" (or empty), "current", "next", a version, or a version and "?".
  [[nodiscard]] static Result<Target> parse(std::string_view text);
};

}  // namespace dunlin
