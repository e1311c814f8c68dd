#pragma once

#include "base/text.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace dunlin::fargate {

/// "2026-11-23 05:01:59", in UTC; empty for no time.
[[nodiscard]] inline std::string time_text(
    const std::optional<std::chrono::system_clock::time_point>& time) {
  if (!time) return "";
  const auto seconds = std::chrono::floor<std::chrono::seconds>(*time);
  const auto day = std::chrono::floor<std::chrono::days>(seconds);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(seconds - day);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

}  // namespace dunlin::fargate
