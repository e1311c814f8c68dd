#include "config/checkout.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

Configuration run_configuration() {
  Configuration configuration;
  EXPECT_TRUE(configuration.put({"table", {"from_task"}, false, "variable FLYWAY_TABLE"}));
  return configuration;
}

std::string complaint(const std::string& name, const std::string& content) {
  Configuration configuration = run_configuration();
  const std::vector<CheckoutFile> files = {{name, content}};
  const auto laid = lay_under(configuration, files);
  return laid ? "none" : laid.error().message;
}

TEST(CheckoutTest, SaysHowScriptsAreRunBelowWhatTheTaskSays) {
  Configuration configuration = run_configuration();
  const std::vector<CheckoutFile> files = {
      {"dunlin.toml", "[dunlin]\ngroup = true\nencoding = 'UTF-16'\n"},
      {"flyway.toml",
       "[flyway]\nlocations = ['filesystem:db/scripts']\ntable = 'x'\nencoding = 'US-ASCII'\n"},
      {"flyway.conf", "flyway.mixed=true\n"},
      {"other.toml", "nonsense"}};
  ASSERT_TRUE(lay_under(configuration, files));
  EXPECT_EQ(configuration.list("locations"), std::vector<std::string>{"filesystem:db/scripts"});
  EXPECT_EQ(configuration.text("table"), "from_task");
  EXPECT_TRUE(configuration.boolean("group"));
  EXPECT_EQ(configuration.text("encoding"), "UTF-16") << "dunlin.toml lies over flyway.toml";
  EXPECT_FALSE(configuration.boolean("mixed")) << "where TOML is, .conf is not read";
}

TEST(CheckoutTest, TheLastOfTwoLinesCounts) {
  Configuration configuration;
  const std::vector<CheckoutFile> files = {
      {"flyway.conf", "flyway.encoding=a\nflyway.encoding=b\n"}};
  ASSERT_TRUE(lay_under(configuration, files));
  EXPECT_EQ(configuration.text("encoding"), "b");
}

TEST(CheckoutTest, NothingElseMayBeSet) {
  struct Case {
    const char *name, *content, *message;
  };
  constexpr Case cases[] = {
      {"flyway.conf", "\nflyway.url=x",
       "url (flyway.conf line 2 of the checkout) may not be set by the repository"},
      {"flyway.conf", "flyway.password=tall-grass",
       "password (flyway.conf line 1 of the checkout) may not be set by the repository"},
      {"flyway.toml", "[environments.default]\nurl = 'x'",
       "environments.default.url (flyway.toml line 2 of the checkout) may not be set by the "
       "repository"},
      {"dunlin.toml", "[dunlin]\nsecrets.provider = 'file'",
       "secrets.provider (dunlin.toml line 2 of the checkout) may not be set by the repository"},
      {"dunlin.toml", "[dunlin]\ndb.roles = ['x']",
       "db.roles (dunlin.toml line 2 of the checkout) may not be set by the repository"},
      {"flyway.conf", "dunlin.region=x",
       "region (flyway.conf line 1 of the checkout) may not be set by the repository"},
      {"flyway.conf", "flyway.configFiles=/etc/passwd",
       "configFiles (flyway.conf line 1 of the checkout) may not be set by the repository"},
  };
  for (const auto& [name, content, message] : cases) EXPECT_EQ(complaint(name, content), message);
  EXPECT_TRUE(complaint("flyway.conf", "flyway.nonsense=x").contains("flyway.nonsense"));
}

TEST(CheckoutTest, ValuesAreLiteral) {
  for (const char* value : {"${secret:x}", "a${ssm:x}b", "${env:X}", "${file:/x}", "${env.X}"}) {
    const std::string toml =
        complaint("flyway.toml", std::string("[flyway.placeholders]\na = '") + value + "'\n");
    EXPECT_TRUE(toml.contains("holds a reference")) << value << ": " << toml;
    const std::string conf =
        complaint("flyway.conf", std::string("flyway.placeholders.a=") + value + "\n");
    EXPECT_TRUE(conf.contains("holds a reference")) << value << ": " << conf;
  }
  EXPECT_TRUE(
      complaint("flyway.conf", "flyway.placeholders.a=${HOME}\n").contains("holds a reference"));
  EXPECT_EQ(complaint("flyway.conf", "flyway.placeholderPrefix=${\n"), "none");
}

TEST(CheckoutTest, PathsStayInside) {
  struct Case {
    const char *path, *expected;
  };
  constexpr Case cases[] = {
      {"filesystem:sql", ""},
      {"sql/a*/b", ""},
      {"filesystem:./sql", ""},
      {"a..b", ""},
      {"/etc", "leads out"},
      {"filesystem:/etc", "leads out"},
      {"..", "leads out"},
      {"filesystem:sql/../../x", "leads out"},
      {"sql/..", "leads out"},
      {"~/x", "leads out"},
      {"git:git@github.com:o/r.git", "leads out"},
      {"filesystem:git:x", "leads out"},
      {"s3:bucket", "leads out"},
      {"sql, /etc", "leads out"},
      {" filesystem:/etc", "leads out"},
      {"c:\\x", "leads out"},
  };
  for (const auto& [path, expected] : cases) {
    for (const char* key : {"locations", "callbackLocations"}) {
      SCOPED_TRACE(path);
      const std::string message =
          complaint("flyway.conf", "flyway." + std::string(key) + "=" + path + "\n");
      EXPECT_EQ(message == "none", std::string_view(expected).empty()) << message;
      EXPECT_TRUE(message.contains(expected) || message == "none") << message;
    }
  }
}

}  // namespace
}  // namespace dunlin
