#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace dunlin::sql {

/// A place in a text as a person counts it: both from 1, columns in letters (code points), lines
/// ended by LF, CRLF or CR.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  friend bool operator==(const Position&, const Position&) = default;
};

/// @param text  UTF-8; what is not UTF-8 counts as a letter per byte or so, and never fails
/// @param offset  in bytes; beyond the end means the end
[[nodiscard]] Position position_of(std::string_view text, std::size_t offset) noexcept;

/// The same for many places of one text, in order: each step costs only what lies between.
class PositionCursor {
 public:
  explicit PositionCursor(std::string_view text) noexcept : text_(text) {}
  /// @param offset  in bytes; not less than the last one (what lies before it is its place too)
  Position move_to(std::size_t offset) noexcept;

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  Position position_;
};

/// The line that holds `offset`, and below it a caret under that place: two lines without a final
/// line end. A tab is shown as four blanks, a control character as `?`, and a long line only around
/// the place, with `...` for what is left out.
[[nodiscard]] std::string excerpt(std::string_view text, std::size_t offset);

}  // namespace dunlin::sql
