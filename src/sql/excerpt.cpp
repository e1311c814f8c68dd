#include "sql/excerpt.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

namespace dunlin::sql {
namespace {

constexpr std::size_t kWidest = 100;  ///< columns of a shown line, without the dots
constexpr std::size_t kBefore = 60;   ///< of them before the caret, when the line has to be cut

struct Letter {
  std::string_view bytes;
  char32_t code;
};

/// The letter at the start of `text`, which is not empty; a stray byte stands for itself.
Letter first_letter(std::string_view text) noexcept {
  const auto byte = [text](std::size_t at) -> unsigned {
    return static_cast<unsigned char>(text[at]);
  };
  const unsigned lead = byte(0);
  const std::size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  char32_t code = length == 1 ? lead : lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= text.size() || (byte(i) & 0xC0U) != 0x80U) return {text.substr(0, 1), 0xFFFD};
    code = code << 6U | (byte(i) & 0x3FU);
  }
  return {text.substr(0, length), length == 1 && lead >= 0x80 ? U'\uFFFD' : code};
}

struct Range {
  char32_t first, last;
  std::size_t columns;
};
// What takes no column or two on a terminal, after Unicode's EastAsianWidth.txt, in broad strokes.
constexpr std::array kWidths = {
    Range{0x0300, 0x036F, 0},  Range{0x1100, 0x115F, 2}, Range{0x200B, 0x200F, 0},
    Range{0x2E80, 0xA4CF, 2},  Range{0xAC00, 0xD7A3, 2}, Range{0xF900, 0xFAFF, 2},
    Range{0xFE00, 0xFE0F, 0},  Range{0xFE30, 0xFE6F, 2}, Range{0xFEFF, 0xFEFF, 0},
    Range{0xFF00, 0xFF60, 2},  Range{0xFFE0, 0xFFE6, 2}, Range{0x1F300, 0x1FAFF, 2},
    Range{0x20000, 0x3FFFD, 2}};

std::size_t columns_of(char32_t code) noexcept {
  const auto* const found = std::ranges::find_if(
      kWidths, [code](const Range& range) { return code >= range.first && code <= range.last; });
  return found == kWidths.end() ? 1 : found->columns;
}

/// One letter as it is shown.
struct Cell {
  std::string text;
  std::size_t columns;
};

Cell cell(const Letter& letter) {
  if (letter.code == U'\t') return {"    ", 4};
  if (letter.code < 0x20 || (letter.code >= 0x7F && letter.code < 0xA0)) return {"?", 1};
  if (letter.code == U'\uFFFD') return {"?", 1};
  return {std::string(letter.bytes), columns_of(letter.code)};
}

std::size_t width(std::span<const Cell> cells) noexcept {
  std::size_t sum = 0;
  for (const Cell& each : cells) sum += each.columns;
  return sum;
}

std::size_t start_of_line(std::string_view text, std::size_t offset) noexcept {
  const auto end = offset == 0 ? std::string_view::npos : text.find_last_of("\r\n", offset - 1);
  return end == std::string_view::npos ? 0 : end + 1;
}

}  // namespace

Position PositionCursor::move_to(std::size_t offset) noexcept {
  for (const std::size_t end = std::min(offset, text_.size()); at_ < end; ++at_) {
    const char c = text_[at_];
    const bool half_of_crlf = c == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
    if (c == '\n' || (c == '\r' && !half_of_crlf)) {
      ++position_.line;
      position_.column = 1;
    } else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80U) {
      ++position_.column;
    }
  }
  return position_;
}

Position position_of(std::string_view text, std::size_t offset) noexcept {
  return PositionCursor(text).move_to(offset);
}

std::string excerpt(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const std::size_t start = start_of_line(text, offset);
  // only what can be shown is looked at: a line of a gigabyte costs no more than a short one
  constexpr std::size_t kReach = kWidest * 8;
  const std::size_t first = offset - start > kReach ? offset - kReach : start;
  std::string_view rest = text.substr(first, text.find_first_of("\r\n", offset) - first);
  rest = rest.substr(0, offset - first + kReach);

  std::vector<Cell> cells;
  std::size_t caret = 0;  // index of the cell that the place stands in
  const std::size_t target = offset - first;
  for (std::size_t at = 0; at < rest.size();) {
    const Letter letter = first_letter(rest.substr(at));
    if (at < target && at + letter.bytes.size() <= target) caret = cells.size() + 1;
    cells.push_back(cell(letter));
    at += letter.bytes.size();
  }

  std::span<const Cell> shown = cells;
  bool cut_left = first > start;
  bool cut_right = first + rest.size() < text.size() && text[first + rest.size()] != '\n' &&
                   text[first + rest.size()] != '\r';
  if (width(shown) > kWidest) {
    while (width(shown.first(caret)) > kBefore) {
      shown = shown.subspan(1);
      --caret;
      cut_left = true;
    }
    while (width(shown) > kWidest) {
      shown = shown.first(shown.size() - 1);
      cut_right = true;
    }
  }

  std::string line = cut_left ? "..." : "";
  const std::size_t indent = line.size() + width(shown.first(caret));
  for (const Cell& each : shown) line += each.text;
  if (cut_right) line += "...";
  return line + '\n' + std::string(indent, ' ') + '^';
}

}  // namespace dunlin::sql
