#include "sql/excerpt.hpp"

#include <gtest/gtest.h>

namespace dunlin::sql {
namespace {

TEST(PositionTest, CountsLinesAndLetters) {
  struct Case {
    const char *why, *text;
    std::size_t offset;
    Position position;
  };
  constexpr Case cases[] = {
      {"the start", "abc", 0, {1, 1}},
      {"on the first line", "abc", 2, {1, 3}},
      {"behind a line feed", "a\nbc", 3, {2, 2}},
      {"CRLF is one line end", "a\r\nbc", 3, {2, 1}},
      {"between CR and LF is still the line", "a\r\nbc", 2, {1, 3}},
      {"CR alone is one too", "a\r\rbc", 3, {3, 1}},
      {"letters, not bytes", "öö", 4, {1, 3}},
      {"beyond the end", "ab", 99, {1, 3}},
  };
  for (const auto& [why, text, offset, position] : cases) {
    SCOPED_TRACE(why);
    const Position found = position_of(text, offset);
    EXPECT_EQ(found.line, position.line);
    EXPECT_EQ(found.column, position.column);
  }
}

TEST(ExcerptTest, PutsACaretUnderThePlace) {
  struct Case {
    const char *why, *text;
    std::size_t offset;
    const char* shown;
  };
  constexpr Case cases[] = {
      {"plain", "select 1;\nselect j;\nx", 17, "select j;\n       ^"},
      {"at the end of the text", "abc", 3, "abc\n   ^"},
      {"at a line end", "abc\ndef", 3, "abc\n   ^"},
      {"an empty text", "", 0, "\n^"},
      {"tabs are four blanks", "\tx", 1, "    x\n    ^"},
      {"a letter of two bytes", "öx", 2, "öx\n ^"},
      {"a letter of two columns", "日x", 3, "日x\n  ^"},
      {"an accent of its own takes no column", "e\u0301x", 3, "e\u0301x\n ^"},
      {"control characters are not shown", "a\x1B[1mx", 5, "a?[1mx\n     ^"},
      {"no UTF-8", "a\xFFx", 2, "a?x\n  ^"},
      {"CRLF", "a\r\nbcd\r\n", 4, "bcd\n ^"},
  };
  for (const auto& [why, text, offset, shown] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(excerpt(text, offset), shown);
  }
}

TEST(ExcerptTest, CutsLongLinesAroundThePlace) {
  const std::string text = std::string(5000, 'a') + "X" + std::string(5000, 'b');
  const std::string shown = excerpt(text, 5000);
  const std::string line = shown.substr(0, shown.find('\n'));
  EXPECT_TRUE(line.starts_with("...a"));
  EXPECT_TRUE(line.ends_with("b..."));
  EXPECT_LE(line.size(), 106U);
  EXPECT_EQ(line.find('X'), shown.size() - line.size() - 2) << "the caret stands under the X";
}

}  // namespace
}  // namespace dunlin::sql
