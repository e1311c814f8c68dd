#include "base/text.hpp"
#include "snapshot/snapshots.hpp"

#include <array>

namespace dunlin {
namespace {

constexpr std::size_t kLongestDatabase = 29;  // 63 less "dunlin-", the time and the commit
constexpr std::size_t kCommitLetters = 8;

bool is_letter_or_digit(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/// In small letters; everything but letters and digits becomes one hyphen.
std::string plain(std::string_view text) {
  std::string result;
  for (const char c : lower(text)) {
    if (is_letter_or_digit(c)) {
      result += c;
    } else if (!result.empty() && !result.ends_with('-')) {
      result += '-';
    }
  }
  result.resize(std::min(result.size(), kLongestDatabase));
  while (result.ends_with('-')) result.pop_back();
  return result;
}

struct Moment {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<std::chrono::seconds> time;
};

Moment moment_of(std::chrono::system_clock::time_point at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  return {std::chrono::year_month_day(day),
          std::chrono::hh_mm_ss(std::chrono::floor<std::chrono::seconds>(at - day))};
}

}  // namespace

std::string snapshot_prefix(std::string_view database) {
  const std::string name = plain(database);
  return name.empty() ? "dunlin-" : fmt::format("dunlin-{}-", name);
}

std::string snapshot_name(std::string_view database, std::string_view commit,
                          std::chrono::system_clock::time_point at) {
  const auto [date, time] = moment_of(at);
  std::string name = fmt::format("{}{:04}{:02}{:02}t{:02}{:02}{:02}z", snapshot_prefix(database),
                                 static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                                 static_cast<unsigned>(date.day()), time.hours().count(),
                                 time.minutes().count(), time.seconds().count());
  if (!commit.empty()) name += '-' + plain(commit.substr(0, kCommitLetters));
  return name;
}

std::string shown_time(std::chrono::system_clock::time_point at) {
  const auto [date, time] = moment_of(at);
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::string shown_size(std::uintmax_t bytes) {
  constexpr std::array kUnits = {"kB", "MB", "GB", "TB"};
  if (bytes < 1000) return fmt::format("{} B", bytes);
  auto size = static_cast<double>(bytes) / 1000;
  std::size_t unit = 0;
  for (; size >= 999.95 && unit + 1 < kUnits.size(); ++unit) size /= 1000;
  return fmt::format("{:.1f} {}", size, kUnits[unit]);
}

}  // namespace dunlin
