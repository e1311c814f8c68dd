// A CRC of two texts one after the other follows from those of the two, without looking at them
// again. So the sum of the whole text but for one line, or with blanks after one line, costs a few
// operations instead of a pass over the text: all lines are tried in the time of two passes.
#include "migration/checksum_difference.hpp"

#include "base/text.hpp"
#include "migration/checksum.hpp"
#include "migration/encoding.hpp"

#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace dunlin {
namespace {

using Kind = Difference::Kind;

constexpr std::size_t kTriedByLine = 4UL << 20U;
constexpr std::string_view kMark = "\xEF\xBB\xBF";
constexpr std::string_view kBlanks = " \t";

constexpr std::string_view kRepair =
    "the statements are the same: dunlin repair accepts the file as it is";

std::int32_t signed_sum(uLong sum) noexcept {
  return std::bit_cast<std::int32_t>(static_cast<std::uint32_t>(sum));
}

uLong crc(std::string_view bytes, uLong before = 0) noexcept {
  if (bytes.empty()) return before;  // without bytes zlib begins anew
  // zlib takes unsigned bytes; reading char as unsigned char is allowed
  return crc32_z(before, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
}

/// As Flyway sees lines: ended by LF, CRLF or CR, the mark at the start left out.
std::vector<std::string_view> lines_of(std::string_view text) {
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    lines.push_back(text.substr(0, end));
    const std::size_t past = text.substr(end).starts_with("\r\n") ? 2 : 1;
    text.remove_prefix(std::min(end + past, text.size()));
  }
  return lines;
}

std::string_view without_trailing(std::string_view line) {
  const auto last = line.find_last_not_of(kBlanks);
  return line.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

/// The sum of the lines, each changed first.
template <class Change>
std::int32_t sum_of(const std::vector<std::string_view>& lines, Change change) {
  uLong sum = 0;
  for (const std::string_view line : lines) sum = crc(change(line), sum);
  return signed_sum(sum);
}

// --- line ends and the mark: they count in checksums of old versions of Flyway only ---

/// Does a sum that takes line ends along give `applied`, whichever they were?
bool counts_line_ends(std::int32_t applied, std::string_view bare) {
  const std::string unified = replace_all(replace_all(bare, "\r\n", "\n"), "\r", "\n");
  std::string_view open = unified;  // without line ends at its end
  while (open.ends_with('\n')) open.remove_suffix(1);
  for (const std::string_view end : {"\n", "\r\n", "\r"}) {
    const std::string ended = replace_all(unified, "\n", end);
    const std::string unended = replace_all(open, "\n", end);
    for (const std::string_view start : {std::string_view(), kMark}) {
      const uLong before = crc(start);
      const uLong sum = crc(unended, before);
      if (signed_sum(crc(ended, before)) == applied || signed_sum(sum) == applied ||
          signed_sum(crc(end, sum)) == applied) {
        return true;
      }
    }
  }
  return false;
}

std::optional<Difference> in_line_ends(std::int32_t applied, std::string_view text) {
  if (text.starts_with(kMark)) text.remove_prefix(kMark.size());
  if (counts_line_ends(applied, text)) {
    return Difference{.kind = Kind::line_ends,
                      .words =
                          "only line ends, which count in the checksums of old versions of "
                          "Flyway",
                      .next = std::string(kRepair)};
  }
  // U+0085, U+2028, form feed: ends of lines to some editors, letters to a checksum.
  std::string ended(text);
  for (const std::string_view end : {"\xC2\x85", "\xE2\x80\xA8", "\xE2\x80\xA9", "\f", "\v"}) {
    ended = replace_all(ended, end, "\n");
  }
  if (ended == text || checksum(ended) != applied) return std::nullopt;
  return Difference{.kind = Kind::line_ends,
                    .words = "only line ends: some are no LF, CRLF or CR now",
                    .next = "save the file with LF as its line ends"};
}

std::optional<Difference> in_mark(std::int32_t applied,
                                  const std::vector<std::string_view>& lines) {
  uLong sum = crc(kMark);
  for (const std::string_view line : lines) sum = crc(line, sum);
  if (signed_sum(sum) != applied) return std::nullopt;
  return Difference{.kind = Kind::mark,
                    .words =
                        "only the byte order mark, which counts in the checksums of old "
                        "versions of Flyway",
                    .next = std::string(kRepair)};
}

// --- blanks ---

/// Sums of the text before and after each line.
class LineSums {
 public:
  explicit LineSums(const std::vector<std::string_view>& lines) {
    before_.push_back(0);
    for (const std::string_view line : lines) before_.push_back(crc(line, before_.back()));
    after_.resize(lines.size());
    uLong sum = 0;
    std::size_t length = 0;
    for (std::size_t i = lines.size(); i-- > 0;) {
      after_[i] = {.sum = sum, .shift = crc32_combine_gen(static_cast<z_off_t>(length))};
      sum = joined(crc(lines[i]), after_[i]);
      length += lines[i].size();
    }
  }
  /// Of all lines, but this one as `line`.
  [[nodiscard]] std::int32_t with(std::size_t at, std::string_view line) const {
    return signed_sum(joined(crc(line, before_[at]), after_[at]));
  }
  [[nodiscard]] std::int32_t first(std::size_t count) const { return signed_sum(before_[count]); }

 private:
  struct Tail {
    uLong sum;
    uLong shift;  // what zlib makes of its length
  };
  static uLong joined(uLong head, const Tail& tail) {
    return crc32_combine_op(head, tail.sum, tail.shift);
  }
  std::vector<uLong> before_;  // of the first n lines
  std::vector<Tail> after_;    // of all behind line n
};

/// Were there blanks behind one line, or are there some now that were not?
bool is_by_blanks_of_one_line(std::int32_t applied, const std::vector<std::string_view>& lines) {
  const LineSums sums(lines);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view bare = without_trailing(lines[i]);
    if (bare.size() != lines[i].size() && sums.with(i, bare) == applied) return true;
    for (const std::string_view blanks : {" ", "  ", "   ", "    ", "\t", "\t\t"}) {
      if (sums.with(i, std::string(lines[i]).append(blanks)) == applied) return true;
    }
  }
  return false;
}

std::optional<Difference> in_trailing_blanks(std::int32_t applied,
                                             const std::vector<std::string_view>& lines,
                                             bool by_line) {
  std::vector<std::string_view> bare;
  bare.reserve(lines.size());
  for (const std::string_view line : lines) bare.push_back(without_trailing(line));
  const bool found = sum_of(bare, [](std::string_view line) { return line; }) == applied ||
                     (by_line && (is_by_blanks_of_one_line(applied, lines) ||
                                  is_by_blanks_of_one_line(applied, bare)));
  if (!found) return std::nullopt;
  return Difference{.kind = Kind::trailing_blanks,
                    .words = "only blanks at the ends of lines",
                    .next =
                        "unless they stand within quotes, the statements are the same: dunlin "
                        "repair accepts the file as it is"};
}

/// Tabs of the indentation as blanks.
std::string expanded(std::string_view line, std::size_t width) {
  std::string start;
  std::size_t at = 0;
  for (; at < line.size() && kBlanks.contains(line[at]); ++at) {
    start.append(line[at] == ' ' ? 1 : width - start.size() % width, ' ');
  }
  return start.append(line.substr(at));
}

/// Blanks of the indentation as tabs.
std::string tabbed(std::string_view line, std::size_t width) {
  const std::string blanks = expanded(line, width);
  const std::size_t indent = std::min(blanks.find_first_not_of(' '), blanks.size());
  return std::string(indent / width, '\t').append(blanks.substr(indent - indent % width));
}

std::optional<Difference> in_indentation(std::int32_t applied,
                                         const std::vector<std::string_view>& lines) {
  const auto none = [](std::string_view line) {
    return line.substr(std::min(line.find_first_not_of(kBlanks), line.size()));
  };
  bool found = sum_of(lines, none) == applied;
  for (const std::size_t width : {2, 4, 8, 3}) {
    found = found ||
            sum_of(lines, [width](auto line) { return expanded(line, width); }) == applied ||
            sum_of(lines, [width](auto line) { return tabbed(line, width); }) == applied;
  }
  if (!found) return std::nullopt;
  return Difference{.kind = Kind::indentation,
                    .words = "only tabs and blanks at the beginnings of lines",
                    .next =
                        "unless they stand within quotes, the statements are the same: dunlin "
                        "repair accepts the file as it is"};
}

// --- charsets ---

constexpr std::array<std::string_view, 3> kStored = {"UTF-8", "ISO-8859-1", "windows-1252"};
constexpr std::array<std::string_view, 6> kRead = {"UTF-8",  "ISO-8859-1", "windows-1252",
                                                   "UTF-16", "UTF-16LE",   "IBM850"};

/// The bytes of `text` in a charset of one byte a letter, or UTF-8; none if it lacks a letter.
std::optional<std::string> encoded(std::string_view text, std::string_view charset) {
  if (charset == "UTF-8") return std::string(text);
  std::map<std::string, char, std::less<>> bytes;
  for (unsigned byte = 0; byte < 256; ++byte) {
    const char as_char = static_cast<char>(byte);
    if (auto letter = decode(std::string(1, as_char), charset)) bytes.emplace(*letter, as_char);
  }
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
    const auto found = bytes.find(text.substr(at, end - at));
    if (found == bytes.end()) return std::nullopt;
    result += found->second;
    at = end;
  }
  return result;
}

/// U+FFFD for what is no UTF-8, as Java reads it unless told not to.
std::string read_leniently(std::string_view bytes) {
  std::string text;
  while (true) {
    const std::size_t bad = find_invalid_utf8(bytes);
    text += bytes.substr(0, bad);
    if (bad == std::string_view::npos) return text;
    text += "\xEF\xBF\xBD";
    bytes.remove_prefix(bad + 1);
  }
}

bool gives(std::int32_t applied, std::string_view bytes, std::string_view charset) {
  const auto text = decode(std::string(bytes), charset);
  if (text) return checksum(*text) == applied;
  return charset == "UTF-8" && checksum(read_leniently(bytes)) == applied;
}

std::optional<Difference> in_encoding(std::int32_t applied, const PresentScript& present) {
  for (const std::string_view charset : kRead) {
    if (!gives(applied, present.bytes, charset)) continue;
    return Difference{
        .kind = Kind::encoding,
        .words = fmt::format("only the encoding: the file is read as {} now, and was read as {} "
                             "when it was applied",
                             present.charset, charset),
        .next = fmt::format("say -encoding={}, or write encoding={} into {}.conf", charset, charset,
                            present.name)};
  }
  for (const std::string_view stored : kStored) {
    const auto bytes = encoded(present.text, stored);
    if (!bytes) continue;
    for (const std::string_view charset : kRead) {
      if (charset == stored || !gives(applied, *bytes, charset)) continue;
      return Difference{
          .kind = Kind::encoding,
          .words = fmt::format("only the encoding: when it was applied, the file was in {} but "
                               "was read as {}",
                               stored, charset),
          .next =
              "letters beyond ASCII may be wrong in the database: look at them, and then "
              "dunlin repair accepts the file as it is"};
    }
  }
  return std::nullopt;
}

// --- content ---

std::string place_of_addition(std::int32_t applied, const std::vector<std::string_view>& lines) {
  const LineSums sums(lines);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (!lines[i].empty() && sums.with(i, {}) == applied)
      return fmt::format(": line {} is new", i + 1);
  }
  for (std::size_t count = lines.size(); count-- > 1;) {
    if (sums.first(count) == applied) {
      return fmt::format(": lines {} to {} are new", count + 1, lines.size());
    }
  }
  return {};
}

}  // namespace

Difference difference_from(std::int32_t applied, const PresentScript& present) {
  const std::vector<std::string_view> lines = lines_of(present.text);
  const bool by_line = present.text.size() <= kTriedByLine;
  if (auto found = in_line_ends(applied, present.text)) return *std::move(found);
  if (auto found = in_mark(applied, lines)) return *std::move(found);
  if (auto found = in_trailing_blanks(applied, lines, by_line)) return *std::move(found);
  if (auto found = in_indentation(applied, lines)) return *std::move(found);
  if (auto found = in_encoding(applied, present)) return *std::move(found);
  return {.kind = Kind::content,
          .words = "the content" + (by_line ? place_of_addition(applied, lines) : std::string()),
          .next = "restore the file as it was applied, and write the change as a new migration"};
}

}  // namespace dunlin
