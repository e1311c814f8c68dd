#include "aws/instance_credentials.hpp"

#include "aws/links_fixture.hpp"

namespace dunlin {
namespace {

constexpr auto kBase = "http://169.254.169.254/latest/";
constexpr auto kAnswer = R"({"Code":"Success","LastUpdated":"2024-02-29T00:00:00Z",
  "Type":"AWS-HMAC","AccessKeyId":"ASIAIOSFODNN7EXAMPLE","SecretAccessKey":"s3cr3t",
  "Token":"t0ken","Expiration":"2024-02-29T06:00:00Z"})";

class InstanceCredentialsTest : public test::LinkTest {
 protected:
  void serve(const std::string& base) {
    answers["PUT " + base + "api/token"] = {200, "metadata-token"};
    answers["GET " + base + "meta-data/iam/security-credentials/"] = {200, "job-role\n"};
    answers["GET " + base + "meta-data/iam/security-credentials/job-role"] = {200, kAnswer};
  }
};

TEST_F(InstanceCredentialsTest, AskATokenThenTheRoleThenItsCredentials) {
  serve(kBase);
  const auto link = instance_credentials(edges({}));
  ASSERT_TRUE(link) << link.error().message;
  ASSERT_TRUE(link->found);
  EXPECT_EQ(link->found->access_key, "ASIAIOSFODNN7EXAMPLE");
  EXPECT_EQ(link->found->session_token.reveal(), "t0ken");
  ASSERT_EQ(http.sent.size(), 3U);
  EXPECT_EQ(http.sent[0].header("X-aws-ec2-metadata-token-ttl-seconds"), "21600");
  EXPECT_EQ(http.sent[1].header("X-aws-ec2-metadata-token"), "metadata-token");
  EXPECT_EQ(http.sent[2].header("X-aws-ec2-metadata-token"), "metadata-token");
  EXPECT_EQ(http.sent[0].proxy, Proxy::never);
}

TEST_F(InstanceCredentialsTest, AreAskedWhereTheEnvironmentSays) {
  serve("http://[fd00:ec2::254]/latest/");
  EXPECT_TRUE(
      instance_credentials(edges({{"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "ipv6"}}))->found);
  serve("http://localhost:1338/latest/");
  EXPECT_TRUE(
      instance_credentials(edges({{"AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://localhost:1338/"}}))
          ->found);
}

TEST_F(InstanceCredentialsTest, AreSkippedWhereThereAreNone) {
  EXPECT_EQ(instance_credentials(edges({}))->skipped, "no instance metadata at 169.254.169.254");
  serve(kBase);
  answers["GET " + std::string(kBase) + "meta-data/iam/security-credentials/"] = {404, ""};
  EXPECT_EQ(instance_credentials(edges({}))->skipped, "the instance has no role");
  http.sent.clear();
  EXPECT_EQ(instance_credentials(edges({{"AWS_EC2_METADATA_DISABLED", "TRUE"}}))->skipped,
            "AWS_EC2_METADATA_DISABLED is set");
  EXPECT_TRUE(http.sent.empty());
}

TEST_F(InstanceCredentialsTest, SayWhatTheServiceDoesWrong) {
  serve(kBase);
  answers["GET " + std::string(kBase) + "meta-data/iam/security-credentials/job-role"] = {500, ""};
  const auto link = instance_credentials(edges({}));
  ASSERT_FALSE(link);
  EXPECT_EQ(link.error().message,
            "the instance's metadata service answers with status 500 for role job-role");
}

}  // namespace
}  // namespace dunlin
