#include "aws/sts.hpp"

#include "http/curl_client.hpp"
#include "support/moto.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

using test::Moto;

TEST(StsTest, GivesTheCredentialsOfARoleOverTheWire) {
  if (Moto::shared() == nullptr) GTEST_FAIL();
  const Environment environment = Moto::shared()->environment();
  Interrupt interrupt;
  const SystemClock clock;
  Redactor redactor;
  CurlClient http(environment, interrupt);
  const AwsEdges edges{http, environment, clock, interrupt, redactor};
  const AwsCredentials by{.access_key = "AKIA", .secret_key = Secret("s"), .session_token = {}};
  const RoleToAssume role{.role_arn = "arn:aws:iam::123456789012:role/job"};

  const auto assumed = assume_role(edges, "eu-central-1", role, by);
  ASSERT_TRUE(assumed) << assumed.error().message;
  EXPECT_TRUE(assumed->access_key.starts_with("ASIA")) << assumed->access_key;
  EXPECT_FALSE(assumed->session_token.empty());
  EXPECT_GT(assumed->expires, clock.now());

  const WebIdentity identity{.role_arn = role.role_arn, .session_name = {}, .token = Secret("t")};
  const auto identified = assume_role_with_web_identity(edges, "eu-central-1", identity);
  ASSERT_TRUE(identified) << identified.error().message;
  EXPECT_TRUE(identified->access_key.starts_with("ASIA"));
}

}  // namespace
}  // namespace dunlin
