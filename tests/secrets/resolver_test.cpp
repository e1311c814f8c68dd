#include "secrets/resolver.hpp"

#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

using Ids = std::vector<std::string>;

/// Holds a map and notes each fetch.
class NotingStore final : public SecretStore {
 public:
  std::vector<Result<Secret>> fetch(std::span<const std::string> ids) override {
    fetches.emplace_back(ids.begin(), ids.end());
    std::vector<Result<Secret>> results;
    for (const std::string& id : ids) {
      if (values.contains(id)) {
        results.emplace_back(Secret(values[id]));
      } else {
        results.emplace_back(
            Error{.code = ErrorCode::secret_unavailable, .message = "no secret " + id});
      }
    }
    return results;
  }
  [[nodiscard]] Secret whole(const Secret& fetched) const override {
    return Secret(fetched.reveal() == R"({"only":"one value"})" ? "one value" : fetched.reveal());
  }
  std::map<std::string, std::string> values;
  std::vector<Ids> fetches;
};

class ResolverTest : public testing::Test {
 protected:
  NotingStore secrets, parameters;
  Environment environment{{{"DB_HOST", "db.example.com"}, {"API_TOKEN", "token-in-env"}}};
  Redactor redactor;
  Resolver resolver{&secrets, &parameters, environment, redactor};
};

TEST_F(ResolverTest, PutsValuesInThePlaceOfReferences) {
  secrets.values["db"] = R"({"password":"p4ssw0rd","port":5432})";
  secrets.values["key"] = "whole";
  parameters.values["/name"] = "app";
  struct Case {
    const char *why, *text, *expected;
  };
  constexpr Case cases[] = {
      {"literal", "plain ${X}", "plain ${X}"},
      {"whole secret", "${secret:key}", "whole"},
      {"field", "${secret:db#password}", "p4ssw0rd"},
      {"number", "${secret:db#port}", "5432"},
      {"several", "${env:DB_HOST}/${ssm:/name}", "db.example.com/app"},
      {"empty", "", ""},
  };
  for (const auto& [why, text, expected] : cases) {
    SCOPED_TRACE(why);
    const auto value = resolver.resolve(text);
    ASSERT_TRUE(value) << value.error().message;
    EXPECT_EQ(value->reveal(), expected);
  }
}

TEST_F(ResolverTest, FetchesAllAtOnceAndEachOnce) {
  secrets.values = {{"a", R"({"x":"1","y":"2"})"}, {"b", "b"}};
  parameters.values = {{"/p", "p"}};
  const Ids texts = {"${secret:a#x}", "${secret:b} ${secret:a#y}", "${ssm:/p}${ssm:/p}", "plain"};
  ASSERT_TRUE(resolver.prefetch(texts));
  ASSERT_TRUE(resolver.prefetch(texts));
  for (const std::string& text : texts) ASSERT_TRUE(resolver.resolve(text));
  EXPECT_EQ(secrets.fetches, (std::vector<Ids>{{"a", "b"}}));
  EXPECT_EQ(parameters.fetches, (std::vector<Ids>{{"/p"}}));
}

TEST_F(ResolverTest, FetchesAnewWhatMayHaveBeenRotated) {
  secrets.values["db"] = "old-one";
  EXPECT_EQ(resolver.resolve("${secret:db}")->reveal(), "old-one");
  secrets.values["db"] = "new-one";
  EXPECT_EQ(resolver.resolve("${secret:db}")->reveal(), "old-one");
  EXPECT_EQ(resolver.resolve_anew("${secret:db}")->reveal(), "new-one");
  EXPECT_EQ(redactor.clean("old-one new-one"), "**** ****");
}

TEST_F(ResolverTest, LeavesToTheStoreWhatTheWholeIs) {
  secrets.values["a"] = R"({"only":"one value"})";
  EXPECT_EQ(resolver.resolve("${secret:a}")->reveal(), "one value");
  EXPECT_EQ(resolver.resolve("${secret:a#only}")->reveal(), "one value");
  EXPECT_EQ(resolver.document("${secret:a}")->reveal(), R"({"only":"one value"})");
  EXPECT_EQ(redactor.clean("one value"), "****");
}

TEST_F(ResolverTest, DoesNotLookThroughWhatItFetched) {
  secrets.values["sly"] = "${env:API_TOKEN}";
  EXPECT_EQ(resolver.resolve("${secret:sly}")->reveal(), "${env:API_TOKEN}");
}

TEST_F(ResolverTest, LetsTheRedactorLearnSecretsAndNotTheRest) {
  secrets.values["db"] = R"({"username":"sqladmin","password":"p4ssw0rd","host":"db.example.com"})";
  for (const char* text :
       {"${secret:db#password}", "${secret:db#username}", "${env:API_TOKEN}", "${env:DB_HOST}"}) {
    ASSERT_TRUE(resolver.resolve(text));
  }
  EXPECT_EQ(redactor.clean("p4ssw0rd token-in-env"), "**** ****");
  EXPECT_EQ(redactor.clean("sqladmin at db.example.com"), "sqladmin at db.example.com");
}

TEST_F(ResolverTest, ReadsAFileWithoutItsLastLineBreak) {
  const test::TemporaryFolder folder;
  const std::string path = folder.write("key", "line 1\nline 2\r\n");
  EXPECT_EQ(resolver.resolve("${file:" + path + "}")->reveal(), "line 1\nline 2");
}

TEST_F(ResolverTest, SaysWhatCannotBeHad) {
  Resolver bare(nullptr, nullptr, environment, redactor);
  struct Case {
    const char* why;
    Resolver& resolver;
    const char* text;
    ErrorCode code;
    const char* expected;
  };
  const Case cases[] = {
      {"the store's own words", resolver, "${secret:none}", ErrorCode::secret_unavailable,
       "no secret none"},
      {"unset", resolver, "${env:NONE}", ErrorCode::configuration,
       "the variable of the reference ${env:NONE} is not set or empty"},
      {"no file", resolver, "${file:/none}", ErrorCode::configuration,
       "the file of the reference ${file:/none} cannot be read: No such file or directory"},
      {"a folder", resolver, "${file:/}", ErrorCode::configuration,
       "the file of the reference ${file:/} cannot be read: Is a directory"},
      {"no store", bare, "${secret:a}", ErrorCode::configuration,
       "secret a is referred to, and no provider of it is set up"},
  };
  for (const auto& each : cases) {
    SCOPED_TRACE(each.why);
    const std::string text = each.text;
    const auto value = each.resolver.resolve(text);
    ASSERT_FALSE(value);
    EXPECT_EQ(value.error().code, each.code);
    EXPECT_EQ(value.error().message, each.expected);
    EXPECT_FALSE(each.resolver.prefetch(std::span(&text, 1)));
  }
}

}  // namespace
}  // namespace dunlin
