#include "migration/info_filter.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace dunlin {
namespace {

// In the order of the enumeration.
constexpr std::array<std::string_view, 18> kWords = {
    "PENDING",   "ABOVE_TARGET",    "BELOW_BASELINE", "BASELINE",       "BASELINE_IGNORED",
    "IGNORED",   "MISSING_SUCCESS", "MISSING_FAILED", "SUCCESS",        "UNDONE",
    "AVAILABLE", "FAILED",          "OUT_OF_ORDER",   "FUTURE_SUCCESS", "FUTURE_FAILED",
    "OUTDATED",  "SUPERSEDED",      "DELETED"};
static_assert(kWords.size() == static_cast<std::size_t>(State::deleted) + 1);

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

/// Is every letter of `shape` that is a 0 a digit in `text`, and every other the same?
bool has_shape(std::string_view text, std::string_view shape) {
  return std::ranges::equal(
      text, shape, [](char c, char wanted) { return wanted == '0' ? is_digit(c) : c == wanted; });
}

}  // namespace

Result<State> parse_state(std::string_view word) {
  const std::string wanted = upper(trim(word));
  const auto* const found = std::ranges::find(kWords, wanted);
  if (found != kWords.end()) return static_cast<State>(found - kWords.begin());
  return Error{
      .code = ErrorCode::configuration,
      .message = fmt::format("infoOfState knows no state {}", word),
      .hint = "such as pending, success, failed, ignored, missing_success or out_of_order"};
}

Result<std::string> parse_date(std::string_view text) {
  if (has_shape(text, "00/00/0000 00:00")) {
    return fmt::format("{}-{}-{} {}", text.substr(6, 4), text.substr(3, 2), text.substr(0, 2),
                       text.substr(11, 5));
  }
  return Error{.code = ErrorCode::configuration,
               .message = fmt::format("{} is no date and time", text),
               .hint = "write it as dd/MM/yyyy HH:mm, such as 24/12/2026 18:00"};
}

bool passes(const InfoRow& row, const InfoFilter& filter) {
  if (row.version && filter.since_version && *row.version < *filter.since_version) return false;
  if (filter.until_version && (!row.version || *row.version > *filter.until_version)) return false;
  const std::string installed =
      row.applied != nullptr ? row.applied->installed_on.substr(0, 16) : std::string();
  if (filter.since && !installed.empty() && installed < *filter.since) return false;
  if (filter.until && (installed.empty() || installed >= *filter.until)) return false;
  return filter.states.empty() || std::ranges::count(filter.states, row.state) > 0;
}

}  // namespace dunlin
