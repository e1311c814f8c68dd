#include "migration/version.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace dunlin {
namespace {

constexpr std::string_view kDigits = "0123456789";

/// Digits without leading zeros; "0" for zero. Empty if `text` is anything but digits.
std::string_view number_of(std::string_view text) noexcept {
  if (text.empty() || text.find_first_not_of(kDigits) != std::string_view::npos) return {};
  const auto first = text.find_first_not_of('0');
  return first == std::string_view::npos ? text.substr(text.size() - 1) : text.substr(first);
}

/// Digits with their number before them, so that bytes compare as numbers do: 9 before 10.
std::string sortable(std::string_view digits) {
  const auto count = static_cast<std::uint32_t>(digits.size());
  std::string bytes;
  for (const unsigned shift : {24U, 16U, 8U, 0U}) {
    bytes += static_cast<char>(static_cast<unsigned char>(count >> shift));
  }
  return bytes.append(digits);
}

/// What sorts after `bytes` then sorts before it.
void turn_round(std::string& bytes) {
  std::ranges::transform(bytes, bytes.begin(),
                         [](char c) { return static_cast<char>(~static_cast<unsigned char>(c)); });
}

constexpr char kNegative = '0';
constexpr char kPositive = '1';

/// A missing number is zero: zeros at the end are left out, and so the shorter sorts first.
std::string order_of(bool negative, std::span<const std::string_view> numbers) {
  while (numbers.size() > 1 && numbers.back() == "0") numbers = numbers.first(numbers.size() - 1);
  std::string first = sortable(numbers.front());
  if (negative) turn_round(first);
  std::string order(1, negative ? kNegative : kPositive);
  order += first;
  for (const std::string_view number : numbers.subspan(1)) order += sortable(number);
  return order;
}

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
  auto parsed = std::make_shared<Parsed>();
  parsed->text = text;
  parsed->raw = text;
  std::ranges::replace(parsed->text, '_', '.');
  std::string_view rest = parsed->text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  std::vector<std::string_view> numbers;
  while (true) {
    const auto dot = rest.find('.');
    const std::string_view number = number_of(rest.substr(0, dot));
    if (number.empty()) return not_a_version(text);
    numbers.push_back(number);
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  parsed->order = order_of(negative && numbers.front() != "0", numbers);
  return Version(std::move(parsed));
}

}  // namespace dunlin
