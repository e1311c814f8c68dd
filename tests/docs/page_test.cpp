#include "docs/page.hpp"

#include "base/text.hpp"

#include <gtest/gtest.h>

namespace dunlin::docs {
namespace {

constexpr const char* kB = "<!-- dunlin docs: begin -->\n";
constexpr const char* kE = "<!-- dunlin docs: end -->\n";

TEST(PageTest, RefusesAPageWithoutOnePlace) {
  struct Case {
    const char* why;
    std::string page;
    const char* message;
  };
  const std::string b = kB;
  const std::string e = kE;
  const Case cases[] = {
      {"nothing", "", "x.md has no line <!-- dunlin docs: begin -->"},
      {"no end", "a\n" + b, "x.md has no line <!-- dunlin docs: end -->"},
      {"two begins", b + "\n" + b + e,
       "x.md has <!-- dunlin docs: begin --> twice, in lines 1 and 3"},
      {"two ends", b + e + e, "x.md has <!-- dunlin docs: end --> twice, in lines 2 and 3"},
      {"the wrong way round", e + b,
       "x.md has <!-- dunlin docs: end --> in line 1, before <!-- dunlin docs: begin --> in line "
       "2"},
      {"in the middle of a line", "see " + b + e, "x.md has no line <!-- dunlin docs: begin -->"},
      {"in code only", "```\n" + b + e + "```\n", "x.md has no line <!-- dunlin docs: begin -->"},
      {"in code that does not end", "~~~\n" + b + "```\n" + e,
       "x.md has no line <!-- dunlin docs: begin -->"},
  };
  for (const auto& [why, page, message] : cases) {
    SCOPED_TRACE(why);
    const auto found = cut(page, "x.md");
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().message, message);
    EXPECT_FALSE(found.error().hint.empty());
  }
}

TEST(PageTest, LeavesEverythingElseAsItIs) {
  const std::string page = std::string("\xEF\xBB\xBF# a  \n\n  ") + kB + "old\n" + kE + "b";
  const auto found = cut(page, "x.md");
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(found->inside, "old\n");
  EXPECT_EQ(filled(*found, "new\n"),
            std::string("\xEF\xBB\xBF# a  \n\n  ") + kB + "\nnew\n\n" + kE + "b");
}

TEST(PageTest, TakesThePagesLineEnds) {
  const std::string page = "a\r\n<!-- dunlin docs: begin -->\r\n<!-- dunlin docs: end -->";
  const auto found = cut(page, "x.md");
  ASSERT_TRUE(found);
  EXPECT_EQ(filled(*found, "b\nc\n"),
            "a\r\n<!-- dunlin docs: begin -->\r\n\r\nb\r\nc\r\n\r\n<!-- dunlin docs: end -->");
}

TEST(PageTest, WhatItFilledItFindsAgain) {
  const std::string trap = std::string("````sql\n") + kE + "```\n" + kB + "````\n";
  const std::string once = filled(cut(std::string(kB) + kE, "x.md").value(), trap);
  const auto again = cut(once, "x.md");
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(filled(*again, trap), once);
}

TEST(PageTest, NamesTheSectionsThatDiffer) {
  const std::string before = "## S\n\n### Tables\n\n#### a\nx\n\n#### b\ny\n\n### Enums\nz\n";
  struct Case {
    const char *why, *after, *expected;
  };
  constexpr Case cases[] = {
      {"the same", "## S\n\n### Tables\n\n#### a\nx\n\n#### b\ny\n\n### Enums\nz\n", ""},
      {"one changed", "## S\n### Tables\n#### a\nX\n#### b\ny\n### Enums\nz\n",
       "changed  S / Tables / a"},
      {"one more, one less", "## S\n### Tables\n#### b\ny\n### Enums\nz\n### Views\n",
       "new      S / Views\ngone     S / Tables / a"},
      {"a heading in code is none",
       "## S\n### Tables\n#### a\nx\n#### b\ny\n### Enums\nz\n```\n# c\n```\n",
       "changed  S / Enums"},
      {"a heading that leads to others is not told",
       "## S\n### Tables\n#### a\nx\n#### b\ny\n### Enums\nz\n### Views\n#### v\n",
       "new      S / Views / v"},
      {"blanks alone", "## S\n### Tables\n#### a\nx\n#### b\ny\n### Enums\nz\n",
       "changed  blanks, line ends or order"},
  };
  for (const auto& [why, after, expected] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(join(differences(before, after), "\n"), expected);
  }
  EXPECT_EQ(join(differences("This goes.\n", "## S\n"), "\n"),
            "new      S\ngone     the text before the first heading");
}

}  // namespace
}  // namespace dunlin::docs
