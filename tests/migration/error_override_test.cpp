#include "migration/error_override.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace dunlin {
namespace {

TEST(ErrorOverrideTest, ReadsWhatFlywayDocuments) {
  struct Case {
    const char *why, *text, *sqlstate;
    std::optional<int> code;
    Severity severity;
    ErrorOverride::Shown shown;
  };
  using enum Severity;
  using enum ErrorOverride::Shown;
  const Case cases[] = {
      {"SQLSTATE, code, severity", "42P07:0:W", "42P07", 0, warning, all},
      {"any code", "42P07:*:I", "42P07", std::nullopt, info, all},
      {"the code left out", "42P07:D", "42P07", std::nullopt, debug, all},
      {"any SQLSTATE", "*:19:E", "", 19, error, all},
      {"small letters", "42p07:0:w", "42P07", 0, warning, all},
      {"without the codes", "01000:0:I-", "01000", 0, info, no_codes},
      {"the codes alone", "*:*:E+", "", std::nullopt, error, codes_alone},
  };
  for (const Case& each : cases) {
    const auto entry = ErrorOverride::parse(each.text);
    ASSERT_TRUE(entry) << each.why << ": " << entry.error().message;
    EXPECT_EQ(entry->sqlstate, each.sqlstate) << each.why;
    EXPECT_EQ(entry->code, each.code) << each.why;
    EXPECT_EQ(entry->severity, each.severity) << each.why;
    EXPECT_EQ(entry->shown, each.shown) << each.why;
  }
}

TEST(ErrorOverrideTest, RefusesWhatItCannotRead) {
  struct Case {
    const char *why, *text, *message;
  };
  constexpr Case cases[] = {
      {"one word", "42P07", "errorOverrides holds 42P07: it has neither two nor three parts"},
      {"four parts", "a:b:c:d", "errorOverrides holds a:b:c:d: it has neither two nor three parts"},
      {"a short SQLSTATE", "42:0:W", "errorOverrides holds 42:0:W: a SQLSTATE has five letters"},
      {"no number", "42P07:x:W", "errorOverrides holds 42P07:x:W: a code is a whole number"},
      {"half a number", "*:1x:W", "errorOverrides holds *:1x:W: a code is a whole number"},
      {"another severity", "42P07:0:Q", "errorOverrides holds 42P07:0:Q: Q is no severity"},
      {"none", "42P07:0:", "errorOverrides holds 42P07:0::  is no severity"},
      {"more behind it", "42P07:0:W*", "errorOverrides holds 42P07:0:W*: W* is no severity"},
  };
  for (const auto& [why, text, message] : cases) {
    const auto entry = ErrorOverride::parse(text);
    ASSERT_FALSE(entry) << why;
    EXPECT_EQ(entry.error().message, message) << why;
    EXPECT_EQ(entry.error().code, ErrorCode::configuration) << why;
  }
}

TEST(ErrorOverrideTest, TakesTheFirstThatFits) {
  const std::vector<ErrorOverride> entries = {*ErrorOverride::parse("42P07:0:W"),
                                              *ErrorOverride::parse("42P07:*:I"),
                                              *ErrorOverride::parse("*:19:D")};
  const auto chosen = [&](std::string_view sqlstate, int code) {
    const ErrorOverride* const entry = override_for(entries, {.sqlstate = sqlstate, .code = code});
    return entry == nullptr ? -1 : entry - entries.data();
  };
  EXPECT_EQ(chosen("42P07", 0), 0);
  EXPECT_EQ(chosen("42P07", 7), 1) << "another code";
  EXPECT_EQ(chosen("", 19), 2) << "SQLite has no SQLSTATE";
  EXPECT_EQ(chosen("23505", 0), -1);
}

TEST(ErrorOverrideTest, ShowsAsMuchAsIsAsked) {
  const Said said{.message = "no such thing", .sqlstate = "42704"};
  const auto text = [&](const char* entry) {
    return shown_text(*ErrorOverride::parse(entry), said);
  };
  EXPECT_EQ(text("*:*:W"), "DB: no such thing (SQL State: 42704 - Error Code: 0)");
  EXPECT_EQ(text("*:*:W-"), "DB: no such thing");
  EXPECT_EQ(text("*:*:W+"), "DB: SQL State: 42704 - Error Code: 0");
  const Error error{.message = "no such thing", .sqlstate = "42704", .excerpt = "SELECT"};
  EXPECT_EQ(shown_error(*ErrorOverride::parse("*:*:E-"), error).sqlstate, "");
  const Error codes = shown_error(*ErrorOverride::parse("*:*:E+"), error);
  EXPECT_EQ(codes.message, "SQL State: 42704 - Error Code: 0");
  EXPECT_EQ(codes.excerpt, "");
}

}  // namespace
}  // namespace dunlin
