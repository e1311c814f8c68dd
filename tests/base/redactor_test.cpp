#include "base/redactor.hpp"

#include <gtest/gtest.h>

#include <initializer_list>

namespace dunlin {
namespace {

std::string cleaned(std::initializer_list<const char*> secrets, std::string_view text) {
  Redactor redactor;
  for (const auto* const secret : secrets) redactor.learn(secret);
  return redactor.clean(text);
}

TEST(RedactorTest, TakesASecretOutInEveryFormItMayTake) {
  struct Case {
    const char *why, *secret, *text, *cleaned;
  };
  constexpr Case cases[] = {
      {"as it is", "hunter2", "password=hunter2;", "password=****;"},
      {"each time", "hunter2", "hunter2 hunter2", "**** ****"},
      {"nothing else", "hunter2", "Hunter2 hunter", "Hunter2 hunter"},
      {"as an SQL literal", "it's1", "ALTER ROLE a PASSWORD 'it''s1'",
       "ALTER ROLE a PASSWORD '****'"},
      {"as an SQL literal with escapes", R"(a\b'c)", R"(E'a\\b\'c')", "E'****'"},
      {"as a value of a connection string", "it's1", R"(password='it\'s1')", "password='****'"},
      {"quotes in JSON", R"(say"so)", R"({"password":"say\"so"})", R"({"password":"****"})"},
      {"a backslash in JSON", R"(a\bc)", R"({"password":"a\\bc"})", R"({"password":"****"})"},
      {"lines in JSON", "one\ntwo", R"({"key":"one\ntwo"})", R"({"key":"****"})"},
      {"a key of another system in JSON", "one\r\n\ttwo\x01", R"({"key":"one\r\n\ttwo\u0001"})",
       R"({"key":"****"})"},
      {"in a URL", "p@ss/word", "https://user:p%40ss%2Fword@host", "https://user:****@host"},
      {"bytes, not letters", "p\xC3\xA4sswort", "p\xC3\xA4sswort!", "****!"},
      {"blanks belong to it", " pw pw ", "[ pw pw ]", "[****]"},
      {"four letters are the least", "1234", "12345", "****5"},
      {"three would hide the log and nothing else", "123", "123 of 123", "123 of 123"},
      {"nothing is no secret", "", "text", "text"},
      {"a line of a key", "-----BEGIN KEY-----\nabcdefghijklmnop\n-----END KEY-----\n",
       "SELECT 'abcdefghijklmnop'", "SELECT '****'"},
      {"the frame of a key is no secret", "-----BEGIN KEY-----\nabcdefghijklmnop\n",
       "it begins with -----BEGIN KEY-----", "it begins with -----BEGIN KEY-----"},
      {"cut off at its end", "hunter22hunter22", "PASSWORD 'hunter...", "PASSWORD '****..."},
      {"cut off at its start", "hunter22hunter23", "...er23' x", "...****' x"},
      {"cut off at both ends", "0123456789abcdef", "...456789...\n", "...****...\n"},
      {"a short one cut off", "pass", "'pa...", "'****..."},
      {"dots that cut off nothing", "hunter22", "Retrying in 1 sec...\n(try 2 of 3)",
       "Retrying in 1 sec...\n(try 2 of 3)"},
  };
  for (const auto& [why, secret, text, expected] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(cleaned({secret}, text), expected);
  }
}

TEST(RedactorTest, LeavesNoTailOfASecretInsideAnother) {
  EXPECT_EQ(cleaned({"secret", "secret-and-more"}, "secret-and-more, secret"), "****, ****");
  EXPECT_EQ(cleaned({"secret-and-more", "secret"}, "secret-and-more, secret"), "****, ****");
}

TEST(RedactorTest, LeavesNoTailOfSecretsThatOverlap) {
  EXPECT_EQ(cleaned({"secret-and", "and-more"}, "a secret-and-more"), "a ****");
  EXPECT_EQ(cleaned({"abab"}, "ababab"), "****") << "with itself";
}

TEST(RedactorTest, MasksSecretsSideBySide) {
  EXPECT_EQ(cleaned({"first", "second"}, "firstsecond"), "********");
}

TEST(RedactorTest, KnowsWhatItLearnsLater) {
  Redactor redactor;
  EXPECT_EQ(redactor.clean("hunter2"), "hunter2");
  redactor.learn("hunter2");
  redactor.learn("hunter2");
  EXPECT_EQ(redactor.clean("hunter2"), "****");
}

}  // namespace
}  // namespace dunlin
