// The answers are CloudFormation's documented shapes; what they lead to is seen in what is sent.
#include "base/text.hpp"
#include "fargate/fargate.hpp"
#include "support/fake_http.hpp"
#include "support/standing_clock.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <map>

namespace dunlin::fargate {
namespace {

using test::Sent;

struct Text final : Output::Sink {
  void write(std::string_view part) override { text += part; }
  std::string text;
};

/// "DescribeStacks" of a form.
std::string action_of(const Sent& sent) {
  const auto at = sent.body.find("Action=") + 7;
  return sent.body.substr(at, sent.body.find('&', at) - at);
}

HttpResponse answer_of(const std::string& action, const std::string& inner) {
  return test::answer(
      200, fmt::format("<{0}Response><{0}Result>{1}</{0}Result></{0}Response>", action, inner));
}

constexpr const char* kId = "arn:aws:cloudformation:eu-west-1:123456789012:stack/dunlin/1";

std::string stack_is(std::string_view status, std::string_view more = {}) {
  return fmt::format(
      "<Stacks><member><StackId>{}</StackId><StackName>dunlin</StackName><StackStatus>{}"
      "</StackStatus>{}</member></Stacks>",
      kId, status, more);
}

std::string event(int id, std::string_view name, std::string_view type, std::string_view status,
                  std::string_view reason = {}) {
  return fmt::format(
      "<member><EventId>{}</EventId><Timestamp>2026-11-23T05:00:0{}.000Z</Timestamp>"
      "<LogicalResourceId>{}</LogicalResourceId><ResourceType>AWS::{}</ResourceType>"
      "<ResourceStatus>{}</ResourceStatus><ResourceStatusReason>{}</ResourceStatusReason></member>",
      id, id, name, type, status, reason);
}

std::string events(std::string_view newest_first) {
  return fmt::format("<StackEvents>{}</StackEvents>", newest_first);
}

class DeployTest : public testing::Test {
 protected:
  /// What AWS answers to an action, one after the other; the last one again and again.
  std::map<std::string, std::deque<std::string>> answers = {
      {"GetCallerIdentity",
       {"<Arn>arn:aws:iam::123456789012:user/u</Arn><Account>123456789012</Account>"}},
      {"CreateChangeSet", {fmt::format("<Id>arn:set</Id><StackId>{}</StackId>", kId)}},
      {"DescribeChangeSet", {"<Status>CREATE_COMPLETE</Status>"}},
      {"DescribeStackEvents", {""}},
  };

  void SetUp() override { set("fargate.image", "ghcr.io/o/dunlin:1"); }

  void set(std::string key, std::string value) {
    ASSERT_TRUE(configuration.put({.key = std::move(key), .values = {std::move(value)}}));
  }

  HttpResponse reply(const Sent& sent) {
    const std::string action = action_of(sent);
    auto& queue = answers[action];
    if (queue.empty()) {
      if (action != "DescribeStacks") return answer_of(action, "");
      return test::answer(
          400,
          "<ErrorResponse><Error><Code>ValidationError</Code><Message>Stack with id "
          "dunlin does not exist</Message></Error></ErrorResponse>");
    }
    const std::string inner = queue.front();
    if (queue.size() > 1) queue.pop_front();
    return answer_of(action, inner);
  }

  [[nodiscard]] std::vector<std::string> done() const {
    std::vector<std::string> actions;
    for (const Sent& each : http.sent) {
      const std::string action = action_of(each);
      if (!action.starts_with("Describe") && !action.starts_with("Get")) actions.push_back(action);
    }
    return actions;
  }

  Result<int> deploy() {
    return fargate::deploy(
        {.configuration = configuration, .secrets = {}, .repository = "git@h:o/p"}, context);
  }

  Environment environment{{{"AWS_ACCESS_KEY_ID", "AKIATEST"}, {"AWS_SECRET_ACCESS_KEY", "test"}}};
  Interrupt interrupt;
  test::StandingClock clock{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};
  Redactor redactor;
  test::FakeHttp http{[this](const Sent& sent) { return reply(sent); }};
  AwsEdges edges{http, environment, clock, interrupt, redactor};
  CredentialChain chain{edges};
  AwsApi api{edges, chain};
  Text out, error;
  Output output{redactor, out, error};
  std::optional<std::string> typed;
  std::vector<std::string> asked;
  Ask ask = [this](std::string_view question) {
    asked.emplace_back(question);
    return typed;
  };
  Configuration configuration;
  Context context{api, "eu-west-1", output, clock, interrupt, ask};
};

using Actions = std::vector<std::string>;

TEST_F(DeployTest, MakesAStackThatIsNotThereWhenAPersonAgrees) {
  const std::string old = event(1, "dunlin", "CloudFormation::Stack", "REVIEW_IN_PROGRESS") +
                          event(0, "dunlin", "CloudFormation::Stack", "DELETE_COMPLETE");
  answers["DescribeStackEvents"] = {
      events(old), events(event(2, "dunlin", "CloudFormation::Stack", "CREATE_COMPLETE") + old)};
  // The first look finds none; it is there from when it was agreed to.
  ask = [&](std::string_view question) {
    asked.emplace_back(question);
    answers["DescribeStacks"] = {stack_is(
        "CREATE_COMPLETE",
        "<Outputs><member><OutputKey>ClusterName</OutputKey><OutputValue>dunlin</OutputValue>"
        "</member></Outputs>")};
    return std::string("y");
  };
  const auto result = deploy();
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(asked, Actions{"Make these changes? [y/N] "});
  EXPECT_EQ(done(), (Actions{"CreateChangeSet", "ExecuteChangeSet"}));
  EXPECT_TRUE(out.text.contains("account 123456789012, which is new\n")) << out.text;
  EXPECT_TRUE(out.text.contains("05:00:02  CREATE_COMPLETE     dunlin (CloudFormation Stack)\n"));
  EXPECT_FALSE(out.text.contains("05:00:01")) << "which was there before";
  EXPECT_FALSE(out.text.contains("05:00:00")) << "and what is older still";
  EXPECT_TRUE(out.text.contains("    ClusterName      dunlin\n"));
}

TEST_F(DeployTest, NothingToChangeIsSuccessAndAsksNobody) {
  answers["DescribeStacks"] = {stack_is("CREATE_COMPLETE")};
  answers["DescribeChangeSet"] = {
      "<Status>FAILED</Status><StatusReason>The submitted information didn't contain "
      "changes.</StatusReason>"};
  const auto result = deploy();
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(done(), (Actions{"CreateChangeSet", "DeleteChangeSet"}));
  EXPECT_TRUE(out.text.contains("is as it should be: nothing to change")) << out.text;
}

TEST_F(DeployTest, WithoutApprovalNothingIsLeftBehind) {
  answers["CreateChangeSet"] = {fmt::format("<Id>arn:set</Id><StackId>{}</StackId>", kId)};
  answers["DescribeStacks"] = {stack_is("REVIEW_IN_PROGRESS")};
  const auto result = deploy();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::configuration);
  EXPECT_EQ(result.error().message, "nobody is at a terminal to approve it");
  EXPECT_EQ(done(), (Actions{"CreateChangeSet", "DeleteChangeSet", "DeleteStack"}));
}

TEST_F(DeployTest, ANoLeavesEverythingAsItIs) {
  typed = "n";
  answers["DescribeStacks"] = {stack_is("UPDATE_COMPLETE")};
  const auto result = deploy();
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(*result, 0);
  EXPECT_EQ(done(), (Actions{"CreateChangeSet", "DeleteChangeSet"}));
}

constexpr const char* kReplacesDatabase =
    "<Status>CREATE_COMPLETE</Status><Changes><member><Type>Resource</Type><ResourceChange>"
    "<Action>Modify</Action><LogicalResourceId>Database</LogicalResourceId>"
    "<PhysicalResourceId>aurora-1</PhysicalResourceId>"
    "<ResourceType>AWS::RDS::DBCluster</ResourceType><Replacement>True</Replacement>"
    "<Details><member><Target><Attribute>Properties</Attribute><Name>DatabaseName</Name></Target>"
    "</member></Details></ResourceChange></member></Changes>";

TEST_F(DeployTest, TheLossOfADatabaseNeedsMoreThanTrue) {
  answers["DescribeStacks"] = {stack_is("UPDATE_COMPLETE")};
  answers["DescribeChangeSet"] = {kReplacesDatabase};
  set("fargate.approve", "true");
  const auto result = deploy();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message,
            "data would be lost, which fargate.approve=true does not cover");
  EXPECT_EQ(done(), (Actions{"CreateChangeSet", "DeleteChangeSet"}));
  EXPECT_TRUE(out.text.contains("| REPLACE | Database | RDS DBCluster | DatabaseName |"))
      << out.text;
  EXPECT_TRUE(out.text.contains("WARNING: the database aurora-1 is replaced by a new, empty one"));
}

TEST_F(DeployTest, APersonTypesTheNameOfTheStackForThat) {
  answers["DescribeStacks"] = {stack_is("UPDATE_COMPLETE")};
  answers["DescribeChangeSet"] = {kReplacesDatabase};
  typed = "y";
  ASSERT_TRUE(deploy());
  EXPECT_EQ(asked.front(), "Make these changes? Type the name of the stack, dunlin, to do so: ");
  EXPECT_EQ(done().back(), "DeleteChangeSet");
}

TEST_F(DeployTest, TellsTheFirstRealCauseOfAFailure) {
  set("fargate.approve", "true");
  answers["DescribeStacks"] = {stack_is("UPDATE_COMPLETE"), stack_is("UPDATE_ROLLBACK_COMPLETE")};
  answers["DescribeStackEvents"] = {
      "", events(event(4, "dunlin", "CloudFormation::Stack", "UPDATE_ROLLBACK_COMPLETE") +
                 event(3, "Cluster", "ECS::Cluster", "UPDATE_FAILED", "Resource update cancelled") +
                 event(2, "TaskRole", "IAM::Role", "UPDATE_FAILED",
                       "User is not authorized to perform: iam:PutRolePolicy"))};
  const auto result = deploy();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::aws_failed);
  EXPECT_EQ(result.error().message,
            "stack dunlin could not be deployed: TaskRole (IAM Role): User is not authorized to "
            "perform: iam:PutRolePolicy");
  EXPECT_TRUE(result.error().hint.contains("lacks that permission"));
  EXPECT_EQ(result.error().excerpt,
            "It is UPDATE_ROLLBACK_COMPLETE: everything is as it was before");
}

TEST_F(DeployTest, RemovesWhatAFailedCreationLeft) {
  set("fargate.approve", "true");
  answers["DescribeStacks"] = {stack_is("ROLLBACK_COMPLETE"), stack_is("DELETE_COMPLETE"),
                               stack_is("CREATE_COMPLETE")};
  answers["DescribeStackEvents"] = {
      "", events(event(1, "dunlin", "CloudFormation::Stack", "DELETE_COMPLETE")), "",
      events(event(2, "dunlin", "CloudFormation::Stack", "CREATE_COMPLETE"))};
  const auto result = deploy();
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(done(), (Actions{"DeleteStack", "CreateChangeSet", "ExecuteChangeSet"}));
}

TEST_F(DeployTest, SaysHowAStuckStackIsMended) {
  answers["DescribeStacks"] = {stack_is("UPDATE_ROLLBACK_FAILED")};
  const auto result = deploy();
  ASSERT_FALSE(result);
  EXPECT_TRUE(result.error().hint.contains("continue-update-rollback --stack-name dunlin"));
  EXPECT_EQ(done(), Actions{});
}

TEST_F(DeployTest, AStopWhileWaitingSaysThatTheStackGoesOn) {
  set("fargate.approve", "true");
  answers["DescribeStacks"] = {stack_is("UPDATE_COMPLETE")};
  answers["DescribeStackEvents"] = {
      "", events(event(1, "dunlin", "CloudFormation::Stack", "UPDATE_IN_PROGRESS"))};
  interrupt.request(SIGINT);
  const auto result = deploy();
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ErrorCode::interrupted);
  EXPECT_TRUE(result.error().message.starts_with("Stack dunlin goes on without this program"));
  EXPECT_TRUE(result.error().hint.contains("dunlin fargate deploy"));
}

TEST_F(DeployTest, ReadsEveryPageOfAChangeSet) {
  answers["DescribeStacks"] = {stack_is("UPDATE_COMPLETE")};
  const auto page = [](std::string_view name, std::string_view more) {
    return fmt::format(
        "<Status>CREATE_COMPLETE</Status><Changes><member><ResourceChange><Action>Add</Action>"
        "<LogicalResourceId>{}</LogicalResourceId><ResourceType>AWS::IAM::Policy</ResourceType>"
        "</ResourceChange></member></Changes>{}",
        name, more);
  };
  answers["DescribeChangeSet"] = {page("First", "<NextToken>t</NextToken>"), page("Second", "")};
  typed = "n";
  ASSERT_TRUE(deploy());
  EXPECT_TRUE(out.text.contains("| First ")) << out.text;
  EXPECT_TRUE(out.text.contains("| Second ")) << out.text;
}

TEST_F(DeployTest, DestroyOfNothingIsSuccess) {
  const auto result = destroy(configuration, context);
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_TRUE(out.text.contains("There is no stack dunlin in region eu-west-1"));
  EXPECT_EQ(done(), Actions{});
}

TEST_F(DeployTest, DestroyTellsWhatStandsInTheWay) {
  set("fargate.approve", "true");
  answers["DescribeStacks"] = {stack_is("CREATE_COMPLETE"), stack_is("DELETE_FAILED")};
  answers["DescribeStackEvents"] = {
      "", events(event(2, "dunlin", "CloudFormation::Stack", "DELETE_FAILED",
                       "The following resource(s) failed to delete: [Cluster].") +
                 event(1, "Cluster", "ECS::Cluster", "DELETE_FAILED",
                       "The Cluster cannot be deleted while Tasks are active."))};
  const auto result = destroy(configuration, context);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message,
            "stack dunlin could not be removed: Cluster: The Cluster cannot be deleted while Tasks "
            "are active.");
  EXPECT_TRUE(result.error().hint.contains("dunlin fargate status")) << result.error().hint;
}

}  // namespace
}  // namespace dunlin::fargate
