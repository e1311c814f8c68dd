#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace dunlin {

/// As what an error or a warning of the server counts.
enum class Severity : std::uint8_t { debug, info, warning, error };

/// One entry of `errorOverrides`: "42P07:0:W". docs/error-overrides.md.
struct ErrorOverride {
  enum class Shown : std::uint8_t {
    all,          ///< the message with SQLSTATE and code
    no_codes,     ///< "W-"
    codes_alone,  ///< "W+"
  };

  std::string sqlstate;     ///< empty: any
  std::optional<int> code;  ///< SQLite's result code, 0 on PostgreSQL; absent: any
  Severity severity = Severity::error;
  Shown shown = Shown::all;

  /// "STATE:CODE:SEVERITY" with * for any; CODE may be left out. configuration for anything else.
  static Result<ErrorOverride> parse(std::string_view text);
};

/// What was said, and where it could be overridden.
struct Said {
  std::string_view message;
  std::string_view sqlstate;  ///< empty on SQLite
  int code = 0;
};

/// The first entry for it; null if there is none.
[[nodiscard]] const ErrorOverride* override_for(std::span<const ErrorOverride> overrides,
                                                const Said& said) noexcept;
/// Could an error be survived under these?
[[nodiscard]] bool any_survives(std::span<const ErrorOverride> overrides) noexcept;

/// "DB: relation "a" exists already (SQL State: 42P07 - Error Code: 0)", as much of it as is asked.
[[nodiscard]] std::string shown_text(const ErrorOverride& entry, const Said& said);
/// The Error with no more than is asked.
[[nodiscard]] Error shown_error(const ErrorOverride& entry, Error error);

}  // namespace dunlin
