#include "docs/markdown.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cstdint>

namespace dunlin::docs {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
constexpr unsigned char kDelete = 0x7F;
constexpr unsigned char kBlank = 0x20;

unsigned byte_at(std::string_view text, std::size_t at) {
  return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
}

bool is_continuation(unsigned byte) { return (byte & 0xC0U) == 0x80U; }

/// How many bytes the letter at `at` has; 0 when it is none of UTF-8 (RFC 3629, section 4).
std::size_t letter_size(std::string_view text, std::size_t at) {
  const unsigned first = byte_at(text, at);
  const unsigned second = byte_at(text, at + 1);
  if (first < 0x80U) return 1;
  if (first < 0xC2U || first > 0xF4U || !is_continuation(second)) return 0;
  if (first < 0xE0U) return 2;
  const bool too_short = (first == 0xE0U && second < 0xA0U) || (first == 0xF0U && second < 0x90U);
  const bool too_high = (first == 0xEDU && second > 0x9FU) || (first == 0xF4U && second > 0x8FU);
  if (too_short || too_high || !is_continuation(byte_at(text, at + 2))) return 0;
  if (first < 0xF0U) return 3;
  return is_continuation(byte_at(text, at + 3)) ? 4 : 0;
}

/// U+2400 and on show what cannot be printed: three bytes, E2 90 80 for NUL, E2 90 A1 for DEL.
std::string picture(unsigned char control) {
  constexpr unsigned kFirst = 0x80U;
  constexpr unsigned kOfDelete = 0xA1U;
  const unsigned last = control == kDelete ? kOfDelete : kFirst + control;
  return std::string("\xE2\x90") + static_cast<char>(last);
}

bool is_word(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) > kDelete;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Would an underscore here begin or end emphasis? Not between two letters (spec 6.4).
bool stands_in_word(std::string_view text, std::size_t at) {
  return at > 0 && at + 1 < text.size() && is_word(text[at - 1]) && is_word(text[at + 1]);
}

std::string escaped(std::string_view line) {
  std::string result;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char c = line[at];
    // Entities where a backslash is not enough: cells are cut before backslashes are read.
    if (c == '|') {
      result += "&#124;";
    } else if (c == '\\') {
      result += "&#92;";
    } else if (c == '<') {
      result += "&lt;";
    } else if (c == '&') {
      result += "&amp;";
    } else if (c == '_' && stands_in_word(line, at)) {
      result += c;
    } else {
      if (std::string_view("`*_[]#~$>").contains(c)) result += '\\';
      result += c;
    }
  }
  return result;
}

/// What would make a list, a heading or a line of the paragraph's first letters.
std::string with_safe_start(std::string line) {
  std::size_t digits = 0;
  while (digits < line.size() && is_digit(line[digits])) ++digits;
  const bool numbered =
      digits > 0 && digits < line.size() && (line[digits] == '.' || line[digits] == ')');
  if (numbered) line.insert(digits, "\\");
  if (!line.empty() && std::string_view("-+=").contains(line.front())) line.insert(0, "\\");
  return line;
}

std::size_t longest_run(std::string_view text, char letter) {
  std::size_t longest = 0;
  std::size_t run = 0;
  for (const char c : text) {
    run = c == letter ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  return longest;
}

/// Code by tags: for what a code span would change, or a cell be cut at.
std::string tagged(std::string_view text) {
  const bool blank_ends = text.starts_with(' ') || text.ends_with(' ');
  const std::string_view special = blank_ends ? " |\\`*_[]<>&~$!" : "|\\`*_[]<>&~$!";
  std::string result = "<code>";
  for (const char c : text) {
    if (special.contains(c)) {
      result += fmt::format("&#{};", static_cast<int>(c));
    } else {
      result += c;
    }
  }
  return result + "</code>";
}

}  // namespace

std::string printable(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t size = letter_size(text, at);
    const auto byte = static_cast<unsigned char>(text[at]);
    if (size == 0) {
      result += kReplacement;
    } else if (text[at] != '\n' && (byte < kBlank || byte == kDelete)) {
      result += picture(byte);
    } else {
      result += text.substr(at, size);
    }
    at += std::max<std::size_t>(size, 1);
  }
  return result;
}

std::string plain(std::string_view text) {
  const std::string lines = printable(replace_all(replace_all(text, "\r\n", "\n"), "\t", " "));
  std::vector<std::string> escaped_lines;
  for (const std::string& line : split(trim(lines), '\n')) {
    escaped_lines.push_back(escaped(trim(line)));
  }
  return with_safe_start(join(escaped_lines, "<br>"));
}

std::string code(std::string_view text) {
  const std::string line = replace_all(printable(text), "\n", picture('\n'));
  const bool bare_ends = !line.empty() && line.front() != ' ' && line.back() != ' ';
  if (!bare_ends || line.contains('|')) return tagged(line);
  const std::string ticks(longest_run(line, '`') + 1, '`');
  const std::string_view pad = line.front() == '`' || line.back() == '`' ? " " : "";
  return fmt::format("{}{}{}{}{}", ticks, pad, line, pad, ticks);
}

std::string one_line(std::string_view sql) {
  std::string result;
  char quote = 0;
  for (const char c : trim(sql)) {
    const bool is_blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (quote == 0 && is_blank) {
      if (!result.ends_with(' ')) result += ' ';
      continue;
    }
    if (quote == 0 && std::string_view("'\"`").contains(c)) {
      quote = c;
    } else if (c == quote) {
      quote = 0;
    }
    result += c;
  }
  return result;
}

std::string fenced(std::string_view language, std::string_view text) {
  constexpr std::size_t kShortest = 3;
  const std::string lines = printable(replace_all(replace_all(text, "\r\n", "\n"), "\t", "    "));
  const std::string fence(std::max(kShortest, longest_run(lines, '`') + 1), '`');
  return fmt::format("{}{}\n{}{}{}\n", fence, language, lines, lines.ends_with('\n') ? "" : "\n",
                     fence);
}

}  // namespace dunlin::docs
