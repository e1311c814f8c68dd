#include "config/configuration.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace dunlin {
namespace {

Given given(std::string key, std::string value) {
  Given result{.key = std::move(key), .values = {std::move(value)}};
  result.origin = "option -" + result.key;
  result.source = Source::command_line;
  return result;
}

Configuration with(std::string key, std::string value) {
  Configuration configuration;
  const auto put = configuration.put(given(std::move(key), std::move(value)));
  EXPECT_TRUE(put) << put.error().message;
  return configuration;
}

std::string complaint(std::string key, std::string value, bool from_conf = false) {
  Configuration configuration;
  configuration.from_conf = from_conf;
  const auto put = configuration.put(given(std::move(key), std::move(value)));
  return put ? "none" : put.error().message;
}

TEST(ConfigurationTest, DefaultsHoldWhenNobodySetsAnything) {
  const Configuration configuration;
  EXPECT_FALSE(configuration.has("table"));
  EXPECT_EQ(configuration.text("table"), "flyway_schema_history");
  EXPECT_EQ(configuration.origin("table"), "the default");
  EXPECT_TRUE(configuration.boolean("validateOnMigrate"));
  EXPECT_FALSE(configuration.boolean("outOfOrder"));
  EXPECT_EQ(configuration.integer("lockRetryCount"), 50);
  EXPECT_EQ(configuration.seconds("connectRetriesInterval"), std::chrono::seconds(120));
  EXPECT_EQ(configuration.list("sqlMigrationSuffixes"), std::vector<std::string>{".sql"});
  EXPECT_TRUE(configuration.list("schemas").empty());
  EXPECT_TRUE(configuration.secret("password").empty());
  EXPECT_TRUE(configuration.placeholders().empty());
}

TEST(ConfigurationTest, ReadsValuesByTheirType) {
  EXPECT_TRUE(with("outOfOrder", "TRUE").boolean("outOfOrder"));
  EXPECT_TRUE(with("validateOnMigrate", "").boolean("validateOnMigrate")) << "empty: the default";
  EXPECT_EQ(with("lockRetryCount", " -1 ").integer("lockRetryCount"), -1);
  EXPECT_EQ(with("password", "pw").secret("password").reveal(), "pw");
  EXPECT_EQ(with("table", "").text("table"), "") << "set to nothing is not the default";
}

TEST(ConfigurationTest, TakesListsApartAsFlywayDoes) {
  using Items = std::vector<std::string>;
  EXPECT_EQ(with("schemas", "a,b").list("schemas"), (Items{"a", "b"}));
  EXPECT_EQ(with("schemas", " a ,b").list("schemas"), (Items{" a ", "b"})) << "blanks stay";
  EXPECT_EQ(with("schemas", "a,,b,,").list("schemas"), (Items{"a", "", "b"}));
  EXPECT_EQ(with("schemas", "").list("schemas"), (Items{""})) << "a schema named by nothing";
  Configuration configuration;
  ASSERT_TRUE(configuration.put({"schemas", {"a,b", "c"}, true, "flyway.toml"}));
  EXPECT_EQ(configuration.list("schemas"), (Items{"a,b", "c"})) << "items of an array stay";
}

TEST(ConfigurationTest, WrongValuesNameKeyValueAndOrigin) {
  struct Case {
    const char *key, *value, *message;
  };
  constexpr Case cases[] = {
      {"outOfOrder", "maybe",
       R"(Unable to parse command line params. outOfOrder takes true or false, not "maybe" (option -outOfOrder))"},
      {"connectRetries", "x",
       R"(Unable to parse command line params. connectRetries takes a whole number, not "x" (option -connectRetries))"},
      {"lockRetryCount", "99999999999",
       R"(Unable to parse command line params. lockRetryCount takes a whole number up to 2147483647, not "99999999999" (option -lockRetryCount))"},
      {"lockRetryCount", "5x",
       R"(Unable to parse command line params. lockRetryCount takes a whole number, not "5x" (option -lockRetryCount))"},
      {"postgresql.transactional.lock", "maybe",
       R"(Unable to parse parameter postgresql.transactional.lock: postgresql.transactional.lock takes true or false, not "maybe" (option -postgresql.transactional.lock))"},
      {"outputType", "xml", "'xml' is an invalid value for the -outputType option. Use 'json'."},
      {"color", "pink",
       "'pink' is an invalid value for the -color option. Use 'always', 'never', or 'auto'."},
  };
  for (const auto& [key, value, message] : cases) EXPECT_EQ(complaint(key, value), message);
  EXPECT_EQ(
      complaint("outOfOrder", "maybe", true),
      R"(Invalid value for flyway.outOfOrder: outOfOrder takes true or false, not "maybe" (option -outOfOrder))");
}

TEST(ConfigurationTest, UnknownKeysNameTheNearest) {
  Configuration configuration;
  const auto put = configuration.put(given("locatoins", "x"));
  ASSERT_FALSE(put);
  EXPECT_EQ(put.error().message,
            "Failed to configure parameters: flyway.locatoins (option -locatoins) is no option");
  EXPECT_TRUE(put.error().hint.starts_with("did you mean locations")) << put.error().hint;
  EXPECT_EQ(complaint("nonsense", "x", true),
            "Unknown configuration property: flyway.nonsense (option -nonsense) is no option");
}

TEST(ConfigurationTest, WhatIsLeftOutSaysWhy) {
  EXPECT_EQ(
      complaint("jarDirs", "x"),
      "Failed to configure parameters: flyway.jarDirs (option -jarDirs) is left out on purpose: "
      "dunlin runs SQL and loads no Java classes");
  EXPECT_EQ(
      complaint("oracle.sqlplus", "true"),
      "Failed to configure parameters: flyway.oracle.sqlplus (option -oracle.sqlplus) is left "
      "out on purpose: dunlin speaks to PostgreSQL and SQLite");
  EXPECT_EQ(complaint("driver", "org.postgresql.Driver"), "none");
}

TEST(ConfigurationTest, PlaceholdersDifferInMoreThanCase) {
  Configuration configuration = with("placeholders.My.Name", "a");
  ASSERT_TRUE(configuration.put(given("placeholders.my.name", "b")));
  ASSERT_TRUE(configuration.put(given("placeholders.other", "c")));
  using Map = std::map<std::string, std::string, std::less<>>;
  EXPECT_EQ(configuration.placeholders(), (Map{{"my.name", "b"}, {"other", "c"}}));
}

TEST(ConfigurationTest, PutBelowLeavesWhatIsThere) {
  Configuration configuration = with("placeholders.A", "above");
  ASSERT_TRUE(configuration.put_below(given("placeholders.a", "below")));
  ASSERT_TRUE(configuration.put_below(given("table", "t")));
  EXPECT_EQ(configuration.placeholders().at("A"), "above");
  EXPECT_EQ(configuration.text("table"), "t");
}

TEST(ConfigurationTest, RequiredOptionsSayHowToSetThem) {
  const Configuration configuration;
  EXPECT_EQ(configuration.required("url").error().message,
            "Unable to connect to the database. Configure the url, user and password!");
  const Error error = configuration.required("db.host").error();
  EXPECT_EQ(error.message, "variable DB_HOST is not set: host of the database");
  EXPECT_EQ(error.hint, "set DB_HOST in the environment of the task, or pass -db.host=...");
  EXPECT_EQ(with("url", "x").required("url"), "x");
}

/// Says what it was asked for, in capitals.
Result<Secret> shout(std::string_view reference) {
  if (reference == "secret:missing") {
    return Error{.code = ErrorCode::secret_unavailable, .message = "no secret"};
  }
  if (reference == "env:truth") return Secret("true");
  if (reference == "env:nonsense") return Secret("tall-grass");
  if (reference == "env:list") return Secret("a,b");
  if (reference == "env:trick") return Secret("${secret:other}");
  return Secret("<" + std::string(reference) + ">");
}

TEST(ConfigurationTest, ReferencesAreNamedOnce) {
  Configuration configuration = with("password", "${secret:db#password}");
  ASSERT_TRUE(configuration.put(given("url", "jdbc:x?a=${env:A}&b=${env:A}${ssm:/p}")));
  ASSERT_TRUE(configuration.put(given("placeholderPrefix", "${")));
  ASSERT_TRUE(configuration.put(given("placeholders.x", "${other} ${env.X} ${secret:} ${file:f")));
  EXPECT_EQ(configuration.references(),
            (std::vector<std::string>{"env:A", "secret:db#password", "ssm:/p"}));
}

TEST(ConfigurationTest, ReferencesAreReplacedWhereverTheyStand) {
  Configuration configuration = with("password", "a${secret:x#y}b");
  ASSERT_TRUE(configuration.put(given("url", "${env:A}/${file:/p}")));
  ASSERT_TRUE(configuration.put(given("outOfOrder", "${env:truth}")));
  ASSERT_TRUE(configuration.put(given("schemas", "${env:list}")));
  ASSERT_TRUE(configuration.put(given("placeholders.p", "${env:trick}")));
  EXPECT_THROW(static_cast<void>(configuration.text("url")), std::logic_error);
  ASSERT_TRUE(configuration.resolve(shout));
  EXPECT_EQ(configuration.secret("password").reveal(), "a<secret:x#y>b");
  EXPECT_EQ(configuration.text("url"), "<env:A>/<file:/p>");
  EXPECT_TRUE(configuration.boolean("outOfOrder"));
  EXPECT_EQ(configuration.list("schemas"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(configuration.placeholders().at("p"), "${secret:other}") << "never read again";
}

TEST(ConfigurationTest, SomeKindsCanBeResolvedFirst) {
  Configuration configuration = with("url", "${env:A}${secret:b}");
  ASSERT_TRUE(configuration.put(given("table", "${env:A}")));
  ASSERT_TRUE(configuration.resolve(shout, {"env", "file"}));
  EXPECT_EQ(configuration.text("table"), "<env:A>");
  EXPECT_TRUE(configuration.is_unresolved("url"));
  ASSERT_TRUE(configuration.resolve(shout));
  EXPECT_EQ(configuration.text("url"), "<env:A><secret:b>");
}

TEST(ConfigurationTest, WhatCameOutOfTheFirstKindsIsNotReadWithTheRest) {
  Configuration configuration = with("password", "${env:trick}");
  ASSERT_TRUE(configuration.put(given("placeholders.p", "${env:trick}${secret:b}")));
  ASSERT_TRUE(configuration.resolve(shout, {"env", "file"}));
  ASSERT_TRUE(configuration.resolve(shout));
  EXPECT_EQ(configuration.secret("password").reveal(), "${secret:other}");
  EXPECT_EQ(configuration.placeholders().at("p"), "${secret:other}<secret:b>");
}

TEST(ConfigurationTest, AReferenceBehindAnotherDollarStandsForItself) {
  struct Case {
    const char *why, *text, *expected;
  };
  constexpr Case cases[] = {
      {"alone", "$${env:A}", "${env:A}"},
      {"beside a reference", "$${env:A}${env:A}$${file:f}", "${env:A}<env:A>${file:f}"},
      {"one dollar goes", "$$${ssm:A}", "$${ssm:A}"},
      {"no reference, so nothing to take back", "$${name} $${env.A} $$", "$${name} $${env.A} $$"},
  };
  for (const auto& [why, text, expected] : cases) {
    SCOPED_TRACE(why);
    Configuration configuration = with("password", text);
    ASSERT_TRUE(configuration.put(given("installedBy", text)));
    ASSERT_TRUE(configuration.resolve(shout, {"env", "file"}));
    ASSERT_TRUE(configuration.resolve(shout));
    EXPECT_EQ(configuration.text("installedBy"), expected);
    EXPECT_EQ(configuration.secret("password").reveal(), expected);
    EXPECT_TRUE(configuration.references().empty());
  }
}

TEST(ConfigurationTest, AValueWithoutReferencesIsNotConfidentialAndIsNotFetchedAnew) {
  Configuration configuration = with("password", "$${env:A}");
  ASSERT_TRUE(configuration.put(given("table", "$${env:A}")));
  ASSERT_TRUE(configuration.resolve(shout));
  EXPECT_TRUE(configuration.as_written("password").empty());
  std::string shown;
  configuration.each_value([&](auto key, auto value, auto) {
    if (key == "table") shown = value;
  });
  EXPECT_EQ(shown, "${env:A}");
}

TEST(ConfigurationTest, AResolvedValueIsCheckedAndNotShown) {
  Configuration configuration = with("outOfOrder", "${env:nonsense}");
  const auto resolved = configuration.resolve(shout);
  ASSERT_FALSE(resolved);
  EXPECT_FALSE(resolved.error().message.contains("tall-grass")) << resolved.error().message;
  EXPECT_TRUE(resolved.error().message.contains("not what its reference gave"));
}

TEST(ConfigurationTest, AReferenceThatFailsEndsResolving) {
  Configuration configuration = with("password", "${secret:missing}");
  const Error error = configuration.resolve(shout).error();
  EXPECT_EQ(error.code, ErrorCode::secret_unavailable);
  EXPECT_EQ(error.trail, std::vector<std::string>{"password (option -password)"});
}

TEST(ConfigurationTest, ShowingAllValuesHidesSecrets) {
  Configuration configuration = with("password", "tall-grass");
  ASSERT_TRUE(configuration.put(given("placeholders.x", "${env:nonsense}")));
  ASSERT_TRUE(configuration.put(given("table", "t")));
  ASSERT_TRUE(configuration.resolve(shout));
  std::string shown;
  configuration.each_value([&](auto key, auto value, auto) {
    shown += std::string(key) + '=' + std::string(value) + ' ';
  });
  EXPECT_EQ(shown, "password=**** placeholders.x=**** table=t ");
}

TEST(ConfigurationTest, WhatIsConfidentialIsHiddenWhateverItsType) {
  Configuration configuration;
  Given role = given("placeholders.READ_ONLY_PASSWORD", "tall-grass");
  role.is_confidential = true;
  ASSERT_TRUE(configuration.put(std::move(role)));
  configuration.each_value([](auto, auto value, auto) { EXPECT_EQ(value, "****"); });
}

TEST(ConfigurationTest, AskingForWhatHasNoRowIsABug) {
  EXPECT_THROW(static_cast<void>(Configuration().text("nonsense")), std::logic_error);
}

}  // namespace
}  // namespace dunlin
