#include "config/toml_file.hpp"

#include "base/text.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

std::string seen(std::string_view text) {
  const auto settings = parse_toml(text, "f.toml");
  if (!settings) return "error: " + settings.error().message;
  std::string result;
  for (const TomlSetting& each : *settings) {
    const std::string values = join(each.values, "|");
    result += (result.empty() ? "" : " ") + join(each.path, ".") + '=' +
              (each.is_list ? '[' + values + ']' : values) + '@' + std::to_string(each.line);
  }
  return result;
}

TEST(TomlFileTest, GivesEveryValueWithItsTables) {
  struct Case {
    const char *why, *text, *expected;
  };
  constexpr Case cases[] = {
      {"text", "[flyway]\ntable = \"t\"\n", "flyway.table=t@2"},
      {"truth", "a = true", "a=true@1"},
      {"numbers", "a = -5", "a=-5@1"},
      {"arrays", "a = ['x', 1, true]", "a=[x|1|true]@1"},
      {"an empty array", "a = []", "a=[]@1"},
      {"dotted keys and tables", "[flyway.placeholders]\na.b = 'c'", "flyway.placeholders.a.b=c@2"},
      {"inline tables", "a = {b = 'c'}", "a.b=c@1"},
      {"an empty file", "", ""},
      {"a fraction", "x = 1.5",
       "error: Unable to load config file: f.toml line 1: x is neither text, true or false, a "
       "whole "
       "number nor an array of these"},
      {"an array in an array", "x = [[1]]",
       "error: Unable to load config file: f.toml line 1: x is neither text, true or false, a "
       "whole "
       "number nor an array of these"},
  };
  for (const auto& [why, text, expected] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(seen(text), expected);
  }
}

TEST(TomlFileTest, SyntaxErrorsNameFileLineAndColumn) {
  const std::string message = seen("[flyway\nx");
  EXPECT_TRUE(
      message.starts_with("error: Error parsing config file at [line 1, column 8] of f.toml:"))
      << message;
  EXPECT_FALSE(message.contains('\n')) << message;
}

TEST(TomlFileTest, LettersBeyondAsciiStandInQuotesAndComments) {
  EXPECT_EQ(seen("# é\n'é' = \"é\""), "é=é@2");
  EXPECT_EQ(seen("\xEF\xBB\xBF"
                 "a = 'x'"),
            "a=x@1")
      << "a byte order mark is none";
  EXPECT_EQ(seen("a = \"\"\"\\\"é\n'\"\"\"\"\nb='''é'''"), "a=\"é\n'\"@1 b=é@3");
  EXPECT_EQ(seen("'~' = '~.7e~.é~.~'"), "~=~.7e~.é~.~@1");
  // toml++ would run into undefined behaviour
  for (const char* text : {"\nxé = 1", "\né", "\n[é]", "\n'\né", "\na = '' é", "\na = 1あ",
                           "a =+=\"é", "a=+\"\"\"é"}) {
    EXPECT_TRUE(seen(text).starts_with("error: Error parsing config file at ")) << text;
  }
  for (const char* text : {"a = \"\"\"", "a = \"\"\"b", "a = \"\\", "a = '''"}) {
    EXPECT_TRUE(seen(text).starts_with("error: Error parsing")) << "not closed: " << text;
  }
}

TEST(TomlFileTest, ControlCharactersAreRefused) {
  using std::string_view_literals::operator""sv;
  for (const std::string_view text : {"[\0\0\"a\"\1]\n"sv, "a = 'x\x7Fy'"sv, "# \x1B[31m"sv}) {
    EXPECT_TRUE(seen(text).ends_with("of f.toml: a control character has no place here"))
        << seen(text);
  }
}

TEST(TomlFileTest, WhatTomlTakesForGrantedIsAnError) {  // assertions of toml++
  for (const char* text : {"[:x]", "[[.", "a = [}", "[\n"}) {
    EXPECT_EQ(seen(text), "error: Error parsing config file at f.toml: it is no TOML") << text;
  }
}

TEST(TomlFileTest, NestingWithoutEndIsAnErrorAndNoCrash) {
  constexpr std::size_t kMany = 200'000;
  const auto times = [](std::string_view piece) {
    std::string text;
    for (std::size_t i = 0; i < kMany; ++i) text += piece;
    return text;
  };
  struct Case {
    const char* why;
    std::string text;
  };
  const Case cases[] = {
      {"a key of many parts", times("a.") + "a = 1"},
      {"a table of many parts", "[" + times("a . ") + "a]\nb = 1"},
      {"quoted parts", times("'a'.\"b\".") + "a = 1"},
      {"in an inline table", "a = {" + times("a.") + "a = 1}"},
      {"behind a string with quotes at its end",
       "a = {a = \"\"\"x\"\"\"\"\", " + times("a.") + "a = 1}"},
      {"arrays", "a = " + times("[")},
      {"inline tables", "a = " + times("{a = ")},
  };
  for (const auto& [why, text] : cases) {
    EXPECT_TRUE(seen(text).starts_with("error: Error parsing config file at ")) << why;
  }
  EXPECT_EQ(seen("a.b.c.d.e.f.g.h = '" + std::string(40, '.') + "' # " + std::string(40, '.')),
            "a.b.c.d.e.f.g.h=" + std::string(40, '.') + "@1");
}

TEST(TomlFileTest, ReadsWindowsLinesAndQuotedKeys) {
  EXPECT_EQ(seen("\r\n'a'.'b' = {'c' = 'd', \"e\" = ['f',\r\n'g']}"), "a.b.c=d@2 a.b.e=[f|g]@2");
}

TEST(TomlFileTest, InvalidUtf8IsAnErrorAndNoCrash) {
  EXPECT_EQ(seen("a = \"\xE9\""),
            "error: Error parsing config file at [line 1, column 6] of f.toml: this is not UTF-8");
}

}  // namespace
}  // namespace dunlin
