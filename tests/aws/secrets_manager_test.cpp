#include "aws/secrets_manager.hpp"

#include "aws/moto_fixture.hpp"
#include "aws/sigv4.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

using test::Moto;
using test::MotoTest;
using Variables = std::map<std::string, std::string, std::less<>>;

/// Every test has a region of its own, and so an empty store.
class SecretsManagerTest : public MotoTest {
 protected:
  void ask(const char* operation, const std::string& body) {
    MotoTest::ask(kSecretsManager, operation, body);
  }
  Result<Secret> fetch(const std::string& id) {
    auto secrets = SecretsManager(api, "us-west-2").fetch(std::span(&id, 1));
    return std::move(secrets.at(0));
  }
};

TEST_F(SecretsManagerTest, FetchesSeveralByNameAndByArnInTheirOrder) {
  ask("CreateSecret", R"({"Name":"github@owner@path@key","SecretString":"-----BEGIN\nkey"})");
  ask("CreateSecret", R"({"Name":"db@user","SecretString":"{\"password\":\"p\\u00e4ss\"}"})");
  const std::string ids[] = {"db@user", "github@owner@path@key", "nothing"};
  const auto secrets = SecretsManager(api, "us-west-2").fetch(ids);
  ASSERT_TRUE(secrets[0]) << secrets[0].error().message;
  EXPECT_EQ(secrets[0]->reveal(), R"({"password":"p\u00e4ss"})");
  EXPECT_EQ(secrets[1]->reveal(), "-----BEGIN\nkey");
  ASSERT_FALSE(secrets[2]);
  EXPECT_EQ(secrets[2].error().code, ErrorCode::secret_unavailable);
  EXPECT_EQ(secrets[2].error().message, "secret nothing does not exist in us-west-2");
}

TEST_F(SecretsManagerTest, AsksTheRegionOfAnArn) {
  const auto secret = fetch("arn:aws:secretsmanager:eu-north-1:123456789012:secret:none-AbCdEf");
  ASSERT_FALSE(secret);
  EXPECT_TRUE(secret.error().message.ends_with("does not exist in eu-north-1"))
      << secret.error().message;
}

TEST_F(SecretsManagerTest, KnowsAnArnAsTaskDefinitionsHaveIt) {
  const auto secret =
      fetch("arn:aws:secretsmanager:eu-north-1:123456789012:secret:none-AbCdEf:password::");
  ASSERT_FALSE(secret);
  EXPECT_TRUE(secret.error().hint.contains("${secret:ARN#KEY}")) << secret.error().hint;
}

TEST_F(SecretsManagerTest, FetchesAnotherVersion) {
  ask("CreateSecret", R"({"Name":"rotated","SecretString":"old"})");
  ask("PutSecretValue", R"({"SecretId":"rotated","SecretString":"new"})");
  EXPECT_EQ(fetch("rotated")->reveal(), "new");
  EXPECT_EQ(fetch("rotated?stage=AWSPREVIOUS")->reveal(), "old");
  const auto none = fetch("rotated?stage=AWSPENDING");
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().message, "secret rotated has no such version in us-west-2: AWSPENDING");
}

TEST_F(SecretsManagerTest, GivesABinarySecretOnlyWhenItsBytesAreAsked) {
  ask("CreateSecret", R"({"Name":"bytes","SecretBinary":"AAEC/w=="})");
  const auto text = fetch("bytes");
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().message, "secret bytes is binary, and text is wanted");
  EXPECT_EQ(fetch("bytes?binary")->reveal(), std::string_view("\x00\x01\x02\xff", 4));
}

TEST_F(SecretsManagerTest, SaysThatASecretIsMarkedForDeletion) {
  ask("CreateSecret", R"({"Name":"doomed","SecretString":"x"})");
  ask("DeleteSecret", R"({"SecretId":"doomed"})");
  const auto secret = fetch("doomed");
  ASSERT_FALSE(secret);
  EXPECT_EQ(secret.error().message, "secret doomed is marked for deletion");
}

/// A user of moto's IAM without any policy, while moto checks signatures and permissions.
class StrictMoto {
 public:
  explicit StrictMoto(HttpClient& http) : http_(http) {
    const AwsCredentials anybody{.access_key = "AKIA", .secret_key = Secret("s")};
    ask_iam("Action=CreateUser&Version=2010-05-08&UserName=nobody", anybody);
    const std::string answer =
        ask_iam("Action=CreateAccessKey&Version=2010-05-08&UserName=nobody", anybody);
    key = element(answer, "AccessKeyId");
    secret = element(answer, "SecretAccessKey");
    check_from("0");
  }
  ~StrictMoto() { check_from("inf"); }
  StrictMoto(const StrictMoto&) = delete;
  StrictMoto& operator=(const StrictMoto&) = delete;
  std::string key, secret;

 private:
  static std::string element(const std::string& xml, const std::string& name) {
    const auto start = xml.find("<" + name + ">") + name.size() + 2;
    return xml.substr(start, xml.find("</" + name, start) - start);
  }
  std::string ask_iam(const char* form, const AwsCredentials& credentials) {
    HttpRequest request{.method = "POST", .url = Moto::shared()->url() + "/", .body = Secret(form)};
    request.headers.push_back({"Content-Type", Secret("application/x-www-form-urlencoded")});
    sign(request, credentials,
         {.region = "us-east-1", .service = "iam", .at = std::chrono::system_clock::now()});
    const auto response = http_.send_one(request);
    return response ? std::string(response->body.reveal()) : "";
  }
  void check_from(const char* count) {
    const HttpRequest request{.method = "POST",
                              .url = Moto::shared()->url() + "/moto-api/reset-auth",
                              .body = Secret(count)};
    EXPECT_TRUE(http_.send_one(request));
  }
  HttpClient& http_;
};

TEST_F(SecretsManagerTest, SaysWhoLacksWhichPermissionAndWhenASignatureIsWrong) {
  ask("CreateSecret", R"({"Name":"locked","SecretString":"x"})");
  const StrictMoto strict(http);
  environment = Moto::shared()->environment(
      {{"AWS_ACCESS_KEY_ID", strict.key}, {"AWS_SECRET_ACCESS_KEY", strict.secret}});
  chain.forget();
  const auto denied = fetch("locked");
  ASSERT_FALSE(denied);
  EXPECT_EQ(denied.error().code, ErrorCode::secret_unavailable);
  EXPECT_TRUE(denied.error().message.starts_with(
      "secret locked may not be read: arn:aws:iam::123456789012:user/nobody lacks "
      "secretsmanager:GetSecretValue on "))
      << denied.error().message;

  environment = Moto::shared()->environment(
      {{"AWS_ACCESS_KEY_ID", strict.key}, {"AWS_SECRET_ACCESS_KEY", "another"}});
  chain.forget();
  const auto refused = fetch("locked");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::aws_credentials);
}

TEST(SecretIdTest, RefusesAnUnknownQuestion) {
  const auto id = parse_secret_id("name?stages=X");
  ASSERT_FALSE(id);
  EXPECT_EQ(id.error().message, "secret name is asked with an unknown \"stages=X\"");
}

TEST(SecretIdTest, NamesMayHoldEverythingAwsAllows) {
  const auto id = parse_secret_id("rds!cluster/a_b+c=d.e@f-g?version=1&stage=AWSCURRENT&binary");
  ASSERT_TRUE(id);
  EXPECT_EQ(id->name, "rds!cluster/a_b+c=d.e@f-g");
  EXPECT_EQ(id->version, "1");
  EXPECT_EQ(id->stage, "AWSCURRENT");
  EXPECT_EQ(id->form, SecretId::Form::bytes);
}

}  // namespace
}  // namespace dunlin
