#include "migration/ignore_pattern.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace dunlin {
namespace {

Error invalid(std::string_view what, std::string_view text, std::string_view valid) {
  return {.code = ErrorCode::configuration,
          .message = fmt::format("Invalid migration {} '{}'. Valid {}s are: [{}]", what, text, what,
                                 valid),
          .hint = "ignoreMigrationPatterns takes TYPE:STATE pairs, such as *:missing"};
}

}  // namespace

Result<IgnorePattern> IgnorePattern::parse(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || text.find(':', colon + 1) != std::string_view::npos) {
    return Error{.code = ErrorCode::configuration,
                 .message = fmt::format("Invalid pattern '{}'. Pattern must be in the format "
                                        "<migration_type>:<migration_state>",
                                        text),
                 .hint = "for example *:missing or repeatable:pending"};
  }
  IgnorePattern pattern;
  const std::string type = lower(trim(text.substr(0, colon)));
  constexpr std::array types = {"*", "versioned", "repeatable"};
  const auto* const type_at = std::ranges::find(types, type);
  if (type_at == types.end()) return invalid("type", type, "*, repeatable, versioned");
  pattern.type_ = static_cast<Type>(type_at - types.begin());
  const std::string group = lower(trim(text.substr(colon + 1)));
  constexpr std::array groups = {"*", "missing", "pending", "ignored", "future"};
  const auto* const group_at = std::ranges::find(groups, group);
  if (group_at == groups.end()) {
    return invalid("state", group, "*, missing, pending, ignored, future");
  }
  pattern.group_ = static_cast<Group>(group_at - groups.begin());
  return pattern;
}

bool IgnorePattern::matches(bool is_versioned, State state) const noexcept {
  if (type_ == Type::versioned && !is_versioned) return false;
  if (type_ == Type::repeatable && is_versioned) return false;
  const bool missing = state == State::missing_success || state == State::missing_failed;
  const bool future = state == State::future_success || state == State::future_failed;
  switch (group_) {
    case Group::any:
      return true;
    case Group::missing:
      return missing;
    case Group::future:
      return future;
    case Group::pending:
      return state == State::pending;
    case Group::ignored:
      return state == State::ignored;
  }
  return false;
}

bool any_matches(std::span<const IgnorePattern> patterns, bool is_versioned, State state) noexcept {
  return std::ranges::any_of(
      patterns, [&](const IgnorePattern& each) { return each.matches(is_versioned, state); });
}

}  // namespace dunlin
