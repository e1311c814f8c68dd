#include "aws/api.hpp"

#include "aws/query.hpp"
#include "support/fake_http.hpp"
#include "support/standing_clock.hpp"

#include <gtest/gtest.h>

#include <csignal>

namespace dunlin {
namespace {

using test::answer;
using test::FakeHttp;
using test::no_answer;
using test::Sent;

constexpr auto kNow = std::chrono::sys_days(std::chrono::year(2024) / 2 / 29);

class AwsApiTest : public testing::Test {
 protected:
  AwsApi& with(FakeHttp::Answer how) {
    http = std::make_unique<FakeHttp>(std::move(how));
    const AwsEdges edges{*http, environment, clock, interrupt, redactor};
    chain = std::make_unique<CredentialChain>(edges);
    api = std::make_unique<AwsApi>(edges, *chain, quick);
    return *api;
  }
  Result<AwsReply> call(FakeHttp::Answer how) {
    const AwsCall one = {.service = kSecretsManager,
                         .region = "us-west-2",
                         .operation = "GetSecretValue",
                         .body = Secret("{}")};
    return std::move(with(std::move(how)).call({&one, 1}).at(0));
  }

  Result<XmlDocument> stacks(FakeHttp::Answer how) {
    const AwsCall one{.service = kCloudFormation,
                      .region = "us-west-2",
                      .operation = "DescribeStacks",
                      .body = QueryForm().add("StackName", "dun lin").body()};
    return with(std::move(how)).ask_xml(one, "stack x cannot be read");
  }

  RetryPolicy quick{.attempts = 3,
                    .first_after_throttling = std::chrono::milliseconds(1),
                    .first = std::chrono::milliseconds(1),
                    .longest = std::chrono::milliseconds(1)};
  Environment environment{{{"AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"},
                           {"AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG"},
                           {"AWS_SESSION_TOKEN", "token-of-session"}}};
  Interrupt interrupt;
  test::StandingClock clock{kNow};
  Redactor redactor;
  std::unique_ptr<FakeHttp> http;
  std::unique_ptr<CredentialChain> chain;
  std::unique_ptr<AwsApi> api;
};

TEST_F(AwsApiTest, SendsASignedRequest) {
  const auto reply = call([](const Sent&) { return answer(200, "yes"); });
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body.reveal(), "yes");
  const Sent& sent = http->sent.at(0);
  EXPECT_EQ(sent.url, "https://secretsmanager.us-west-2.amazonaws.com/");
  EXPECT_EQ(sent.header("X-Amz-Target"), "secretsmanager.GetSecretValue");
  EXPECT_EQ(sent.header("X-Amz-Security-Token"), "token-of-session");
  EXPECT_EQ(sent.header("X-Amz-Date"), "20240229T000000Z");
  EXPECT_TRUE(sent.header("Authorization")
                  .starts_with("AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20240229/"
                               "us-west-2/secretsmanager/aws4_request, SignedHeaders="
                               "content-type;host;x-amz-date;x-amz-security-token;x-amz-target"));
  EXPECT_EQ(redactor.clean("token-of-session wJalrXUtnFEMI/K7MDENG"), "**** ****");
}

TEST_F(AwsApiTest, RepeatsWhatTheSdksRepeatAndNothingElse) {
  struct Case {
    const char* why;
    int status;
    const char* body;
    std::size_t times;
  };
  constexpr Case cases[] = {
      {"throttled", 400, R"({"__type":"ThrottlingException"})", 3},
      {"throttled, with a namespace", 400, R"({"__type":"com.amazonaws#SlowDown"})", 3},
      {"too many, by status", 429, "", 3},
      {"their mistake", 500, R"({"__type":"InternalServiceError"})", 3},
      {"a gateway's page", 503, "<html>", 3},
      {"timed out there", 400, R"({"__type":"RequestTimeout"})", 3},
      {"does not exist", 400, R"({"__type":"ResourceNotFoundException"})", 1},
      {"not allowed", 400, R"({"__type":"AccessDeniedException"})", 1},
      {"our mistake", 400, R"({"__type":"ValidationException"})", 1},
  };
  for (const auto& each : cases) {
    SCOPED_TRACE(each.why);
    const auto reply = call([&](const Sent&) { return answer(each.status, each.body); });
    ASSERT_TRUE(reply);
    EXPECT_TRUE(reply->fault);
    EXPECT_EQ(http->sent.size(), each.times);
  }
}

TEST_F(AwsApiTest, RepeatsOnlyTheCallsThatNeedIt) {
  int failures = 1;
  AwsApi& calls = with([&](const Sent& sent) {
    return sent.body == "b" && failures-- > 0 ? answer(500, "") : answer(200, sent.body);
  });
  std::vector<AwsCall> three;
  for (const char* body : {"a", "b", "c"}) {
    three.push_back(
        {.service = kSsm, .region = "us-west-2", .operation = "o", .body = Secret(body)});
  }
  const auto replies = calls.call(three);
  EXPECT_EQ(http->sent.size(), 4U);
  EXPECT_EQ(replies[0]->body.reveal(), "a");
  EXPECT_EQ(replies[1]->body.reveal(), "b");
  EXPECT_EQ(replies[2]->body.reveal(), "c");
}

TEST_F(AwsApiTest, RepeatsWhenNobodyAnswersAndThenSaysWhy) {
  const auto reply = call([](const Sent&) -> Result<HttpResponse> {
    return no_answer("TCP: x:443 does not answer within 5 s");
  });
  ASSERT_FALSE(reply);
  EXPECT_EQ(reply.error().code, ErrorCode::aws_failed);
  EXPECT_EQ(reply.error().message, "TCP: x:443 does not answer within 5 s");
  EXPECT_EQ(http->sent.size(), 3U);
}

TEST_F(AwsApiTest, StopsRepeatingWhenInterrupted) {
  const auto reply = call([this](const Sent&) {
    interrupt.request(SIGTERM);
    return answer(500, "");
  });
  EXPECT_EQ(http->sent.size(), 1U);
}

TEST_F(AwsApiTest, TriesAsOftenAsTheEnvironmentSays) {
  environment = Environment(
      {{"AWS_ACCESS_KEY_ID", "a"}, {"AWS_SECRET_ACCESS_KEY", "b"}, {"AWS_MAX_ATTEMPTS", "5"}});
  ASSERT_TRUE(call([](const Sent&) { return answer(500, ""); }));
  EXPECT_EQ(http->sent.size(), 5U);
}

TEST_F(AwsApiTest, CorrectsForAClockThatIsWrong) {
  const auto reply = call([](const Sent& sent) {
    return sent.header("X-Amz-Date") == "20240301T010000Z"
               ? answer(200, "yes")
               : answer(400, R"({"__type":"InvalidSignatureException"})",
                        {{"date", "Fri, 01 Mar 2024 01:00:00 GMT"}});
  });
  ASSERT_TRUE(reply);
  EXPECT_EQ(reply->body.reveal(), "yes");
  EXPECT_EQ(http->sent.size(), 2U);
}

TEST_F(AwsApiTest, SaysWhenTheCredentialsAreRefused) {
  struct Case {
    const char *why, *body, *expected;
  };
  constexpr Case cases[] = {
      {"unknown key",
       R"({"__type":"UnrecognizedClientException","message":"The security token is invalid."})",
       "The security token is invalid. (UnrecognizedClientException)"},
      {"wrong secret: only the first line, the rest holds the token",
       R"({"__type":"InvalidSignatureException","message":"No match.\n\nx-amz-security-token:t"})",
       "No match. (InvalidSignatureException)"},
      {"ran out", R"({"__type":"ExpiredTokenException","message":"Expired."})",
       "Expired. (ExpiredTokenException)"},
  };
  for (const auto& [why, body, expected] : cases) {
    SCOPED_TRACE(why);
    const auto reply = call([&](const Sent&) {
      return answer(400, body, {{"date", "Thu, 29 Feb 2024 00:01:00 GMT"}});
    });
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, ErrorCode::aws_credentials);
    EXPECT_EQ(reply.error().message,
              std::string("AWS refuses the credentials of the environment (AWS_ACCESS_KEY_ID): ") +
                  expected);
  }
}

TEST_F(AwsApiTest, SpeaksTheQueryProtocolToWhoSpeaksIt) {
  const auto reply = stacks([](const Sent&) { return answer(200, "<a><b>c&amp;d</b></a>"); });
  ASSERT_TRUE(reply) << reply.error().message;
  EXPECT_EQ(reply->root()["b"].text(), "c&d");
  const Sent& sent = http->sent.at(0);
  EXPECT_EQ(sent.url, "https://cloudformation.us-west-2.amazonaws.com/");
  EXPECT_EQ(sent.body, "Action=DescribeStacks&Version=2010-05-15&StackName=dun%20lin");
  EXPECT_EQ(sent.header("Content-Type"), "application/x-www-form-urlencoded; charset=utf-8");
  EXPECT_EQ(sent.header("X-Amz-Target"), "");
  EXPECT_TRUE(sent.header("Authorization").contains("/us-west-2/cloudformation/aws4_request"));
}

TEST_F(AwsApiTest, ReadsTheFaultsOfTheQueryProtocol) {
  struct Case {
    const char *why, *body, *message, *hint;
    std::size_t times;
  };
  constexpr Case cases[] = {
      {"does not exist",
       R"(<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/">
          <Error><Type>Sender</Type><Code>ValidationError</Code>
          <Message>Stack with id &quot;x&quot; does not exist</Message></Error>
          <RequestId>1</RequestId></ErrorResponse>)",
       "stack x cannot be read: Stack with id \"x\" does not exist (ValidationError)", "", 1},
      {"as EC2 does",
       R"(<Response><Errors><Error><Code>InvalidSubnetID.NotFound</Code><Message>no s</Message>
          </Error></Errors><RequestID>1</RequestID></Response>)",
       "stack x cannot be read: no s (InvalidSubnetID.NotFound)", "", 1},
      {"throttled",
       "<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error>"
       "</ErrorResponse>",
       "stack x cannot be read: Rate exceeded (Throttling)", "", 3},
      {"throttled, by EC2",
       "<Response><Errors><Error><Code>RequestLimitExceeded</Code></Error></Errors></Response>",
       "stack x cannot be read: (RequestLimitExceeded)", "", 3},
      {"not allowed",
       "<ErrorResponse><Error><Code>AccessDenied</Code><Message>User: arn:aws:iam::1:user/u is not "
       "authorized to perform: cloudformation:DescribeStacks on resource: arn:aws:s because no "
       "identity-based policy allows it</Message></Error></ErrorResponse>",
       "stack x cannot be read: arn:aws:iam::1:user/u lacks cloudformation:DescribeStacks on "
       "arn:aws:s",
       "allow cloudformation:DescribeStacks on arn:aws:s to that role or user", 1},
      {"not allowed, by EC2, which names nothing",
       "<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>You are not authorized "
       "to perform this operation.</Message></Error></Errors></Response>",
       "stack x cannot be read: these credentials lack cloudformation:DescribeStacks",
       "allow cloudformation:DescribeStacks to that role or user", 1},
      {"a page of a gateway", "<html><br></html>", "stack x cannot be read: (status 400)", "", 1},
  };
  for (const auto& [why, body, message, hint, times] : cases) {
    SCOPED_TRACE(why);
    const auto reply = stacks([&](const Sent&) { return answer(400, body); });
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().code, ErrorCode::aws_failed);
    EXPECT_EQ(reply.error().message, message);
    EXPECT_EQ(reply.error().hint, hint);
    EXPECT_EQ(http->sent.size(), times);
  }
}

TEST_F(AwsApiTest, SaysWhatThenDidNotHappenWhateverTheReason) {
  const auto silent = stacks([](const Sent&) -> Result<HttpResponse> {
    return no_answer("TCP: x:443 does not answer within 5 s");
  });
  ASSERT_FALSE(silent);
  EXPECT_EQ(silent.error().message,
            "stack x cannot be read: TCP: x:443 does not answer within 5 s");
  const auto strange = stacks([](const Sent&) { return answer(200, "{}"); });
  ASSERT_FALSE(strange);
  EXPECT_EQ(strange.error().message,
            "stack x cannot be read: CloudFormation answers DescribeStacks with what is no XML");
}

TEST(AccessDeniedTest, NamesWhoWhatAndOnWhat) {
  const auto denied = parse_access_denied(
      "User: arn:aws:sts::1:assumed-role/task/x is not authorized to perform: "
      "secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:r:1:secret:n because no "
      "identity-based policy allows the secretsmanager:GetSecretValue action");
  EXPECT_EQ(denied.principal, "arn:aws:sts::1:assumed-role/task/x");
  EXPECT_EQ(denied.action, "secretsmanager:GetSecretValue");
  EXPECT_EQ(denied.resource, "arn:aws:secretsmanager:r:1:secret:n");
  EXPECT_EQ(parse_access_denied("no").action, "");
}

}  // namespace
}  // namespace dunlin
