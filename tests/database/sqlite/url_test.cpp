#include "database/sqlite/url.hpp"

#include <gtest/gtest.h>

namespace dunlin::sqlite {
namespace {

TEST(SqliteUrlTest, NamesAFile) {
  struct Case {
    const char *why, *url, *path, *shown;
  };
  constexpr Case cases[] = {
      {"relative", "jdbc:sqlite:test.db", "test.db", "jdbc:sqlite:test.db"},
      {"absolute", "jdbc:sqlite:/var/x.db", "/var/x.db", "jdbc:sqlite:/var/x.db"},
      {"short", "sqlite:a/x.db", "a/x.db", "jdbc:sqlite:a/x.db"},
      {"with slashes, as other tools", "sqlite:///var/x.db", "/var/x.db", "jdbc:sqlite:/var/x.db"},
      {"memory", "jdbc:sqlite::memory:", ":memory:", "jdbc:sqlite::memory:"},
      {"SQLite's own URI", "jdbc:sqlite:file:x.db?mode=ro&foreign_keys=on", "file:x.db?mode=ro",
       "jdbc:sqlite:file:x.db?mode=ro&foreign_keys=on"},
      {"its parameters without it", "jdbc:sqlite:x.db?immutable=1", "file:x.db?immutable=1",
       "jdbc:sqlite:x.db?immutable=1"},
  };
  for (const auto& [why, url, path, shown] : cases) {
    SCOPED_TRACE(why);
    const auto parsed = parse_url(url);
    ASSERT_TRUE(parsed) << parsed.error().message;
    EXPECT_EQ(parsed->path, path);
    EXPECT_EQ(parsed->shown, shown);
  }
}

TEST(SqliteUrlTest, ParametersBecomePragmas) {
  const auto parsed = parse_url(
      "jdbc:sqlite:x.db?foreign_keys=true&Journal_Mode=WAL&busy_timeout=50&date_class=TEXT");
  ASSERT_TRUE(parsed) << parsed.error().message;
  const std::vector<std::pair<std::string, std::string>> pragmas = {{"foreign_keys", "true"},
                                                                    {"journal_mode", "WAL"}};
  EXPECT_EQ(parsed->pragmas, pragmas);
  EXPECT_EQ(parsed->busy_timeout, std::chrono::milliseconds{50});
  EXPECT_EQ(parsed->ignored, std::vector<std::string>{"date_class"});
}

TEST(SqliteUrlTest, SaysWhatIsWrong) {
  struct Case {
    const char *why, *url, *message;
  };
  constexpr Case cases[] = {
      {"another scheme", "jdbc:postgresql:x", "starts with jdbc:sqlite:"},
      {"unknown", "jdbc:sqlite:x.db?foreign_key=on", "unknown parameter foreign_key"},
      {"no number", "jdbc:sqlite:x.db?busy_timeout=long", "no number of milliseconds"},
      {"more than a word", "jdbc:sqlite:x.db?foreign_keys=on;drop%20table%20a", "no usable value"},
      {"no path", "jdbc:sqlite:", "names no file"},
      {"slashes alone", "sqlite://", "names no file"},
      {"parameters alone", "jdbc:sqlite:?foreign_keys=on", "names no file"},
      {"inside Java", "jdbc:sqlite::resource:x.db", "Java archive"},
  };
  for (const auto& [why, url, message] : cases) {
    SCOPED_TRACE(why);
    const auto parsed = parse_url(url);
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code, ErrorCode::configuration);
    EXPECT_TRUE(parsed.error().message.contains(message)) << parsed.error().message;
    EXPECT_FALSE(parsed.error().hint.empty());
  }
}

}  // namespace
}  // namespace dunlin::sqlite
