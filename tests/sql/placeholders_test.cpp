#include "sql/placeholders.hpp"

#include "sql/excerpt.hpp"

#include <gtest/gtest.h>

namespace dunlin::sql {
namespace {

PlaceholderValues values() {
  return {{"x", "val"}, {"t", "tab"}, {"e", ""}, {"nested", "${x}"}, {"flyway:table", "hist"}};
}

TEST(PlaceholdersTest, ReplacesAsFlywayDoes) {
  struct Case {
    const char *why, *text, *replaced;
  };
  constexpr Case cases[] = {
      {"none", "select 1", "select 1"},
      {"in a string", "('${x}')", "('val')"},
      {"twice", "${x}${x}", "valval"},
      {"in a comment", "-- ${x}\n/* ${x} */", "-- val\n/* val */"},
      {"in a name", "create table ${t}_p", "create table tab_p"},
      {"no letter case", "${X} ${FLYWAY:Table}", "val hist"},
      {"an empty value", "[${e}]", "[]"},
      {"values are not looked at again", "${nested}", "${x}"},
      {"a dollar before leaves it", "$${x}", "$${x}"},
      {"two dollars before do not", "$$${x}$$", "$$val$$"},
      {"behind a blank", "$$ ${x}$$", "$$ val$$"},
      {"behind a letter", "$$a${x}$$", "$$aval$$"},
      {"behind a tag", "$t$${x}$t$", "$t$${x}$t$"},
      {"a letter of two bytes after a dollar", "$ö${x}", "$öval"},
      {"a dollar at the end", "${x}$", "val$"},
      {"script placeholders are for scripts", "FP__x__", "FP__x__"},
  };
  for (const auto& [why, text, replaced] : cases) {
    SCOPED_TRACE(why);
    const auto result = replace_placeholders(text, values());
    ASSERT_TRUE(result) << result.error().message;
    EXPECT_EQ(result->text, replaced);
  }
}

TEST(PlaceholdersTest, FollowsOtherPrefixes) {
  const auto hash = replace_placeholders("#[x]# ${x} #[flyway:table]#", values(),
                                         {.prefix = "#[", .suffix = "]#"});
  ASSERT_TRUE(hash);
  EXPECT_EQ(hash->text, "val ${x} hist");
  const auto at = replace_placeholders("@x@ mail", values(), {.prefix = "@", .suffix = "@"});
  ASSERT_TRUE(at);
  EXPECT_EQ(at->text, "val mail");
}

TEST(PlaceholdersTest, NamesEveryPlaceholderWithoutAValue) {
  const auto result = replace_placeholders("a ${x};\n ${nope} ${nope2};", values());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::configuration);
  EXPECT_EQ(result.error().message,
            "No value provided for placeholder: ${nope} (line 2, column 2), ${nope2} (line 2, "
            "column 10)");
  EXPECT_EQ(result.error().excerpt, " ${nope} ${nope2};\n ^");
  EXPECT_EQ(result.error().hint,
            "set it with -placeholders.nope=..., or set -placeholderReplacement=false");
}

TEST(PlaceholdersTest, ExplainsWhatHasNoValue) {
  struct Case {
    const char *why, *text, *message;
  };
  constexpr Case cases[] = {
      {"a default one", "${flyway:nothing}",
       "Failed to populate value for default placeholder: ${flyway:nothing} (line 1, column 1)"},
      {"blanks belong to the name", "${ x }",
       "No value provided for placeholder: ${ x } (line 1, column 1)"},
      {"no name", "${}", "No value provided for placeholder: ${} (line 1, column 1)"},
      {"never closed", "('open','${');\n-- end\n",
       "No value provided for placeholder: ${');... (line 1, column 10; never closed by })"},
      {"closed somewhere far", "${x and\n {x}",
       "No value provided for placeholder: ${x and... (line 1, column 1)"},
  };
  for (const auto& [why, text, message] : cases) {
    SCOPED_TRACE(why);
    const auto result = replace_placeholders(text, values());
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().message, message);
  }
}

TEST(PlaceholdersTest, LeadsBackToTheFile) {
  const std::string_view text = "a ${x} b\n${e}c";
  const auto result = replace_placeholders(text, values());
  ASSERT_TRUE(result);
  ASSERT_EQ(result->text, "a val b\nc");
  EXPECT_EQ(result->map.original(0), 0U);
  EXPECT_EQ(result->map.original(4), 2U) << "inside the value: where the placeholder begins";
  EXPECT_EQ(result->map.original(6), text.find('b'));
  EXPECT_EQ(result->map.original(8), text.find('c')) << "behind an empty value";
  EXPECT_EQ(position_of(text, result->map.original(8)), (Position{2, 5}));
}

TEST(PlaceholdersTest, FindsEscapedOnes) {
  EXPECT_EQ(escaped_placeholders("a '$${x}' ${x} $${nope} $t$${x}", values()),
            (std::vector<std::size_t>{4, 27}));
  EXPECT_TRUE(escaped_placeholders("${x} $$${x}", values()).empty());
}

}  // namespace
}  // namespace dunlin::sql
