#include "aws/web_identity.hpp"

#include "aws/links_fixture.hpp"

namespace dunlin {
namespace {

class WebIdentityTest : public test::LinkTest {};

constexpr auto kSts = "POST https://sts.eu-central-1.amazonaws.com/";
constexpr auto kRole = "arn:aws:iam::123456789012:role/job";

TEST_F(WebIdentityTest, SendsTheTokenOfTheFileUnsigned) {
  const std::string token = write("token", "eyJ.to+ken.sig\n");
  answers[kSts] = {200, test::sts_answer("AssumeRoleWithWebIdentity")};
  const auto link = web_identity_credentials(
      edges({{"AWS_WEB_IDENTITY_TOKEN_FILE", token}, {"AWS_ROLE_ARN", kRole}}), "eu-central-1");
  ASSERT_TRUE(link) << link.error().message;
  ASSERT_TRUE(link->found);
  EXPECT_EQ(link->found->access_key, "ASIASTSEXAMPLE");
  EXPECT_EQ(link->found->secret_key.reveal(), "sts-secret-key");
  EXPECT_EQ(link->found->session_token.reveal(), "sts-session-token");
  EXPECT_EQ(link->found->expires, clock.now() + std::chrono::hours(1));
  EXPECT_EQ(http.sent.at(0).body,
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A"
            "123456789012%3Arole%2Fjob&RoleSessionName=dunlin&WebIdentityToken=eyJ.to%2Bken.sig");
  EXPECT_EQ(http.sent.at(0).header("Authorization"), "");
}

TEST_F(WebIdentityTest, SaysWhatStsSays) {
  const std::string token = write("token", "eyJ");
  answers[kSts] = {400,
                   R"(<ErrorResponse><Error><Type>Sender</Type><Code>InvalidIdentityToken</Code>
    <Message>No OpenIDConnect provider found</Message></Error></ErrorResponse>)"};
  const auto link = web_identity_credentials(
      edges({{"AWS_WEB_IDENTITY_TOKEN_FILE", token}, {"AWS_ROLE_ARN", kRole}}), "eu-central-1");
  ASSERT_FALSE(link);
  EXPECT_EQ(link.error().code, ErrorCode::aws_credentials);
  EXPECT_EQ(
      link.error().message,
      "STS gives no credentials for role arn:aws:iam::123456789012:role/job: No OpenIDConnect "
      "provider found (InvalidIdentityToken)");
  EXPECT_EQ(http.sent.size(), 1U);
}

TEST_F(WebIdentityTest, SaysWhenItIsSetUpByHalf) {
  const auto no_role =
      web_identity_credentials(edges({{"AWS_WEB_IDENTITY_TOKEN_FILE", "/none"}}), "eu-central-1");
  ASSERT_FALSE(no_role);
  EXPECT_EQ(no_role.error().message, "AWS_WEB_IDENTITY_TOKEN_FILE is set and AWS_ROLE_ARN is not");
  const auto no_file = web_identity_credentials(
      edges({{"AWS_WEB_IDENTITY_TOKEN_FILE", "/none"}, {"AWS_ROLE_ARN", kRole}}), "eu-central-1");
  ASSERT_FALSE(no_file);
  EXPECT_EQ(no_file.error().message,
            "the web identity token /none cannot be read: No such file or directory");
}

TEST_F(WebIdentityTest, IsSkippedWhenNotSet) {
  EXPECT_FALSE(web_identity_credentials(edges({}), "eu-central-1")->found);
}

}  // namespace
}  // namespace dunlin
