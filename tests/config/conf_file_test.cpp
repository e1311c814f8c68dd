#include "config/conf_file.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

/// "key=value" of all lines, with blanks between.
std::string seen(std::string_view text) {
  std::string result;
  for (const auto& [key, value, line] : parse_conf(text)) {
    result += (result.empty() ? "" : " ") + key + "=<" + value + ">@" + std::to_string(line);
  }
  return result;
}

TEST(ConfFileTest, ReadsWhatFlywayReads) {
  struct Case {
    const char *why, *text, *expected;
  };
  constexpr Case cases[] = {
      {"the plain case", "flyway.url=x\n", "flyway.url=<x>@1"},
      {"no newline at the end", "a=b", "a=<b>@1"},
      {"nothing at all", "", ""},
      {"comments begin with # or !", "# a=1\n  ! b=2\nc=3\n", "c=<3>@3"},
      {"blanks around key and value", "  a   =   b c  \n", "a=<b c>@1"},
      {"a colon is as good", "a:b\n", "a=<b>@1"},
      {"a blank will do", "a b\n", "a=<b>@1"},
      {"the first separator counts", "a=b=c:d # e\n", "a=<b=c:d # e>@1"},
      {"the second belongs to the value", "a:=b\n", "a=<=b>@1"},
      {"no separator, no value", "a\n", "a=<>@1"},
      {"backslashes are themselves", "a=C:\\dir\\new\\u0041\\\\\n",
       "a=<C:\\dir\\new\\u0041\\\\>@1"},
      {"a value goes on in the next line", "a=b,\\\n   c\nd=e\n", "a=<b,c>@1 d=<e>@3"},
      {"also when it only begins there", "a=\\\n  b\n", "a=<b>@1"},
      {"blanks after the backslash are overlooked", "a=b\\   \nc\n", "a=<bc>@1"},
      {"blanks before it stay", "a=b \\\nc\n", "a=<b c>@1"},
      {"it may look like a comment", "a=b\\\n#c\n", "a=<b#c>@1"},
      {"or like a foreign setting", "a=b\\\nc=d\n", "a=<bc=d>@1"},
      {"but not like one of Flyway's", "a=b\\\n flyway.c=d\n", "a=<b\\>@1 flyway.c=<d>@2"},
      {"nor be blank", "a=b\\\n\nc=d\n", "a=<b\\>@1 c=<d>@3"},
      {"only one backslash is for that", "a=b\\\\\\\nc\n", "a=<b\\\\c>@1"},
      {"at the end of the file it is itself", "a=b\\", "a=<b\\>@1"},
      {"a comment does not go on", "#a\\\nb=c\n", "b=<c>@2"},
      {"CRLF", "a=b  \r\nc=d\\\r\ne\r\n", "a=<b>@1 c=<de>@2"},
      {"a byte order mark",
       "\xEF\xBB\xBF"
       "a=b\n",
       "a=<b>@1"},
      {"twice is twice", "a=b\na=c\n", "a=<b>@1 a=<c>@2"},
  };
  for (const auto& [why, text, expected] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(seen(text), expected);
  }
}

TEST(ConfFileTest, PutsVariablesIn) {
  const Environment environment({{"A", "aa"}, {"low", "ll"}, {"E", ""}});
  struct Case {
    const char *why, *text, *expected;
  };
  constexpr Case cases[] = {
      {"in the middle", "x${A}y", "xaay"},
      {"twice", "${A}${A}", "aaaa"},
      {"lower case", "${low}", "ll"},
      {"not set: nothing", "-${NO}-", "--"},
      {"set but empty", "-${E}-", "--"},
      {"a dollar before it stays", "$${A}", "$aa"},
      {"dots are for later", "${env.A}", "${env.A}"},
      {"colons too", "${secret:A}", "${secret:A}"},
      {"blanks are no name", "${ A }", "${ A }"},
      {"no end", "${A", "${A"},
      {"no name", "${}${A}", "${}aa"},
      {"no braces", "$A", "$A"},
      {"one inside another", "${${A}}", "${aa}"},
  };
  for (const auto& [why, text, expected] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(expand_variables(text, environment), expected);
    EXPECT_EQ(has_variables(text), std::string_view(text) != expected);
  }
}

}  // namespace
}  // namespace dunlin
