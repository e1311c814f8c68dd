#include "migration/checksum_difference.hpp"

#include "base/text.hpp"
#include "migration/checksum.hpp"
#include "migration/encoding.hpp"

#include <gtest/gtest.h>

#include <string>

namespace dunlin {
namespace {

using Kind = Difference::Kind;

Difference difference(std::int32_t applied, const std::string& bytes,
                      std::string_view charset = "UTF-8") {
  const auto text = decode(bytes, charset);
  EXPECT_TRUE(text) << bytes;
  return difference_from(
      applied, {.name = "V1__a.sql", .bytes = bytes, .charset = charset, .text = text.value()});
}

TEST(ChecksumDifferenceTest, NamesWhatDiffersFromTheSumAlone) {
  struct Case {
    const char *why, *applied, *now;
    Kind kind;
    const char* words;
  };
  constexpr Case cases[] = {
      {"blanks that went", "a \nb\n", "a\nb\n", Kind::trailing_blanks, "blanks at the ends"},
      {"a tab that went", "a\nb\t\nc", "a\nb\nc", Kind::trailing_blanks, "blanks at the ends"},
      {"blanks that came, everywhere", "a\nb\nc", "a \nb\t\nc   ", Kind::trailing_blanks, "blanks"},
      {"blanks that came, on one of two lines", "a \nb", "a \nb ", Kind::trailing_blanks, "blanks"},
      {"others stood elsewhere", "a\nb  \nc", "a \nb\nc", Kind::trailing_blanks, "blanks"},
      {"blanks on an empty line", "a\n\nb", "a\n    \nb", Kind::trailing_blanks, "blanks"},
      {"in a file with CRLF", "a \r\nb\r\n", "a\r\nb\r\n", Kind::trailing_blanks, "blanks"},
      {"tabs became blanks", "\ta\n\t\tb", "    a\n        b", Kind::indentation,
       "tabs and blanks"},
      {"blanks became tabs", "  a\n    b", "\ta\n\t\tb", Kind::indentation, "tabs and blanks"},
      {"indented later", "a\nb", "  a\n\tb", Kind::indentation, "tabs and blanks"},
      {"a line separator of Unicode", "a\nb",
       "a\xE2\x80\xA8"
       "b",
       Kind::line_ends, "no LF"},
      {"another word", "create", "crate", Kind::content, "the content"},
      {"a line put in", "a\nc", "a\nb\nc", Kind::content, "the content: line 2 is new"},
      {"a comment at the end", "a\nb", "a\nb\n-- c", Kind::content, "the content: line 3 is new"},
      {"several lines at the end", "a", "a\nb\nc", Kind::content,
       "the content: lines 2 to 3 are new"},
      {"a line taken out cannot be known", "a\nb\nc", "a\nc", Kind::content, "the content"},
      {"it was empty", "", "a", Kind::content, "the content: line 1 is new"},
      {"now it is", "a", "", Kind::content, "the content"},
  };
  for (const auto& [why, applied, now, kind, words] : cases) {
    SCOPED_TRACE(why);
    ASSERT_NE(checksum(applied), checksum(now));
    const Difference found = difference(checksum(applied), now);
    EXPECT_EQ(found.kind, kind);
    EXPECT_NE(found.words.find(words), std::string::npos) << found.words;
    // repair is recommended only where it hides nothing
    EXPECT_EQ(found.next.find("repair") == std::string::npos,
              kind == Kind::content || kind == Kind::line_ends)
        << found.next;
  }
}

TEST(ChecksumDifferenceTest, NamesTheCharsetInWhichItWasRead) {
  struct Case {
    const char *why, *bytes_then, *charset_then, *bytes_now, *charset_now, *words;
  };
  constexpr Case cases[] = {
      {"the option changed", "-- \xE9", "ISO-8859-1", "-- \xE9", "windows-1251",
       "read as windows-1251 now, and was read as ISO-8859-1"},
      {"a letter that only windows-1252 has", "-- \x80", "windows-1252", "-- \x80", "ISO-8859-1",
       "read as ISO-8859-1 now, and was read as windows-1252"},
      {"UTF-8 that was taken for one byte a letter", "-- \xC3\xA9", "ISO-8859-1", "-- \xC3\xA9",
       "UTF-8", "read as UTF-8 now, and was read as ISO-8859-1"},
      {"the same, and the file was converted", "-- \xC3\xA9", "ISO-8859-1", "-- \xE9",
       "windows-1251", "the content"},
      {"UTF-8 taken for ISO-8859-1, converted to it later", "-- \xC3\xA9", "ISO-8859-1", "-- \xE9",
       "ISO-8859-1", "the file was in UTF-8 but was read as ISO-8859-1"},
      {"read in UTF-16 by mistake", "ab", "UTF-16", "ab", "UTF-8", "was read as UTF-16"},
  };
  for (const auto& [why, bytes_then, charset_then, bytes_now, charset_now, words] : cases) {
    SCOPED_TRACE(why);
    const auto then = decode(bytes_then, charset_then);
    ASSERT_TRUE(then);
    const Difference found = difference(checksum(*then), bytes_now, charset_now);
    EXPECT_NE(found.words.find(words), std::string::npos) << found.words;
  }
}

TEST(ChecksumDifferenceTest, SeesBytesThatWereReplacedWhenTheyWereNoUtf8) {
  const Difference found = difference(checksum("-- \xEF\xBF\xBD"), "-- \xC3\xA9");
  EXPECT_EQ(found.words,
            "only the encoding: when it was applied, the file was in ISO-8859-1 but was read as "
            "UTF-8");
}

// Old versions of Flyway summed the text as it stood; sums by zlib.crc32 of Python.
TEST(ChecksumDifferenceTest, KnowsSumsThatCountLineEndsAndMarks) {
  struct Case {
    const char* why;
    std::int32_t applied;
    const char* now;
    Kind kind;
  };
  constexpr Case cases[] = {
      {"the bytes as they are", 1544687047, "a;\nb;\n", Kind::line_ends},
      {"with CRLF then", -918345935, "a;\nb;\n", Kind::line_ends},
      {"with LF then", -1374833769, "a;\r\nb;", Kind::line_ends},
      {"without a last line end then", -1374833769, "a;\nb;\n", Kind::line_ends},
      {"with one then", 1544687047, "a;\nb;", Kind::line_ends},
      {"with a mark then", -948301851, "a;\nb;\n", Kind::mark},
      {"with a mark and line ends", -1275657400, "a;\nb;\n", Kind::line_ends},
  };
  for (const auto& [why, applied, now, kind] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(difference(applied, now).kind, kind);
  }
}

TEST(ChecksumDifferenceTest, TriesEachLineOfALargeScriptInShortTime) {
  std::string then, now;
  for (int i = 0; i < 50'000; ++i) {
    const std::string line = fmt::format("INSERT INTO t VALUES ({});", i);
    then += line + "\n";
    now += line + (i == 49'000 ? "  \n" : "\n");
  }
  EXPECT_EQ(difference(checksum(then), now).kind, Kind::trailing_blanks);
  EXPECT_EQ(difference(checksum(now), then).kind, Kind::trailing_blanks);
}

}  // namespace
}  // namespace dunlin
