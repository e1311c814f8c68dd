#include "migration/encoding.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace dunlin {
namespace {

using namespace std::string_view_literals;

TEST(EncodingTest, DecodesToUtf8) {
  struct Case {
    const char *why, *charset;
    std::string_view bytes, text;
  };
  constexpr Case cases[] = {
      {"nothing to do", "UTF-8", "größe 😀", "größe 😀"},
      {"letter case of the name does not matter", "utf-8", "ö", "ö"},
      {"Java's alias", "UTF8", "ö", "ö"},
      {"one byte a letter", "ISO-8859-1", "\xE9\x80", "é\xC2\x80"},
      {"another alias", "latin1", "\xE9", "é"},
      {"plain letters", "US-ASCII", "a", "a"},
      {"the euro", "windows-1252", "\x80\xFF", "€ÿ"},
      {"the mark says little-endian and is dropped", "UTF-16", "\xFF\xFE\xE9\0"sv, "é"},
      {"the mark says big-endian", "UTF-16", "\xFE\xFF\0\xE9"sv, "é"},
      {"big-endian without a mark", "UTF-16", "\0\xE9"sv, "é"},
      {"a mark stays where the order is named", "UTF-16LE", "\xFF\xFE"sv, "\xEF\xBB\xBF"},
      {"a pair of surrogates", "UTF-16BE", "\xD8\x3D\xDE\0"sv, "😀"},
      {"by the C library", "windows-1251", "\xC6", "Ж"},
      {"by the C library, under a name of Java's", "Cp1251", "\xC6", "Ж"},
      {"by the C library, several bytes a letter", "Shift_JIS", "\x93\xFA", "日"},
      {"nothing at all", "windows-1251", "", ""},
  };
  for (const auto& [why, charset, bytes, text] : cases) {
    SCOPED_TRACE(why);
    const auto decoded = decode(std::string(bytes), charset);
    ASSERT_TRUE(decoded) << decoded.error().message;
    EXPECT_EQ(*decoded, text);
  }
}

TEST(EncodingTest, RefusesBytesThatMeanNothing) {
  struct Case {
    const char *why, *charset;
    std::string_view bytes, place;
  };
  constexpr Case cases[] = {
      {"Latin-1 read as UTF-8", "UTF-8", "ok;\nab \xE9'", "0xE9 at line 2, column 4"},
      {"columns are letters", "UTF-8", "ö\xFF", "0xFF at line 1, column 2"},
      {"an overlong slash", "UTF-8", "\xC0\xAF", "0xC0 at line 1, column 1"},
      {"a surrogate", "UTF-8", "\xED\xA0\x80", "0xED"},
      {"beyond the last letter", "UTF-8", "\xF4\x90\x80\x80", "0xF4"},
      {"cut off at the end", "UTF-8", "12345678\xE2\x82", "0xE2 at line 1, column 9"},
      {"an umlaut is no ASCII", "US-ASCII", "\xE9", "0xE9"},
      {"an empty place", "windows-1252", "a\x81", "0x81 at line 1, column 2"},
      {"half a letter", "UTF-16LE", "a\0b"sv, "0x62 at line 1, column 2"},
      {"half a pair", "UTF-16BE", "\xD8\x3D\0a"sv, "0xD8"},
      {"by the C library", "EUC-JP", "ab\xFF", "0xFF at line 1, column 3"},
  };
  for (const auto& [why, charset, bytes, place] : cases) {
    SCOPED_TRACE(why);
    const auto decoded = decode(std::string(bytes), charset);
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().code, ErrorCode::script_unreadable);
    EXPECT_TRUE(decoded.error().message.contains(place)) << decoded.error().message;
  }
}

TEST(EncodingTest, HintsAtWhatTheBytesLookLike) {
  const auto hint = [](std::string_view bytes) {
    return decode(std::string(bytes), "UTF-8").error().hint;
  };
  EXPECT_TRUE(hint("\xFF\xFE;\0"sv).ends_with("-encoding=UTF-16"));
  EXPECT_TRUE(hint("\xFE\xFF\0a"sv).ends_with("-encoding=UTF-16"));
  EXPECT_TRUE(hint("\xE9t\xE9").ends_with("-encoding=ISO-8859-1"));
}

TEST(EncodingTest, RefusesUnknownCharsets) {
  for (const char* name : {"KLINGON", "", "UTF-8//TRANSLIT", "../x", "x-", "windows-"}) {
    SCOPED_TRACE(name);
    EXPECT_FALSE(check_charset(name));
    const auto decoded = decode("a", name);
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().code, ErrorCode::configuration);
  }
  EXPECT_TRUE(check_charset("ISO-8859-15"));
}

TEST(DetectCharsetTest, TellsTheThreeApart) {
  struct Case {
    const char* why;
    std::string bytes;
    std::string_view charset;
  };
  const Case cases[] = {
      {"letters of ASCII are UTF-8", "select 1;", "UTF-8"},
      {"nothing is UTF-8", "", "UTF-8"},
      {"an accent in UTF-8", "\xC3\xA9", "UTF-8"},
      {"a mark of UTF-8", "\xEF\xBB\xBFselect", "UTF-8"},
      {"an accent in ISO-8859-1", "\xE9t\xE9", "ISO-8859-1"},
      {"the mark of UTF-16, big end first", {"\xFE\xFF\0s", 4}, "UTF-16BE"},
      {"the mark of UTF-16, little end first", {"\xFF\xFEs\0", 4}, "UTF-16LE"},
      {"UTF-16 without a mark, little end first", {"s\0e\0l\0", 6}, "UTF-16LE"},
      {"UTF-16 without a mark, big end first", {"\0s\0e\0l", 6}, "UTF-16BE"},
  };
  for (const Case& each : cases) {
    const auto found = detect_charset(each.bytes);
    ASSERT_TRUE(found) << each.why;
    EXPECT_EQ(found->name, each.charset) << each.why;
    EXPECT_EQ(found->doubt, "") << each.why;
  }
}

TEST(DetectCharsetTest, SaysWhatItDoubtsAndRefusesWhatIsNoText) {
  EXPECT_NE(detect_charset("\x80 5")->doubt, "") << "a euro sign of windows-1252";
  const auto odd = detect_charset({"\xFF\xFEs", 3});
  ASSERT_FALSE(odd);
  EXPECT_EQ(odd.error().message,
            "its encoding cannot be found out: it begins as UTF-16 does, but has an odd number of "
            "bytes");
  EXPECT_EQ(odd.error().code, ErrorCode::script_unreadable);
  EXPECT_FALSE(detect_charset({"select\0 1;x", 11})) << "a zero byte between letters";
}

}  // namespace
}  // namespace dunlin
