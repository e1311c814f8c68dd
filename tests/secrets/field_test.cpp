#include "secrets/field.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

TEST(FieldTest, IsTheMemberOfTheSecretsJson) {
  const Secret secret(R"({"username":"sqladmin","password":"p\"\u00e4ss\\"})");
  const auto password = json_field(secret, "id", "password");
  ASSERT_TRUE(password);
  EXPECT_EQ(password->reveal(), "p\"\u00e4ss\\");
}

TEST(FieldTest, SaysWhatIsWrongAndShowsNoValue) {
  struct Case {
    const char *why, *text, *expected;
  };
  constexpr Case cases[] = {
      {"plain text", "hunter2hunter2", "secret db@x is not JSON, and its .password is wanted"},
      {"empty", "", "secret db@x is not JSON, and its .password is wanted"},
      {"JSON, but no object", R"("hunter2hunter2")",
       "secret db@x is a string in JSON, and its .password is wanted"},
      {"another key", R"({"pass":"hunter2hunter2","username":"u"})",
       "secret db@x lacks .password; it has .pass, .username"},
      {"capitals count", R"({"Password":"hunter2hunter2"})",
       "secret db@x lacks .password; it has .Password"},
      {"no keys", "{}", "secret db@x lacks .password; it has no keys"},
      {"a number", R"({"password":12345678})",
       "secret db@x has a number as .password, not a string"},
      {"null", R"({"password":null})", "secret db@x has null as .password, not a string"},
      {"nested", R"({"password":{"a":"hunter2hunter2"}})",
       "secret db@x has an object as .password, not a string"},
  };
  for (const auto& [why, text, expected] : cases) {
    SCOPED_TRACE(why);
    const auto password = json_field(Secret(text), "db@x", "password");
    ASSERT_FALSE(password);
    EXPECT_EQ(password.error().code, ErrorCode::secret_unavailable);
    EXPECT_EQ(password.error().message, expected);
    EXPECT_FALSE((password.error().message + password.error().hint).contains("hunter2"));
  }
}

TEST(FieldTest, TakesANumberWhereOneIsFine) {
  const Secret secret(R"({"port":5432})");
  EXPECT_EQ(json_field(secret, "id", "port", FieldKind::scalar)->reveal(), "5432");
}

TEST(DatabaseSecretTest, ReadsTheShapeOfRds) {
  const Secret secret(R"({"username":"sqladmin","password":"p","engine":"postgres",
      "host":"db.example.com","port":5433,"dbname":"app"})");
  const auto parsed = parse_database_secret(secret, "id");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->username, "sqladmin");
  EXPECT_EQ(parsed->password.reveal(), "p");
  EXPECT_EQ(parsed->host, "db.example.com");
  EXPECT_EQ(parsed->port, 5433);
  EXPECT_EQ(parsed->name, "app");
}

TEST(DatabaseSecretTest, NeedsNothingButThePassword) {
  const auto parsed = parse_database_secret(Secret(R"({"password":"p"})"), "id");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->username, "");
  EXPECT_EQ(parsed->port, std::nullopt);
}

TEST(DatabaseSecretTest, ReadsAPortInQuotesAndRefusesWhatIsNone) {
  EXPECT_EQ(parse_database_secret(Secret(R"({"password":"p","port":"5433"})"), "id")->port, 5433);
  EXPECT_FALSE(parse_database_secret(Secret(R"({"password":"p","port":70000})"), "id"));
  EXPECT_FALSE(parse_database_secret(Secret(R"({"password":"p","port":"54x"})"), "id"));
}

}  // namespace
}  // namespace dunlin
