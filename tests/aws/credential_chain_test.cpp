#include "aws/credential_chain.hpp"

#include "support/fake_http.hpp"
#include "support/standing_clock.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

using test::answer;
using test::FakeHttp;
using test::Sent;
using Variables = std::map<std::string, std::string, std::less<>>;

constexpr auto kAnswer = R"({"AccessKeyId":"ASIAIOSFODNN7EXAMPLE","SecretAccessKey":"s3cr3t",
  "Token":"t0ken","Expiration":"2024-02-29T06:00:00Z"})";

class CredentialChainTest : public testing::Test {
 protected:
  CredentialChain chain_for(Variables variables) {
    environment = Environment(std::move(variables));
    return CredentialChain({http, environment, clock, interrupt, redactor});
  }
  bool endpoint_answers = true;
  FakeHttp http{[this](const Sent&) -> Result<HttpResponse> {
    if (!endpoint_answers) return test::no_answer("TCP: no");
    return answer(200, kAnswer);
  }};
  Environment environment;
  test::StandingClock clock{std::chrono::sys_days(std::chrono::year(2024) / 2 / 29)};
  Interrupt interrupt;
  Redactor redactor;
};

TEST_F(CredentialChainTest, TakesTheEnvironmentFirst) {
  auto chain = chain_for({{"AWS_ACCESS_KEY_ID", "AKIA"},
                          {"AWS_SECRET_ACCESS_KEY", "s3cr3t-key"},
                          {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"}});
  const auto credentials = chain.get();
  ASSERT_TRUE(credentials);
  EXPECT_EQ((*credentials)->access_key, "AKIA");
  EXPECT_TRUE((*credentials)->session_token.empty());
  EXPECT_TRUE(http.sent.empty());
  EXPECT_EQ(redactor.clean("s3cr3t-key"), "****");
}

TEST_F(CredentialChainTest, SaysWhenOnlyHalfAKeyIsSet) {
  const auto credentials = chain_for({{"AWS_ACCESS_KEY_ID", "AKIA"}}).get();
  ASSERT_FALSE(credentials);
  EXPECT_EQ(credentials.error().message,
            "AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not");
}

TEST_F(CredentialChainTest, FindsThemAnewBeforeTheyRunOut) {
  auto chain = chain_for({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"}});
  ASSERT_TRUE(chain.get());
  clock.advance(std::chrono::hours(5));
  ASSERT_TRUE(chain.get());
  EXPECT_EQ(http.sent.size(), 1U);
  clock.advance(std::chrono::minutes(56));
  ASSERT_TRUE(chain.get());
  EXPECT_EQ(http.sent.size(), 2U);
}

TEST_F(CredentialChainTest, KeepsWhatIsLeftWhileTheGiverIsDown) {
  auto chain = chain_for({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"}});
  ASSERT_TRUE(chain.get());
  endpoint_answers = false;
  interrupt.request(2);  // no waiting between the attempts
  clock.advance(std::chrono::minutes(357));
  EXPECT_TRUE(chain.get());
  clock.advance(std::chrono::minutes(3));
  EXPECT_FALSE(chain.get());
}

TEST_F(CredentialChainTest, ListsWhatWasLookedAtWhenThereIsNothing) {
  const auto credentials = chain_for({{"AWS_EC2_METADATA_DISABLED", "true"}}).get();
  ASSERT_FALSE(credentials);
  EXPECT_EQ(credentials.error().code, ErrorCode::aws_credentials);
  EXPECT_EQ(credentials.error().message, "no AWS credentials were found");
  EXPECT_TRUE(credentials.error().hint.contains("AWS_ACCESS_KEY_ID is not set;"))
      << credentials.error().hint;
}

}  // namespace
}  // namespace dunlin
