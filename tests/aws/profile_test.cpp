#include "aws/profile.hpp"

#include "aws/links_fixture.hpp"
#include "aws/process_credentials.hpp"
#include "aws/profile_credentials.hpp"

namespace dunlin {
namespace {

class ProfileTest : public test::LinkTest {
 protected:
  Result<Link> ask(Variables variables, const std::string& profile = {}) {
    return profile_credentials(edges(std::move(variables)), "eu-central-1", profile);
  }
};

constexpr auto kSts = "POST https://sts.eu-central-1.amazonaws.com/";

TEST(AwsProfilesTest, AreReadAsTheSdksReadThem) {
  AwsProfiles profiles;
  add_profiles(
      "[default]\nregion=eu-west-1\n# note\n; note\n[profile  dev]\nRole_Arn = arn:x  # comment\n"
      "s3 =\n  max_concurrent_requests = 20\nkey = a#b\n[sso-session corp]\nsso_region = r\n"
      "[services s]\nregion = none\nno setting\n",
      AwsFile::config, profiles);
  add_profiles("[dev]\r\naws_access_key_id = AKIA\r\nkey = mine\r\n", AwsFile::credentials,
               profiles);
  EXPECT_EQ(profiles.profiles["default"].get("region"), "eu-west-1");
  EXPECT_EQ(profiles.profiles["dev"].get("role_arn"), "arn:x");
  EXPECT_EQ(profiles.profiles["dev"].get("key"), "mine");
  EXPECT_EQ(profiles.profiles["dev"].get("aws_access_key_id"), "AKIA");
  EXPECT_FALSE(profiles.profiles["dev"].has("max_concurrent_requests"));
  EXPECT_EQ(profiles.sso_sessions["corp"].get("sso_region"), "r");
  EXPECT_EQ(profiles.profiles.size(), 2U);
}

TEST_F(ProfileTest, GivesItsKeys) {
  write(".aws/credentials",
        "[default]\naws_access_key_id=AKIADEFAULT\naws_secret_access_key=a\n"
        "[ci]\naws_access_key_id=AKIACI\naws_secret_access_key=b\naws_session_token=t\n");
  EXPECT_EQ(ask({})->found->access_key, "AKIADEFAULT");
  const auto ci = ask({{"AWS_PROFILE", "ci"}});
  EXPECT_EQ(ci->found->access_key, "AKIACI");
  EXPECT_EQ(ci->found->session_token.reveal(), "t");
  EXPECT_EQ(ask({{"AWS_PROFILE", "ci"}}, "default")->found->access_key, "AKIADEFAULT");
}

TEST_F(ProfileTest, AssumesItsRoleWithTheKeysOfAnother) {
  write(".aws/credentials", "[base]\naws_access_key_id=AKIABASE\naws_secret_access_key=a\n");
  write(".aws/config",
        "[profile job]\nrole_arn=arn:aws:iam::1:role/job\nsource_profile=base\nexternal_id=x/1\n"
        "role_session_name=me\nduration_seconds=900\n");
  answers[kSts] = {200, test::sts_answer("AssumeRole")};
  const auto link = ask({{"AWS_PROFILE", "job"}});
  ASSERT_TRUE(link) << link.error().message;
  EXPECT_EQ(link->found->access_key, "ASIASTSEXAMPLE");
  EXPECT_EQ(http.sent.at(0).body,
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fjob&"
            "RoleSessionName=me&ExternalId=x%2F1&DurationSeconds=900");
  EXPECT_TRUE(
      http.sent.at(0).header("Authorization").contains("AKIABASE/20240229/eu-central-1/sts"));
}

TEST_F(ProfileTest, AssumesItsRoleThoughTheClockIsWrong) {
  write(".aws/credentials", "[base]\naws_access_key_id=AKIABASE\naws_secret_access_key=a\n");
  write(".aws/config", "[default]\nrole_arn=arn:aws:iam::1:role/job\nsource_profile=base\n");
  answers[kSts] = {200, test::sts_answer("AssumeRole")};
  instead = [](const test::Sent& sent) -> std::optional<HttpResponse> {
    if (sent.header("X-Amz-Date") == "20240229T030000Z") return std::nullopt;
    return test::answer(403,
                        "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code>"
                        "<Message>Signature expired</Message></Error></ErrorResponse>",
                        {{"date", "Thu, 29 Feb 2024 03:00:00 GMT"}});
  };
  const auto link = ask({});
  ASSERT_TRUE(link) << link.error().message;
  EXPECT_EQ(link->found->access_key, "ASIASTSEXAMPLE");
  EXPECT_EQ(http.sent.size(), 2U);
}

TEST_F(ProfileTest, TakesAWrongSecretForNoWrongClock) {
  write(".aws/credentials", "[base]\naws_access_key_id=AKIABASE\naws_secret_access_key=a\n");
  write(".aws/config", "[default]\nrole_arn=arn:aws:iam::1:role/job\nsource_profile=base\n");
  instead = [](const test::Sent&) {
    return test::answer(403,
                        "<ErrorResponse><Error><Code>SignatureDoesNotMatch</Code>"
                        "<Message>No match</Message></Error></ErrorResponse>",
                        {{"date", "Thu, 29 Feb 2024 00:03:00 GMT"}});
  };
  const auto link = ask({});
  ASSERT_FALSE(link);
  EXPECT_TRUE(link.error().message.contains("No match (SignatureDoesNotMatch)"));
  EXPECT_EQ(http.sent.size(), 1U);
}

TEST_F(ProfileTest, AssumesItsRoleWithWhatTheContainerGives) {
  write(".aws/config",
        "[default]\nrole_arn=arn:aws:iam::1:role/job\ncredential_source=EcsContainer\n");
  answers["GET http://169.254.170.2/x"] = {
      200, R"({"AccessKeyId":"ASIATASK","SecretAccessKey":"s","Token":"t"})"};
  answers[kSts] = {200, test::sts_answer("AssumeRole")};
  ASSERT_TRUE(ask({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"}})->found);
  EXPECT_TRUE(http.sent.at(1).header("Authorization").contains("Credential=ASIATASK/"));
}

TEST_F(ProfileTest, AssumesItsRoleByTheTokenOfAFile) {
  const std::string token = write("token", "eyJ");
  write(".aws/config", "[default]\nrole_arn=arn:x\nweb_identity_token_file=" + token + "\n");
  answers[kSts] = {200, test::sts_answer("AssumeRoleWithWebIdentity")};
  EXPECT_TRUE(ask({})->found);
}

TEST_F(ProfileTest, RunsItsProgramWithoutAShell) {
  const std::string output =
      write("output.json",
            R"({"Version":1,"AccessKeyId":"ASIAPROC","SecretAccessKey":"s","SessionToken":"t",)"
            R"("Expiration":"2024-02-29T01:00:00Z"})");
  write(".aws/config", "[default]\ncredential_process = cat \"" + output +
                           "\"\n[profile bad]\ncredential_process=false\n"
                           "[profile none]\ncredential_process=/no/such/program x\n");
  const auto link = ask({});
  ASSERT_TRUE(link) << link.error().message;
  EXPECT_EQ(link->found->access_key, "ASIAPROC");
  EXPECT_EQ(link->found->session_token.reveal(), "t");
  EXPECT_EQ(ask({}, "bad").error().message, "credential_process false ends with exit code 1");
  EXPECT_EQ(ask({}, "none").error().message,
            "credential_process /no/such/program cannot be started: No such file or directory");
}

TEST_F(ProfileTest, UsesTheCachedSsoLogin) {
  write(".aws/config",
        "[default]\nsso_session=corp\nsso_account_id=123456789012\nsso_role_name=Dev Ops\n"
        "[sso-session corp]\nsso_region=us-east-2\nsso_start_url=https://corp.awsapps.com/start\n");
  const std::string url =
      "GET https://portal.sso.us-east-2.amazonaws.com/federation/credentials?role_name=Dev%20Ops&"
      "account_id=123456789012";
  answers[url] = {200, R"({"roleCredentials":{"accessKeyId":"ASIASSO","secretAccessKey":"s",
                           "sessionToken":"t","expiration":1709168400000}})"};
  EXPECT_EQ(ask({}).error().message, "profile default uses SSO, and nobody has logged in");
  write(".aws/sso/cache/ee0bfd2552fbd840c02cc48b6e823320543c450f.json",
        R"({"accessToken":"sso-token","expiresAt":"2024-02-29T08:00:00Z"})");
  const auto link = ask({});
  ASSERT_TRUE(link) << link.error().message;
  EXPECT_EQ(link->found->access_key, "ASIASSO");
  EXPECT_EQ(link->found->expires, clock.now() + std::chrono::hours(1));
  EXPECT_EQ(http.sent.at(0).header("x-amz-sso_bearer_token"), "sso-token");
  clock.advance(std::chrono::hours(8));
  EXPECT_EQ(ask({}).error().message, "profile default uses SSO, and the login has run out");
  EXPECT_EQ(ask({}).error().hint, "run aws sso login --profile default");
}

TEST_F(ProfileTest, SaysWhatIsWrongWithIt) {
  write(".aws/config",
        "[profile a]\nrole_arn=r\nsource_profile=b\n[profile b]\nrole_arn=r\nsource_profile=a\n"
        "[profile mfa]\nrole_arn=r\nmfa_serial=m\n[profile half]\naws_access_key_id=k\n"
        "[profile alone]\nrole_arn=r\n[profile gone]\nrole_arn=r\nsource_profile=nobody\n");
  const std::string places = (home / ".aws/config") + " and " + (home / ".aws/credentials");
  struct Case {
    const char* profile;
    std::string expected;
  };
  const Case cases[] = {
      {"none", "profile none is not in " + places},
      {"a", "profile a is its own source_profile"},
      {"mfa", "profile mfa wants a code from an MFA device, and nobody is asked here"},
      {"half", "profile half has aws_access_key_id and no aws_secret_access_key"},
      {"alone",
       "profile alone has role_arn and neither source_profile nor a known credential_source"},
      {"gone", "profile nobody is not in " + places},
  };
  for (const auto& [profile, expected] : cases) {
    SCOPED_TRACE(profile);
    const auto link = ask({}, profile);
    ASSERT_FALSE(link);
    EXPECT_EQ(link.error().code, ErrorCode::aws_credentials);
    EXPECT_EQ(link.error().message, expected);
  }
}

TEST_F(ProfileTest, IsSkippedWhenThereIsNone) {
  const auto link = ask({});
  ASSERT_TRUE(link);
  EXPECT_TRUE(link->skipped.starts_with("no profile \"default\" in ")) << link->skipped;
}

TEST(CommandWordsTest, AreSplitAsAShellWould) {
  using Words = std::vector<std::string>;
  EXPECT_EQ(command_words(R"(a  "b c" 'd "e' f\ g "h\"i" "")"),
            (Words{"a", "b c", "d \"e", "f g", "h\"i", ""}));
  EXPECT_EQ(command_words("  "), Words{});
}

}  // namespace
}  // namespace dunlin
