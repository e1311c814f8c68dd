#pragma once

#include "base/result.hpp"

#include <compare>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// A migration's version, such as "2.1" or "2024_05_07": numbers of any size, between dots or
/// underscores. Compared number by number; a missing number is zero. 1.9 < 1.10, and 1 == 1.0.
class Version {
 public:
  /// ErrorCode::configuration for anything else. The first number may have a sign, as Flyway takes
  /// it.
  [[nodiscard]] static Result<Version> parse(std::string_view text);
  /// With dots, as reports and the history table show it: "2024.05.07".
  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  /// As it was written: "2024_05_07".
  [[nodiscard]] const std::string& raw() const noexcept { return raw_; }
  friend std::strong_ordering operator<=>(const Version& a, const Version& b) noexcept;
  friend bool operator==(const Version& a, const Version& b) noexcept { return (a <=> b) == 0; }

 private:
  Version() = default;                // only parse() makes one, so every Version is well formed
  std::vector<std::string> numbers_;  // digits without leading zeros; no zeros at the end
  bool negative_ = false;             // of the first number; the others have no sign
  std::string text_;
  std::string raw_;
};

}  // namespace dunlin
