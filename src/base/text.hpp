#pragma once

#include <fmt/core.h>

#include <string>
#include <string_view>
#include <vector>

/// Small helpers on text. All are pure; letters are ASCII unless a name says otherwise.
namespace dunlin {

[[nodiscard]] std::string_view trim(std::string_view text) noexcept;
/// What stands behind the last slash: "b.sql" of "a/b.sql".
[[nodiscard]] std::string_view file_name_of(std::string_view path) noexcept;
/// How many letters UTF-8 has: all bytes but continuations.
[[nodiscard]] std::size_t utf8_letters(std::string_view text) noexcept;
[[nodiscard]] std::string lower(std::string_view text);
[[nodiscard]] std::string upper(std::string_view text);
[[nodiscard]] bool equals_ignoring_case(std::string_view a, std::string_view b) noexcept;
/// The pieces between separators, as they stand: "a,,b" has three. An empty text has none.
[[nodiscard]] std::vector<std::string> split(std::string_view text, char separator);
/// As split, each piece trimmed and empty ones left out.
[[nodiscard]] std::vector<std::string> split_list(std::string_view text, char separator = ',');
[[nodiscard]] std::string join(const std::vector<std::string>& pieces, std::string_view separator);
[[nodiscard]] std::string replace_all(std::string_view text, std::string_view from,
                                      std::string_view to);
/// RFC 3986: everything but letters, digits and -_.~ as %XX.
[[nodiscard]] std::string percent_encode(std::string_view text);
/// %XX as bytes; a `%` that is not followed by two hex digits stays as it is.
[[nodiscard]] std::string percent_decode(std::string_view text);
/// Lower-case hex digits of the bytes.
[[nodiscard]] std::string hex(std::string_view bytes);
/// How many letters have to be changed, added or left out; for "did you mean".
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);
/// Up to `most` of the candidates that look like `text`, the nearest first; none if all are far.
[[nodiscard]] std::vector<std::string> nearest(std::string_view text,
                                               const std::vector<std::string>& candidates,
                                               std::size_t most = 3);

}  // namespace dunlin
