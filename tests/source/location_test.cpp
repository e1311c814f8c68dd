#include "source/location.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

Location location(std::string_view text) {
  auto parsed = parse_location(text);
  EXPECT_TRUE(parsed) << text;
  return parsed ? *std::move(parsed) : Location{};
}

TEST(LocationTest, IsSpeltOneWay) {
  struct Case {
    const char *why, *text, *shown, *root;
  };
  constexpr Case cases[] = {
      {"as it stands", "filesystem:sql", "filesystem:sql", "sql"},
      {"a dot is kept, as with Flyway", "filesystem:./sql", "filesystem:./sql", "./sql"},
      {"no slash at the end", "filesystem:sql/", "filesystem:sql", "sql"},
      {"single slashes", " filesystem:a//b ", "filesystem:a/b", "a/b"},
      {"the root stays", "filesystem:/", "filesystem:/", "/"},
      {"without a prefix it is a class path", "sql", "classpath:sql", "sql"},
      {"nothing is a class path too", "", "classpath:", ""},
      {"a class path has no slash in front", "classpath:/db/x", "classpath:db/x", "db/x"},
      {"wildcards end the root", "filesystem:db/*/sql", "filesystem:db/*/sql", "db"},
      {"of the file system", "filesystem:/*/sql", "filesystem:/*/sql", "/"},
      {"no folder before the wildcard", "filesystem:s*", "filesystem:s*", ""},
  };
  for (const auto& [why, text, shown, root] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(location(text).text(), shown);
    EXPECT_EQ(location(text).root, root);
  }
}

TEST(LocationTest, RefusesAPrefixItDoesNotKnow) {
  const auto parsed = parse_location("ftp:sql");
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().code, ErrorCode::configuration);
  EXPECT_TRUE(parsed.error().message.starts_with("Unknown prefix for location"));
}

TEST(LocationTest, NamesFilesBelowItsPattern) {
  struct Case {
    const char *why, *text, *path, *name;
  };
  constexpr Case cases[] = {
      {"no wildcard", "filesystem:db", "a/V1__x.sql", "a/V1__x.sql"},
      {"one name", "filesystem:db/*/sql", "a/sql/V1__x.sql", "V1__x.sql"},
      {"and folders below", "filesystem:db/*/sql", "a/sql/b/V1__x.sql", "b/V1__x.sql"},
      {"not two names", "filesystem:db/*/sql", "a/b/sql/V1__x.sql", nullptr},
      {"another folder", "filesystem:db/*/sql", "a/other/V1__x.sql", nullptr},
      {"a file is no folder", "filesystem:db/*/sql", "a/sql", nullptr},
      {"** is two names", "filesystem:db/**/sql", "a/b/sql/V1__x.sql", "V1__x.sql"},
      {"** is no name", "filesystem:db/**/sql", "sql/V1__x.sql", "V1__x.sql"},
      {"** is as short as can be", "filesystem:db/**/sql", "sql/sql/V1.sql", "sql/V1.sql"},
      {"** at the end is nothing", "filesystem:db/**", "a/V1__x.sql", nullptr},
      {"? is one letter", "filesystem:db/?/sql", "a/sql/V1.sql", "V1.sql"},
      {"? is no two letters", "filesystem:db/?/sql", "ab/sql/V1.sql", nullptr},
      {"? is one letter of two bytes", "filesystem:db/?", "\xC3\xA4/V1.sql", "V1.sql"},
      {"* is at least one letter", "filesystem:db/a*", "a/V1.sql", nullptr},
      {"* in the middle", "filesystem:db/a*c*e", "abcde/V1.sql", "V1.sql"},
      {"* tries again", "filesystem:db/*ab", "aabab/V1.sql", "V1.sql"},
      {"* at the end: files in folders", "filesystem:db/*", "a/V1.sql", "V1.sql"},
      {"* at the end: no files beside", "filesystem:db/*", "V1.sql", nullptr},
      {"a dot names files", "filesystem:db/*.sql", "V1.sql", "V1.sql"},
      {"and no folders", "filesystem:db/*.sql", "a/V1.sql", nullptr},
      {"nor files in one", "filesystem:db/*.d", "x.d/V1.sql", nullptr},
  };
  for (const auto& [why, text, path, name] : cases) {
    SCOPED_TRACE(why);
    const auto found = name_below(location(text), path);
    ASSERT_EQ(found.has_value(), name != nullptr);
    if (found) {
      EXPECT_EQ(*found, name);
    }
  }
}

TEST(LocationsTest, DropWhatAnotherHoldsAlready) {
  const auto result = parse_locations({"filesystem:sql/sub", "filesystem:sqlite", "filesystem:sql",
                                       "filesystem:sql/", "filesystem:sql/*/x"});
  ASSERT_TRUE(result);
  ASSERT_EQ(result->kept.size(), 3U);
  EXPECT_EQ(result->kept[0].text(), "filesystem:sql");
  EXPECT_EQ(result->kept[1].text(), "filesystem:sql/*/x");  // Flyway compares no patterns
  EXPECT_EQ(result->kept[2].text(), "filesystem:sqlite");
  EXPECT_EQ(result->notes,
            (std::vector<std::string>{
                "Discarding duplicate location 'filesystem:sql'",
                "Discarding location 'filesystem:sql/sub' as it is a sub-location of "
                "'filesystem:sql'"}));
}

TEST(LocationsTest, WarnOfWhatIsEasilyMeantOtherwise) {
  const auto result = parse_locations({"filesystem:db/**"});
  ASSERT_TRUE(result);
  ASSERT_EQ(result->notes.size(), 1U);
  EXPECT_NE(result->notes[0].find("write filesystem:db"), std::string::npos);
  const auto on_class_path = parse_locations({"sql"});
  ASSERT_TRUE(on_class_path);
  EXPECT_EQ(no_class_path(on_class_path->kept[0]),
            "not found: there is no class path here, write filesystem:sql for a folder");
}

}  // namespace
}  // namespace dunlin
