#include "docs/markdown.hpp"

#include <gtest/gtest.h>

namespace dunlin::docs {
namespace {

struct Case {
  const char *why, *text, *expected;
};

TEST(MarkdownTest, PlainTextShowsEveryLetter) {
  constexpr Case cases[] = {
      {"words stay", "One bird, seen at 7.", "One bird, seen at 7."},
      {"an underscore in a word is none of Markdown's", "snake_case", "snake_case"},
      {"one at an end is", "_so_", "\\_so\\_"},
      {"emphasis and code", "*a* `b` ~c~", "\\*a\\* \\`b\\` \\~c\\~"},
      {"a link and a formula", "[a](b) $x$", "\\[a\\](b) \\$x\\$"},
      {"a cell is not cut", "a | b", "a &#124; b"},
      {"nor behind a backslash", "a \\| b", "a &#92;&#124; b"},
      {"no tags, no comment that ends the block", "<!-- x -->", "&lt;!-- x --\\>"},
      {"no entity", "&lt;", "&amp;lt;"},
      {"lines stay lines", "a\r\n\n# b", "a<br><br>\\# b"},
      {"no list", "- a", "\\- a"},
      {"no numbers of a list", "12. a", "12\\. a"},
      {"no line below a heading", "===", "\\==="},
      {"a tabulator is a blank", "a\tb", "a b"},
      {"other letters", "ü 鷸 \xF0\x9F\x90\xA6", "ü 鷸 \xF0\x9F\x90\xA6"},
      {"bytes that are no letters", "a\xFFz\xC3", "a\xEF\xBF\xBDz\xEF\xBF\xBD"},
      {"nor too long a letter", "\xC0\xAF", "\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"control characters are seen", "a\x01\x7F", "a\xE2\x90\x81\xE2\x90\xA1"},
  };
  for (const auto& [why, text, expected] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(plain(text), expected);
  }
}

TEST(MarkdownTest, CodeShowsEveryLetterInCellsToo) {
  constexpr Case cases[] = {
      {"in ticks", "a_b", "`a_b`"},
      {"in more ticks than there are", "a`b``c", "```a`b``c```"},
      {"a tick at an end needs room", "`a", "`` `a ``"},
      {"what would cut a cell goes into tags", "a|*b*", "<code>a&#124;&#42;b&#42;</code>"},
      {"blanks that a span would lose too", " a ", "<code>&#32;a&#32;</code>"},
      {"an empty name", "", "<code></code>"},
      {"a line feed is seen", "a\nb", "`a\xE2\x90\x8A\x62`"},
      {"tags and entities are code", "<b>&lt;", "`<b>&lt;`"},
  };
  for (const auto& [why, text, expected] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(code(text), expected);
  }
}

TEST(MarkdownTest, SqlInOneLineKeepsWhatIsQuoted) {
  EXPECT_EQ(one_line(" CASE\n    WHEN a\tTHEN 'x\n  y'\n END "), "CASE WHEN a THEN 'x\n  y' END");
  EXPECT_EQ(one_line("\"a  b\"   = `c  d`"), "\"a  b\" = `c  d`");
}

TEST(MarkdownTest, AFenceIsLongerThanAnyInIt) {
  EXPECT_EQ(fenced("sql", "SELECT 1"), "```sql\nSELECT 1\n```\n");
  EXPECT_EQ(fenced("sql", "a\n```\nb\r\n"), "````sql\na\n```\nb\n````\n");
}

}  // namespace
}  // namespace dunlin::docs
