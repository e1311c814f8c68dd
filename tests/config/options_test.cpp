#include "config/options.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace dunlin {
namespace {

TEST(OptionsTest, EveryRowIsWhole) {
  std::set<std::string_view> keys;
  for (const Option& option : options()) {
    SCOPED_TRACE(option.key);
    EXPECT_TRUE(keys.insert(option.key).second) << "two rows of one key";
    const bool is_usable = option.standing == Standing::live;
    EXPECT_TRUE(!is_usable || !option.help.empty()) << "no help";
    EXPECT_FALSE(option.help.ends_with('.')) << "a final dot";
    const bool says_why =
        option.standing != Standing::left_out && option.standing != Standing::older;
    EXPECT_TRUE(says_why || !option.note.empty()) << "no reason";
  }
}

TEST(OptionsTest, GroupsStandTogether) {
  std::set<OptionGroup> seen;
  OptionGroup last = options().front().group;
  for (const Option& option : options()) {
    if (option.group == last) continue;
    EXPECT_TRUE(seen.insert(last).second) << option.key;
    last = option.group;
  }
}

TEST(OptionsTest, TheCheckoutSaysNothingAboutConnectionsOrOtherSources) {
  // whoever can push a branch can write its files: this list is read twice before it grows
  for (const char* key : {"url",
                          "user",
                          "password",
                          "initSql",
                          "lockUrl",
                          "jdbcProperties.x",
                          "sslRootCert",
                          "configFiles",
                          "workingDirectory",
                          "environment",
                          "outputFile",
                          "dryRunOutput",
                          "installedBy",
                          "cleanDisabled",
                          "secrets.provider",
                          "secrets.file",
                          "secrets.vault.address",
                          "secrets.vault.token",
                          "region",
                          "db.host",
                          "db.roles",
                          "repository.url",
                          "repository.knownHosts",
                          "skipExecutingMigrations"}) {
    SCOPED_TRACE(key);
    ASSERT_NE(find_option(key), nullptr);
    EXPECT_EQ(find_option(key)->checkout, Checkout::no);
  }
}

TEST(OptionsTest, FindsRowsByTheirExactKey) {
  EXPECT_EQ(find_option("url")->key, "url");
  EXPECT_EQ(find_option("placeholders.my.name")->key, "placeholders");
  EXPECT_EQ(find_option("postgresql.transactional.lock")->type, OptionType::boolean);
  EXPECT_EQ(find_option("URL"), nullptr);
  EXPECT_EQ(find_option("placeholders"), nullptr) << "a map has no value of its own";
  EXPECT_EQ(find_option("placeholders."), nullptr) << "a placeholder has a name";
  EXPECT_EQ(find_option(""), nullptr);
}

TEST(OptionsTest, EveryKeyIsFoundByItsVariable) {
  EXPECT_EQ(variable_name("outOfOrder"), "OUT_OF_ORDER");
  EXPECT_EQ(variable_name("postgresql.transactional.lock"), "POSTGRESQL_TRANSACTIONAL_LOCK");
  for (const Option& option : options()) {
    if (option.type == OptionType::map) continue;
    EXPECT_EQ(key_of_variable(variable_name(option.key)), option.key);
  }
  EXPECT_EQ(key_of_variable("PLACEHOLDERS_MY_NAME"), "placeholders.my_name");
  EXPECT_EQ(key_of_variable("table"), "table");
  EXPECT_EQ(key_of_variable("DRYRUN_OUTPUT"), "dryRunOutput");
  EXPECT_EQ(key_of_variable("NONSENSE"), std::nullopt);
  EXPECT_EQ(key_of_variable("PLACEHOLDERS_"), std::nullopt);
}

TEST(OptionsTest, DashesBecomeCapitals) {
  EXPECT_EQ(key_of_dashes("out-of-order"), "outOfOrder");
  EXPECT_EQ(key_of_dashes("outOfOrder"), "outOfOrder");
  EXPECT_EQ(key_of_dashes("placeholders.x"), "placeholders.x");
}

TEST(OptionsTest, KnowsWhatWasMeant) {
  EXPECT_EQ(near_options("locatoins").front(), "locations");
  EXPECT_EQ(near_options("Table").front(), "table");
  EXPECT_TRUE(near_options("frobnicate").empty());
}

}  // namespace
}  // namespace dunlin
