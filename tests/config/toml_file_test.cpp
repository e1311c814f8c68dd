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

TEST(TomlFileTest, InvalidUtf8IsAnErrorAndNoCrash) {
  EXPECT_TRUE(seen("a = \"\xE9\"").starts_with("error: Error parsing config file"));
}

}  // namespace
}  // namespace dunlin
