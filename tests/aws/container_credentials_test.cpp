#include "aws/container_credentials.hpp"

#include "support/fake_http.hpp"
#include "support/standing_clock.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace dunlin {
namespace {

using test::answer;
using test::FakeHttp;
using test::Sent;
using Variables = std::map<std::string, std::string, std::less<>>;

constexpr auto kAnswer = R"({"RoleArn":"arn:aws:iam::123456789012:role/task",
  "AccessKeyId":"ASIAIOSFODNN7EXAMPLE","SecretAccessKey":"wJalrXUtnFEMI/K7MDENG",
  "Token":"session-token","Expiration":"2024-02-29T06:00:00Z"})";

class ContainerCredentialsTest : public testing::Test {
 protected:
  Result<Link> ask(Variables variables, const HttpResponse& response) {
    environment = Environment(std::move(variables));
    return container_credentials({http_for(response), environment, clock, interrupt, redactor});
  }
  FakeHttp& http_for(const HttpResponse& response) {
    http = std::make_unique<FakeHttp>(
        [&response](const Sent&) { return answer(response.status, response.body.reveal()); });
    return *http;
  }
  Environment environment;
  test::StandingClock clock{std::chrono::sys_days(std::chrono::year(2024) / 2 / 29)};
  Interrupt interrupt;
  Redactor redactor;
  std::unique_ptr<FakeHttp> http;
};

TEST_F(ContainerCredentialsTest, AsksTheAddressOfEcsWithoutAProxy) {
  const auto link = ask({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials/ab-cd"}},
                        answer(200, kAnswer));
  ASSERT_TRUE(link) << link.error().message;
  ASSERT_TRUE(link->found);
  EXPECT_EQ(link->found->access_key, "ASIAIOSFODNN7EXAMPLE");
  EXPECT_EQ(link->found->secret_key.reveal(), "wJalrXUtnFEMI/K7MDENG");
  EXPECT_EQ(link->found->session_token.reveal(), "session-token");
  EXPECT_EQ(link->found->expires, clock.now() + std::chrono::hours(6));
  EXPECT_EQ(http->sent.at(0).url, "http://169.254.170.2/v2/credentials/ab-cd");
  EXPECT_EQ(http->sent.at(0).proxy, Proxy::never);
  EXPECT_EQ(http->sent.at(0).header("Authorization"), "");
}

TEST_F(ContainerCredentialsTest, SendsTheTokenOfTheVariableOrOfTheFileWhichWins) {
  Variables variables = {
      {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/credentials"},
      {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "from-variable"}};
  ASSERT_TRUE(ask(variables, answer(200, kAnswer)));
  EXPECT_EQ(http->sent.at(0).url, "http://169.254.170.23/v1/credentials");
  EXPECT_EQ(http->sent.at(0).header("Authorization"), "from-variable");

  std::optional<test::TemporaryFolder> folder(std::in_place);
  const std::string path = folder->write("token", "from-file\n");
  variables["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = path;
  ASSERT_TRUE(ask(variables, answer(200, kAnswer)));
  EXPECT_EQ(http->sent.at(0).header("Authorization"), "from-file");
  folder.reset();
  const auto gone = ask(variables, answer(200, kAnswer));
  ASSERT_FALSE(gone);
  EXPECT_EQ(gone.error().message, "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE " + path +
                                      " cannot be read: No such file or directory");
}

TEST_F(ContainerCredentialsTest, AreAskedInClearOnlyWhereNobodyListens) {
  struct Case {
    const char* url;
    bool allowed;
  };
  constexpr Case cases[] = {
      {"https://anywhere.example.com/", true},
      {"http://127.0.0.1:5000/x", true},
      {"http://127.9.9.9/", true},
      {"http://[::1]:80/", true},
      {"http://localhost/", true},
      {"http://169.254.170.2/", true},
      {"http://169.254.170.23/", true},
      {"http://[fd00:ec2::23]/", true},
      {"http://169.254.170.3/", false},
      {"http://example.com/", false},
      {"http://127.0.0.1.example.com/", false},
      {"http://127.0.0.1@example.com/", false},
      {"http://localhost.example.com/", false},
      {"ftp://localhost/", false},
  };
  for (const auto& [url, allowed] : cases) {
    EXPECT_EQ(may_ask_for_credentials(url), allowed) << url;
  }
  const auto refused =
      ask({{"AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://example.com/x"}}, answer(200, kAnswer));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message,
            "AWS_CONTAINER_CREDENTIALS_FULL_URI names example.com over http");
  EXPECT_TRUE(http->sent.empty());
}

TEST_F(ContainerCredentialsTest, AreSkippedWhenNothingIsSet) {
  const auto link = ask({}, answer(200, kAnswer));
  ASSERT_TRUE(link);
  EXPECT_FALSE(link->found);
}

TEST_F(ContainerCredentialsTest, SayWhatTheEndpointDoesWrong) {
  const std::string source = "the container's credentials endpoint";
  struct Case {
    const char* why;
    int status;
    const char* body;
    std::string expected;
  };
  const Case cases[] = {
      {"no role", 404, "", source + " answers with status 404"},
      {"no JSON", 200, "<html>", source + " does not answer with JSON"},
      {"incomplete", 200, "{}", source + " answers without AccessKeyId or SecretAccessKey"},
      {"explained", 200, R"({"Code":"X","Message":"no role"})",
       source + " gives no credentials: no role"},
  };
  for (const auto& [why, status, body, expected] : cases) {
    SCOPED_TRACE(why);
    const auto link = ask({{"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/x"}}, answer(status, body));
    ASSERT_FALSE(link);
    EXPECT_EQ(link.error().code, ErrorCode::aws_credentials);
    EXPECT_EQ(link.error().message, expected);
  }
}

}  // namespace
}  // namespace dunlin
