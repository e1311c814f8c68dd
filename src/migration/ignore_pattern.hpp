#pragma once

#include "base/result.hpp"
#include "migration/state.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// One entry of `ignoreMigrationPatterns`: "TYPE:STATE", such as "*:missing" or
/// "repeatable:pending". Type is *, versioned or repeatable; state missing, pending, ignored or
/// future, or * for every state there is (observed with Flyway 11: `*:*` finds nothing at all).
class IgnorePattern {
 public:
  [[nodiscard]] static Result<IgnorePattern> parse(std::string_view text);
  [[nodiscard]] bool matches(bool is_versioned, State state) const noexcept;
  friend bool operator==(const IgnorePattern&, const IgnorePattern&) = default;

 private:
  IgnorePattern() = default;
  enum class Type { any, versioned, repeatable } type_ = Type::any;
  enum class Group { any, missing, pending, ignored, future } group_ = Group::any;
};

[[nodiscard]] bool any_matches(std::span<const IgnorePattern> patterns, bool is_versioned,
                               State state) noexcept;

}  // namespace dunlin
