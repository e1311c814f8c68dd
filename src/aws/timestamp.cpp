#include "aws/timestamp.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

namespace dunlin {
namespace {

using Time = std::chrono::system_clock::time_point;

/// Reads fixed places; once one does not hold, all that follow are -1.
class Places {
 public:
  explicit Places(std::string_view text) : text_(text) {}
  int number(std::size_t digits) {
    int value = -1;
    const auto place = text_.substr(0, digits);
    const auto [end, error] = std::from_chars(place.data(), place.data() + place.size(), value);
    if (place.size() != digits || error != std::errc{} || end != place.data() + digits) return -1;
    text_.remove_prefix(digits);
    return value;
  }
  bool skip(std::string_view expected) {
    if (!text_.starts_with(expected)) return false;
    text_.remove_prefix(expected.size());
    return true;
  }
  std::string_view word(std::size_t letters) {
    const auto result = text_.substr(0, letters);
    text_.remove_prefix(result.size());
    return result;
  }
  [[nodiscard]] std::string_view rest() const { return text_; }

 private:
  std::string_view text_;
};

struct Parts {
  int year = -1, month = -1, day = -1, hour = -1, minute = -1, second = -1;
};

std::optional<Time> time_of(const Parts& parts) {
  namespace chrono = std::chrono;
  if (std::min({parts.month, parts.day, parts.hour, parts.minute, parts.second}) < 0) return {};
  const chrono::year_month_day date(chrono::year(parts.year),
                                    chrono::month(static_cast<unsigned>(parts.month)),
                                    chrono::day(static_cast<unsigned>(parts.day)));
  if (parts.year < 0 || !date.ok() || parts.hour > 23 || parts.minute > 59 || parts.second > 60) {
    return {};
  }
  return chrono::sys_days(date) + chrono::hours(parts.hour) + chrono::minutes(parts.minute) +
         chrono::seconds(parts.second);
}

int month_of(std::string_view name) {
  constexpr std::array kNames = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto* const found = std::ranges::find(kNames, name);
  return found == kNames.end() ? -1 : static_cast<int>(found - kNames.begin()) + 1;
}

}  // namespace

std::optional<Time> parse_timestamp(std::string_view text) {
  Places places(trim(text));
  Parts parts;
  parts.year = places.number(4);
  if (!places.skip("-")) return {};
  parts.month = places.number(2);
  if (!places.skip("-")) return {};
  parts.day = places.number(2);
  if (!places.skip("T")) return {};
  parts.hour = places.number(2);
  if (!places.skip(":")) return {};
  parts.minute = places.number(2);
  if (!places.skip(":")) return {};
  parts.second = places.number(2);
  std::string_view zone = places.rest();
  if (zone.starts_with('.')) {
    zone.remove_prefix(std::min(zone.find_first_not_of("0123456789", 1), zone.size()));
  }
  if (zone != "Z" && zone != "+00:00" && zone != "UTC") return {};
  return time_of(parts);
}

std::optional<Time> parse_http_date(std::string_view text) {
  const auto comma = text.find(", ");
  if (comma == std::string_view::npos) return {};
  Places places(text.substr(comma + 2));
  Parts parts;
  parts.day = places.number(2);
  if (!places.skip(" ")) return {};
  parts.month = month_of(places.word(3));
  if (!places.skip(" ")) return {};
  parts.year = places.number(4);
  if (!places.skip(" ")) return {};
  parts.hour = places.number(2);
  if (!places.skip(":")) return {};
  parts.minute = places.number(2);
  if (!places.skip(":")) return {};
  parts.second = places.number(2);
  if (places.rest() != " GMT") return {};
  return time_of(parts);
}

}  // namespace dunlin
