#include "migration/script_name.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

/// A name as one line: "V 1.2|create table", "afterMigrate|d e", "-" or the reason it is invalid.
std::string told(std::string_view file_name, const NamingOptions& options = {}) {
  const ScriptName name = parse_script_name(file_name, options);
  if (const auto* migration = std::get_if<MigrationName>(&name)) {
    constexpr std::string_view kLetters = "VRBU";
    return kLetters[static_cast<std::size_t>(migration->kind)] +
           (migration->version ? " " + migration->version->text() : std::string()) + "|" +
           migration->description;
  }
  if (const auto* callback = std::get_if<CallbackName>(&name)) {
    return std::string(name_of(callback->event)) + "|" + callback->description;
  }
  if (const auto* invalid = std::get_if<InvalidName>(&name)) return invalid->reason;
  return "-";
}

TEST(ScriptNameTest, ReadsNamesAsFlywayDoes) {
  struct Case {
    const char *why, *file, *expected;
  };
  constexpr Case cases[] = {
      {"versioned", "V1.1__create_table.sql", "V 1.1|create table"},
      {"underscores are dots", "V1_2__x.sql", "V 1.2|x"},
      {"a sign", "V-1__x.sql", "V -1|x"},
      {"the first separator divides", "V5__a__b.sql", "V 5|a  b"},
      {"one underscore more", "V6___lead.sql", "V 6| lead"},
      {"blanks and other letters", "V12__(par) [b]ö.sql", "V 12|(par) [b]ö"},
      {"dots in the description", "V9__.hidden.sql", "V 9|.hidden"},
      {"no description", "V1.sql", "V 1|"},
      {"an empty description", "V1__.sql", "V 1|"},
      {"suffix in capitals", "V5__upper.SQL", "V 5|upper"},
      {"repeatable", "R__rep_eat.sql", "R|rep eat"},
      {"repeatable without a description", "R__.sql", "R|"},
      {"baseline", "B2__base.sql", "B 2|base"},
      {"undo", "U1__a.sql", "U 1|a"},
      {"callback", "afterMigrate.sql", "afterMigrate|"},
      {"callback with a description", "afterMigrate__d e.sql", "afterMigrate|d e"},
      {"the longest event", "afterMigrateError__x.sql", "afterMigrateError|x"},
      {"statement event", "beforeEachMigrateStatement.sql", "beforeEachMigrateStatement|"},
      {"another suffix", "V6__text.txt", "-"},
      {"a suffix behind the suffix", "V7__bak.sql.bak", "-"},
      {"configuration beside a script", "V2__b.sql.conf", "-"},
      {"the suffix alone", ".sql", "-"},
      {"repeatable without anything", "R.sql", "-"},
      {"letter case of prefixes matters", "v2__lower.sql",
       "Unrecognised migration name format: v2__lower.sql"},
      {"letter case of events matters", "aftermigrate.sql",
       "Unrecognised migration name format: aftermigrate.sql"},
      {"no prefix", "8__none.sql", "Unrecognised migration name format: 8__none.sql"},
      {"one underscore", "V3_one_underscore.sql",
       "Invalid versioned migration name format: V3_one_underscore.sql (could not recognise "
       "version "
       "number 3_one_underscore)"},
      {"letters for a version", "V1a__x.sql",
       "Invalid versioned migration name format: V1a__x.sql (could not recognise version number "
       "1a)"},
      {"no version", "V__noversion.sql",
       "Invalid versioned migration name format: V__noversion.sql (It must contain a version and "
       "should look like this: V1.2__noversion.sql)"},
      {"nothing but the prefix", "V.sql",
       "Invalid versioned migration name format: V.sql (It must contain a version and should look "
       "like this: V1.2__description.sql)"},
      {"a repeatable has no version", "R5__x_y.SQL",
       "Invalid repeatable migration / callback name format: R5__x_y.SQL (It cannot contain a "
       "version and should look like this: R__x_y.SQL)"},
      {"a callback has no version", "afterMigrateX.sql",
       "Invalid repeatable migration / callback name format: afterMigrateX.sql (It cannot contain "
       "a version and should look like this: afterMigrate__description.sql)"},
  };
  for (const auto& [why, file, expected] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(told(file), expected);
  }
}

TEST(ScriptNameTest, FollowsOtherConventions) {
  NamingOptions options{.sql_prefix = "mig", .repeatable_prefix = "rep", .separator = "-"};
  EXPECT_EQ(told("mig2-sec-ond.sql", options), "V 2|sec-ond");
  EXPECT_EQ(told("rep-again.sql", options), "R|again");
  EXPECT_TRUE(told("V3__old.sql", options).starts_with("Unrecognised"));

  options = {.suffixes = {".sql", ".ddl", ".pkg.sql"}};
  EXPECT_EQ(told("V2__b.ddl", options), "V 2|b");
  EXPECT_EQ(told("V3__c.pkg.sql", options), "V 3|c.pkg") << "the first suffix that fits";

  options = {.sql_prefix = ""};
  EXPECT_EQ(told("1__a.sql", options), "V 1|a");
  EXPECT_EQ(told("R__c.sql", options), "R|c") << "a longer prefix wins over the empty one";
}

TEST(ScriptNameTest, KeepsTheNameOfACallbackForDuplicates) {
  const auto name = parse_script_name("afterMigrate__d_e.sql");
  ASSERT_TRUE(std::holds_alternative<CallbackName>(name));
  EXPECT_EQ(std::get<CallbackName>(name).name, "afterMigrate__d_e");
}

TEST(ScriptNameTest, IsWithoutAnIdleSeparatorInAPlaceholder) {
  struct Case {
    const char *why, *file, *name;
  };
  constexpr Case cases[] = {
      {"as it is", "V1_5__two_words.sql", "V1_5__two_words.sql"},
      {"no description", "V3__.sql", "V3.sql"},
      {"no separator either", "V4.sql", "V4.sql"},
      {"a description that ends in one", "V5__x__.sql", "V5__x__.sql"},
      {"a description of an underscore", "V6___.sql", "V6___.sql"},
      {"repeatable", "R__.sql", "R.sql"},
      {"callback", "afterMigrate__.sql", "afterMigrate.sql"},
  };
  for (const auto& [why, file, name] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(name_for_placeholder(file), name);
  }
}

TEST(CallbackEventTest, IsFoundByItsOwnName) {
  for (const auto& [event, name] : callback_events()) {
    EXPECT_EQ(callback_event(name), event);
    EXPECT_EQ(name_of(event), name);
  }
  EXPECT_EQ(callback_event("beforeLunch"), std::nullopt);
}

}  // namespace
}  // namespace dunlin
