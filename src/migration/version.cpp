#include "migration/version.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace dunlin {
namespace {

constexpr std::string_view kDigits = "0123456789";

/// Digits without leading zeros; "0" for zero. Empty if `text` is anything but digits.
std::string_view number_of(std::string_view text) noexcept {
  if (text.empty() || text.find_first_not_of(kDigits) != std::string_view::npos) return {};
  const auto first = text.find_first_not_of('0');
  return first == std::string_view::npos ? text.substr(text.size() - 1) : text.substr(first);
}

std::strong_ordering compare_numbers(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return a.size() <=> b.size();
  return a.compare(b) <=> 0;
}

std::strong_ordering reversed(std::strong_ordering order) noexcept { return 0 <=> order; }

Error not_a_version(std::string_view text) {
  return Error{.code = ErrorCode::configuration,
               .message = fmt::format(
                   "Version may only contain 0..9 and . (dot). Invalid version: {}", text),
               .hint = "a version looks like 1, 2.1 or 2024_05_07"};
}

}  // namespace

// A sign before the first number is not documented by Flyway but taken by it (its numbers are
// Java's BigInteger): observed with Flyway 11, scenario naming-bad-version, V-1__x.sql.
Result<Version> Version::parse(std::string_view text) {
  Version version;
  version.text_ = text;
  version.raw_ = text;
  std::ranges::replace(version.text_, '_', '.');
  std::string_view rest = version.text_;
  if (rest.starts_with('-') || rest.starts_with('+')) {
    version.negative_ = rest.front() == '-';
    rest.remove_prefix(1);
  }
  while (true) {
    const auto dot = rest.find('.');
    const std::string_view number = number_of(rest.substr(0, dot));
    if (number.empty()) return not_a_version(text);
    version.numbers_.emplace_back(number);
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  if (version.numbers_.front() == "0") version.negative_ = false;
  while (version.numbers_.size() > 1 && version.numbers_.back() == "0") version.numbers_.pop_back();
  return version;
}

std::strong_ordering operator<=>(const Version& a, const Version& b) noexcept {
  if (a.negative_ != b.negative_) return b.negative_ <=> a.negative_;
  const auto first = compare_numbers(a.numbers_.front(), b.numbers_.front());
  if (first != 0) return a.negative_ ? reversed(first) : first;
  const std::size_t longest = std::max(a.numbers_.size(), b.numbers_.size());
  for (std::size_t i = 1; i < longest; ++i) {
    const std::string_view left = i < a.numbers_.size() ? std::string_view(a.numbers_[i]) : "0";
    const std::string_view right = i < b.numbers_.size() ? std::string_view(b.numbers_[i]) : "0";
    if (const auto order = compare_numbers(left, right); order != 0) return order;
  }
  return std::strong_ordering::equal;
}

}  // namespace dunlin
