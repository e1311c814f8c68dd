#pragma once

#include "base/result.hpp"

#include <compare>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace dunlin {

/// A migration's version, such as "2.1" or "2024_05_07": numbers of any size, between dots or
/// underscores. Compared number by number; a missing number is zero. 1.9 < 1.10, and 1 == 1.0.
/// Copies share what was parsed, as every row of every table carries one.
class Version {
 public:
  /// ErrorCode::configuration for anything else. The first number may have a sign, as Flyway takes
  /// it.
  [[nodiscard]] static Result<Version> parse(std::string_view text);
  /// With dots, as reports and the history table show it: "2024.05.07".
  [[nodiscard]] const std::string& text() const noexcept { return parsed_->text; }
  /// As it was written: "2024_05_07".
  [[nodiscard]] const std::string& raw() const noexcept { return parsed_->raw; }
  friend std::strong_ordering operator<=>(const Version& a, const Version& b) noexcept {
    return a.parsed_->order <=> b.parsed_->order;
  }
  friend bool operator==(const Version& a, const Version& b) noexcept { return (a <=> b) == 0; }

 private:
  struct Parsed {
    std::string order;  // compares byte by byte as versions do
    std::string text;
    std::string raw;
  };
  explicit Version(std::shared_ptr<const Parsed> parsed) noexcept : parsed_(std::move(parsed)) {}

  std::shared_ptr<const Parsed> parsed_;  // never null; only parse() makes one
};

}  // namespace dunlin
