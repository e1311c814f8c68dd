#include "aws/ssm.hpp"

#include "aws/moto_fixture.hpp"
#include "base/text.hpp"
#include "support/fake_http.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

using test::MotoTest;

class ParameterStoreTest : public MotoTest {
 protected:
  void put(const std::string& name, const std::string& value) {
    ask(kSsm, "PutParameter",
        R"({"Type":"SecureString","Overwrite":true,"Name":")" + name + R"(","Value":")" + value +
            "\"}");
  }

  ParameterStore parameters{api, "us-west-2"};
};

TEST_F(ParameterStoreTest, FetchesMoreThanOneCallHolds) {
  std::vector<std::string> names;
  for (int i = 0; i < 12; ++i) {
    names.push_back("/many/" + std::to_string(i));
    put(names.back(), "value " + std::to_string(i));
  }
  const auto values = parameters.fetch(names);
  ASSERT_EQ(values.size(), names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    ASSERT_TRUE(values[i]) << values[i].error().message;
    EXPECT_EQ(values[i]->reveal(), "value " + std::to_string(i));
  }
}

TEST_F(ParameterStoreTest, NamesTheParameterThatDoesNotExist) {
  put("/here", "x");
  const std::string names[] = {"/here", "/not/here", "/here"};
  const auto values = parameters.fetch(names);
  EXPECT_EQ(values[0]->reveal(), "x");
  ASSERT_FALSE(values[1]);
  EXPECT_EQ(values[1].error().message, "parameter /not/here does not exist in us-west-2");
  EXPECT_EQ(values[2]->reveal(), "x");
}

TEST_F(ParameterStoreTest, FetchesAVersion) {
  put("/versions", "first");
  put("/versions", "second");
  const std::string names[] = {"/versions", "/versions:1"};
  const auto values = parameters.fetch(names);
  EXPECT_EQ(values[0]->reveal(), "second");
  ASSERT_TRUE(values[1]) << values[1].error().message;
  EXPECT_EQ(values[1]->reveal(), "first");
}

TEST(ParameterStoreDenialTest, SaysWhoLacksWhichPermissionOnWhat) {
  struct Case {
    const char *why, *said, *expected;
  };
  constexpr Case cases[] = {
      {"the parameter",
       "User: arn:aws:sts::1:assumed-role/task/t is not authorized to perform: ssm:GetParameters "
       "on "
       "resource: arn:aws:ssm:us-west-2:1:parameter/db because no identity-based policy allows it",
       "parameter /db may not be read: arn:aws:sts::1:assumed-role/task/t lacks ssm:GetParameters "
       "on "
       "arn:aws:ssm:us-west-2:1:parameter/db"},
      {"its key",
       "User: arn:aws:sts::1:assumed-role/task/t is not authorized to perform: kms:Decrypt on "
       "resource: arn:aws:kms:us-west-2:1:key/k because no identity-based policy allows it",
       "parameter /db may not be read: arn:aws:sts::1:assumed-role/task/t lacks kms:Decrypt on "
       "arn:aws:kms:us-west-2:1:key/k"},
      {"no words", "",
       "parameter /db may not be read: the role of these credentials lacks ssm:GetParameters on "
       "/db"},
  };
  for (const auto& [why, said, expected] : cases) {
    SCOPED_TRACE(why);
    test::FakeHttp http([&](const test::Sent&) {
      return test::answer(
          400, fmt::format(R"({{"__type":"AccessDeniedException","Message":"{}"}})", said));
    });
    const Environment environment({{"AWS_ACCESS_KEY_ID", "A"}, {"AWS_SECRET_ACCESS_KEY", "s"}});
    const Interrupt interrupt;
    const SystemClock clock;
    Redactor redactor;
    const AwsEdges edges{http, environment, clock, interrupt, redactor};
    CredentialChain chain(edges);
    AwsApi api(edges, chain);
    const std::string name = "/db";
    const auto values = ParameterStore(api, "us-west-2").fetch({&name, 1});
    ASSERT_FALSE(values[0]);
    EXPECT_EQ(values[0].error().message, expected);
  }
}

}  // namespace
}  // namespace dunlin
