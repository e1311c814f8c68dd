#include "base/text.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

using Pieces = std::vector<std::string>;

TEST(TextTest, TrimsBlanksAtTheEnds) {
  EXPECT_EQ(trim(" \t a b \r\n"), "a b");
  EXPECT_EQ(trim(" \f\v "), "");
  EXPECT_EQ(trim(""), "");
}

TEST(TextTest, ChangesAsciiLettersOnly) {
  EXPECT_EQ(lower("ABC-\xC3\x84_9"), "abc-\xC3\x84_9");
  EXPECT_EQ(upper("abc-\xC3\xA4_9"), "ABC-\xC3\xA4_9");
  EXPECT_TRUE(equals_ignoring_case("Latest", "lATEST"));
  EXPECT_FALSE(equals_ignoring_case("Latest", "Late"));
  EXPECT_FALSE(equals_ignoring_case("@", "`")) << "32 apart, but no letters";
}

TEST(TextTest, SplitsAtSeparators) {
  struct Case {
    const char *why, *text;
    Pieces pieces, list;
  };
  const Case cases[] = {
      {"nothing", "", {}, {}},
      {"no separator", "a", {"a"}, {"a"}},
      {"empty pieces", "a,,b", {"a", "", "b"}, {"a", "b"}},
      {"at the ends", ",a,", {"", "a", ""}, {"a"}},
      {"blanks", " a , ,b", {" a ", " ", "b"}, {"a", "b"}},
  };
  for (const auto& [why, text, pieces, list] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(split(text, ','), pieces);
    EXPECT_EQ(split_list(text), list);
  }
  EXPECT_EQ(split_list("a b;c", ';'), (Pieces{"a b", "c"}));
}

TEST(TextTest, JoinsPieces) {
  EXPECT_EQ(join({}, ", "), "");
  EXPECT_EQ(join({"a"}, ", "), "a");
  EXPECT_EQ(join({"a", "", "b"}, ", "), "a, , b");
}

TEST(TextTest, ReplacesFromLeftToRight) {
  struct Case {
    const char *why, *text, *from, *to, *result;
  };
  constexpr Case cases[] = {
      {"each", "a-b-c", "-", "+", "a+b+c"},
      {"by more", "it's", "'", "''", "it''s"},
      {"by nothing", "a--b", "-", "", "ab"},
      {"what comes in is not looked at again", "aa", "a", "ba", "baba"},
      {"overlapping ones once", "aaa", "aa", "b", "ba"},
      {"nothing to look for", "abc", "", "x", "abc"},
      {"none there", "abc", "x", "y", "abc"},
  };
  for (const auto& [why, text, from, to, result] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(replace_all(text, from, to), result);
  }
}

TEST(TextTest, EncodesForUrlsAndBack) {
  EXPECT_EQ(percent_encode("Az09-_.~"), "Az09-_.~") << "RFC 3986: unreserved";
  EXPECT_EQ(percent_encode("a b/\xC3\xA4+%"), "a%20b%2F%C3%A4%2B%25");
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  EXPECT_EQ(percent_decode(percent_encode(bytes)), bytes);
}

TEST(TextTest, LeavesAPercentThatEncodesNothing) {
  struct Case {
    const char *why, *text, *decoded;
  };
  constexpr Case cases[] = {
      {"letters of both cases", "%2f%2F", "//"},
      {"at the very end", "a%41", "aA"},
      {"cut off", "100%", "100%"},
      {"cut off after one", "%4", "%4"},
      {"no hex digits", "%zz%4g", "%zz%4g"},
      {"a plus is a plus", "a+b", "a+b"},
      {"decoded once", "%2541", "%41"},
  };
  for (const auto& [why, text, decoded] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(percent_decode(text), decoded);
  }
}

TEST(TextTest, ShowsBytesInHex) {
  EXPECT_EQ(hex(std::string_view("\x00\x7f\x80\xff", 4)), "007f80ff");
  EXPECT_EQ(hex(""), "");
}

TEST(TextTest, CountsWhatHasToBeChanged) {
  struct Case {
    const char *why, *a, *b;
    std::size_t distance;
  };
  constexpr Case cases[] = {
      {"the same", "main", "main", 0},
      {"one added", "main", "mains", 1},
      {"one left out", "main", "man", 1},
      {"one changed", "main", "maim", 1},
      {"from nothing", "", "abc", 3},
      {"to nothing", "abc", "", 3},
      {"the textbook's", "kitten", "sitting", 3},
  };
  for (const auto& [why, a, b, distance] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(edit_distance(a, b), distance);
  }
}

TEST(TextTest, SuggestsWhatIsNear) {
  const Pieces branches = {"main", "develop", "release/1", "release/2", "release/3", "release/4"};
  EXPECT_EQ(nearest("mian", branches), (Pieces{"main"}));
  EXPECT_EQ(nearest("DEVELOPE", branches), (Pieces{"develop"})) << "capitals do not matter";
  EXPECT_EQ(nearest("release/2", branches), (Pieces{"release/2", "release/1", "release/3"}))
      << "the nearest first, three at most";
  EXPECT_EQ(nearest("release/2", branches, 1), (Pieces{"release/2"}));
  EXPECT_EQ(nearest("something-else", branches), Pieces{});
}

}  // namespace
}  // namespace dunlin
