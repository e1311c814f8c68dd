#include "migration/version.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

Version version(const char* text) {
  auto parsed = Version::parse(text);
  EXPECT_TRUE(parsed) << text;
  return parsed ? *parsed : *Version::parse("0");
}

TEST(VersionTest, OrdersNumberByNumber) {
  struct Case {
    const char *why, *lower, *higher;
  };
  constexpr Case cases[] = {
      {"numbers, not letters", "1.9", "1.10"},
      {"one more number is newer", "1", "1.1"},
      {"underscores are dots", "1_2", "1.3"},
      {"longer than any integer type", "18446744073709551615", "18446744073709551616"},
      {"leading zeros are nothing", "009", "10"},
      {"below zero", "-2", "-1"},
      {"below zero is below zero", "-1", "0"},
      {"what follows a negative number still counts up", "-1", "-1.5"},
      {"a date is larger than a date with dots", "20240101.120000", "20240101120000"},
  };
  for (const auto& [why, lower, higher] : cases) {
    SCOPED_TRACE(why);
    EXPECT_LT(version(lower), version(higher));
    EXPECT_GT(version(higher), version(lower));
  }
}

TEST(VersionTest, TakesDifferentSpellingsAsEqual) {
  struct Case {
    const char *why, *a, *b;
  };
  constexpr Case cases[] = {
      {"zeros at the end", "1", "1.0"},
      {"zeros in front", "1", "01"},
      {"several zeros", "4_00_01", "4.0.1"},
      {"nothing but zeros", "0", "000.0"},
      {"a plus sign", "+1", "1"},
      {"there is no zero below zero", "-0", "0"},
  };
  for (const auto& [why, a, b] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(version(a), version(b));
  }
}

TEST(VersionTest, KeepsItsSpellingButForUnderscores) {
  EXPECT_EQ(version("4_00_01").text(), "4.00.01");
  EXPECT_EQ(version("002").text(), "002");
  EXPECT_EQ(version("3.0").text(), "3.0");
}

TEST(VersionTest, RefusesWhatIsNoVersion) {
  struct Case {
    const char *why, *text;
  };
  constexpr Case cases[] = {
      {"nothing", ""},
      {"a letter", "1a"},
      {"an empty number", "1..2"},
      {"a dot at the end", "1."},
      {"a dot in front", ".1"},
      {"a blank", "1 "},
      {"a prefix", "V3"},
      {"a sign inside", "1.-2"},
      {"a sign alone", "-"},
      {"two signs", "--1"},
      {"an underscore at the end", "1_"},
  };
  for (const auto& [why, text] : cases) {
    SCOPED_TRACE(why);
    const auto parsed = Version::parse(text);
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code, ErrorCode::configuration);
    EXPECT_TRUE(parsed.error().message.ends_with(text));
  }
}

}  // namespace
}  // namespace dunlin
