#include "migration/script.hpp"

#include "situation.hpp"

namespace dunlin {
namespace {

TEST(ScriptTest, RunsInTheOrderOfVersionsThenDescriptions) {
  std::vector<std::string> names;
  for (const Script& script : scripts_of("R__b V10__x V9__y R__a V1.5__z U9__y B9__y R__B")) {
    names.push_back(script.name);
  }
  EXPECT_EQ(join(names, " "),
            "V1.5__z.sql V9__y.sql B9__y.sql U9__y.sql V10__x.sql R__B.sql R__a.sql R__b.sql");
}

TEST(ScriptTest, RefusesTwoThatClaimTheSame) {
  struct Case {
    const char *why, *one, *other, *message;
  };
  constexpr Case cases[] = {
      {"a version", "V1__a", "V1__b", "Found more than one migration with version 1"},
      {"spelled in two ways", "V1.0__b", "V1__a", "Found more than one migration with version 1"},
      {"a description", "R__a_b", "R__a_b",
       "Found more than one repeatable migration with description a b"},
      {"an undo", "U1__a", "U1__b", "Found more than one undo migration with version 1"},
      {"a B script", "B1__a", "B1__b", "Found more than one baseline migration with version 1"},
  };
  for (const auto& [why, one, other, message] : cases) {
    SCOPED_TRACE(why);
    const auto ordered = in_order({script_of(other), script_of("V7__z"), script_of(one)});
    ASSERT_FALSE(ordered);
    EXPECT_EQ(ordered.error().code, ErrorCode::duplicate_script);
    EXPECT_TRUE(ordered.error().message.starts_with(message)) << ordered.error().message;
    EXPECT_EQ(ordered.error().excerpt,
              fmt::format("Offenders:\n-> sql/{}.sql (SQL)\n-> sql/{}.sql (SQL)", one, other));
  }
}

TEST(ScriptTest, LetsAVersionHaveAScriptOfEachKind) {
  EXPECT_EQ(scripts_of("V1__a U1__a B1__a R__a").size(), 4U);
}

TEST(ScriptTest, IsNamedByVersionAndDescription) {
  EXPECT_EQ(full_name(*Version::parse("1"), "a"), "1 - a");
  EXPECT_EQ(full_name(*Version::parse("1"), ""), "1");
  EXPECT_EQ(full_name(std::nullopt, "r"), "r");
}

TEST(ScriptTest, CutsADescriptionAt200LettersNotBytes) {
  const std::string letter = "\xC3\xA4";  // a with dots, two bytes
  std::string longest, longer, cut;
  for (int i = 0; i < 200; ++i) longest += letter;
  for (int i = 0; i < 201; ++i) longer += letter;
  for (int i = 0; i < 197; ++i) cut += letter;
  EXPECT_EQ(abbreviated("short"), "short");
  EXPECT_EQ(abbreviated(longest), longest);
  EXPECT_EQ(abbreviated(longer), cut + "...");
}

}  // namespace
}  // namespace dunlin
