// One call of each service over the wire, against moto.
#include "aws/moto_fixture.hpp"
#include "aws/query.hpp"
#include "aws/secrets_manager.hpp"
#include "base/join_secrets.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

using test::MotoTest;

class ServicesTest : public MotoTest {
 protected:
  static AwsCall to(const AwsService& service, const char* operation, Secret body) {
    return {.service = service,
            .region = "eu-central-1",
            .operation = operation,
            .body = std::move(body)};
  }
};

TEST_F(ServicesTest, OfTheQueryProtocolAnswerInXml) {
  const auto zones = api.ask_xml(to(kEc2, "DescribeAvailabilityZones", {}), "zones");
  ASSERT_TRUE(zones) << zones.error().message;
  EXPECT_FALSE(zones->root()["availabilityZoneInfo"].children("item").empty());

  const auto cluster = api.ask_xml(to(kRds, "CreateDBCluster",
                                      QueryForm()
                                          .add("DBClusterIdentifier", "aurora")
                                          .add("Engine", "aurora-postgresql")
                                          .add("MasterUsername", "sqladmin")
                                          .add("MasterUserPassword", "p&ss wörd")
                                          .body()),
                                   "cluster");
  ASSERT_TRUE(cluster) << cluster.error().message;
  EXPECT_EQ(cluster->root().find("DBClusterIdentifier").text(), "aurora");

  constexpr const char* kTemplate = R"({"Resources":{"G":{"Type":"AWS::Logs::LogGroup",
      "Properties":{"LogGroupName":"/ecs/x"}}}})";
  const auto stack =
      api.ask_xml(to(kCloudFormation, "CreateStack",
                     QueryForm().add("StackName", "stack").add("TemplateBody", kTemplate).body()),
                  "stack");
  ASSERT_TRUE(stack) << stack.error().message;
  EXPECT_TRUE(stack->root().find("StackId").text().starts_with("arn:aws:cloudformation:"));
}

TEST_F(ServicesTest, OfTheJsonProtocolAnswerInJson) {
  const auto cluster =
      api.ask_json(to(kEcs, "CreateCluster", Secret(R"({"clusterName":"c"})")), "cluster");
  ASSERT_TRUE(cluster) << cluster.error().message;
  EXPECT_EQ(cluster->root()["cluster"]["status"].text(), "ACTIVE");

  ASSERT_TRUE(api.ask(to(kLogs, "CreateLogGroup", Secret(R"({"logGroupName":"/ecs/y"})")), "log"));
  const auto groups = api.ask_json(to(kLogs, "DescribeLogGroups", Secret("{}")), "logs");
  ASSERT_TRUE(groups) << groups.error().message;
  EXPECT_FALSE(groups->root()["logGroups"].items().empty());
}

TEST_F(ServicesTest, SayWhatDoesNotExistInTheirOwnWay) {
  const auto stack = api.ask(
      to(kCloudFormation, "DescribeStacks", QueryForm().add("StackName", "none").body()), "a");
  ASSERT_FALSE(stack);
  EXPECT_EQ(stack.error().message, "a: Stack with id none does not exist (ValidationError)");
  const AwsCall call =
      to(kRds, "DescribeDBClusters", QueryForm().add("DBClusterIdentifier", "none").body());
  const auto replies = api.call({&call, 1});
  ASSERT_TRUE(replies[0]);
  ASSERT_TRUE(replies[0]->fault);
  EXPECT_EQ(replies[0]->fault->code, "DBClusterNotFoundFault");
}

TEST_F(ServicesTest, TakeASecretAsItIs) {
  const Secret value("-----BEGIN \"KEY\"-----\n\\\t\x01 ä\n");
  std::vector<Secret> body;
  body.emplace_back(R"({"Name":"sent","SecretString":)");
  body.push_back(json_quoted(value));
  body.emplace_back("}");
  const auto sent = api.ask(to(kSecretsManager, "CreateSecret", joined(body)), "secret");
  ASSERT_TRUE(sent) << sent.error().message;
  const std::string id = "sent";
  const auto fetched = SecretsManager(api, "eu-central-1").fetch({&id, 1});
  ASSERT_TRUE(fetched[0]) << fetched[0].error().message;
  EXPECT_EQ(fetched[0]->reveal(), value.reveal());
}

}  // namespace
}  // namespace dunlin
