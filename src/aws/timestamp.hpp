#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace dunlin {

/// "2024-02-29T23:59:59Z", a fraction of a second or "+00:00" allowed, as AWS writes expirations.
/// Absent when `text` is something else, or in another time zone.
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> parse_timestamp(
    std::string_view text);

/// "Thu, 29 Feb 2024 23:59:59 GMT", as the Date header of an answer has it (RFC 9110, 5.6.7).
[[nodiscard]] std::optional<std::chrono::system_clock::time_point> parse_http_date(
    std::string_view text);

}  // namespace dunlin
