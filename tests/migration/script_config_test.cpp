#include "migration/script_config.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

TEST(ScriptConfigTest, ReadsEveryKey) {
  const auto config = parse_script_config(
      "\xEF\xBB\xBF# a comment\r\n! another\n\n  executeInTransaction = FALSE \n"
      "encoding=ISO-8859-1\nplaceholderReplacement=true\nshouldExecute=prod==prod\n");
  ASSERT_TRUE(config) << config.error().message;
  EXPECT_EQ(config->execute_in_transaction, false);
  EXPECT_EQ(config->encoding, "ISO-8859-1");
  EXPECT_EQ(config->placeholder_replacement, true);
  EXPECT_EQ(config->should_execute, "prod==prod");
}

TEST(ScriptConfigTest, SaysNothingWhenTheFileSaysNothing) {
  const auto config = parse_script_config("");
  ASSERT_TRUE(config);
  EXPECT_FALSE(config->execute_in_transaction || config->encoding ||
               config->placeholder_replacement || config->should_execute);
}

TEST(ScriptConfigTest, RefusesUnknownKeysAndValues) {
  struct Case {
    const char *text, *message;
  };
  constexpr Case cases[] = {
      {"nonsense=true", "Unknown configuration property: nonsense"},
      {"flyway.encoding=UTF-8", "Unknown configuration property: flyway.encoding"},
      {"executeInTransaction=maybe",
       "Invalid value for executeInTransaction (should be either true or false): maybe"},
      {"placeholderReplacement",
       "Invalid value for placeholderReplacement (should be either true or false): "},
  };
  for (const auto& [text, message] : cases) {
    const auto config = parse_script_config(text);
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().code, ErrorCode::configuration);
    EXPECT_EQ(config.error().message, message);
  }
}

TEST(ScriptConfigTest, WeighsExpressions) {
  struct Case {
    const char *why, *text;
    bool value;
  };
  constexpr Case cases[] = {
      {"a word", " true ", true},
      {"a word in capitals", "FALSE", false},
      {"equal", "prod==prod", true},
      {"not equal", "prod == dev", false},
      {"different", "prod != dev", true},
      {"letter case matters", "a==A", false},
      {"quotes are off", "'prod' == \"prod\"", true},
      {"an empty side", "==", true},
      {"or", "a==b || a==a", true},
      {"and binds more than or", "true || false && false", true},
      {"brackets", "(true || false) && false", false},
  };
  for (const auto& [why, text, value] : cases) {
    SCOPED_TRACE(why);
    const auto result = should_execute(text);
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(*result, value);
  }
}

TEST(ScriptConfigTest, RefusesMalformedExpressions) {
  for (const std::string text : {"", "maybe", "(true", "true)", "true &&", "a==b c==d"}) {
    EXPECT_FALSE(should_execute(text)) << text;
  }
  EXPECT_FALSE(should_execute(std::string(100'000, '(')));
}

}  // namespace
}  // namespace dunlin
