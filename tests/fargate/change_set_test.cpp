#include "fargate/change_set.hpp"

#include <gtest/gtest.h>

namespace dunlin::fargate {
namespace {

using Kind = Change::Kind;

TEST(ChangeTableTest, PutsWhatNeedsALookLast) {
  const std::vector<Change> changes = {
      {.kind = Kind::remove, .name = "Bastion", .type = "AWS::EC2::Instance"},
      {.kind = Kind::replace,
       .name = "TaskDefinition",
       .type = "AWS::ECS::TaskDefinition",
       .properties = {"Cpu", "ContainerDefinitions"}},
      {.kind = Kind::maybe_replace, .name = "Cluster", .type = "AWS::ECS::Cluster"},
      {.kind = Kind::modify, .name = "LogGroup", .type = "AWS::Logs::LogGroup"},
      {.kind = Kind::add, .name = "TaskKey", .type = "AWS::IAM::Policy"},
  };
  EXPECT_EQ(change_table(changes),
            "+-----------------------+----------------+--------------------+-----------------------"
            "----+\n"
            "| What                  | Resource       | Type               | Because of            "
            "    |\n"
            "+-----------------------+----------------+--------------------+-----------------------"
            "----+\n"
            "| make                  | TaskKey        | IAM Policy         |                       "
            "    |\n"
            "| change                | LogGroup       | Logs LogGroup      |                       "
            "    |\n"
            "| change, maybe REPLACE | Cluster        | ECS Cluster        |                       "
            "    |\n"
            "| REPLACE               | TaskDefinition | ECS TaskDefinition | Cpu, "
            "ContainerDefinitions |\n"
            "| REMOVE                | Bastion        | EC2 Instance       |                       "
            "    |\n"
            "+-----------------------+----------------+--------------------+-----------------------"
            "----+\n");
  EXPECT_TRUE(change_table({}).contains("Only settings of the stack"));
}

TEST(LossesTest, AreDatabasesAndPasswordsThatGo) {
  struct Case {
    const char *why, *type;
    Kind kind;
    const char* loss;
    const char* name = "Name";
  };
  constexpr const char* kDatabase = "AWS::RDS::DBCluster";
  constexpr const char* kSecret = "AWS::SecretsManager::Secret";
  constexpr Case cases[] = {
      {"it goes", kDatabase, Kind::remove,
       "the database it is removed; a last snapshot of it stays"},
      {"a new one is empty", kDatabase, Kind::replace,
       "the database it is replaced by a new, empty one; a last snapshot of it stays"},
      {"and might come", kDatabase, Kind::maybe_replace,
       "the database it may be replaced by a new, empty one; a last snapshot of it stays"},
      {"it stays", kDatabase, Kind::modify, ""},
      {"it comes", kDatabase, Kind::add, ""},
      {"a password goes", kSecret, Kind::remove, "the password it is removed"},
      {"a new one is not the old", kSecret, Kind::replace,
       "the password it is replaced by a new one"},
      {"task definitions are always new ones", "AWS::ECS::TaskDefinition", Kind::replace, ""},
      {"an instance of a cluster holds no data", "AWS::RDS::DBInstance", Kind::remove, "",
       "DatabaseInstance"},
      {"the stack is somebody else's, and so is its database", "AWS::RDS::DBInstance", Kind::remove,
       "the RDS DBInstance it, which dunlin did not make, is removed"},
      {"so is its bucket", "AWS::S3::Bucket", Kind::replace,
       "the S3 Bucket it, which dunlin did not make, is replaced by a new one"},
      {"its roles hold nothing", "AWS::IAM::Role", Kind::remove, ""},
  };
  for (const auto& [why, type, kind, loss, name] : cases) {
    SCOPED_TRACE(why);
    const std::vector<Change> changes = {
        {.kind = kind, .name = name, .type = type, .physical_id = "it"}};
    const auto found = losses(changes);
    EXPECT_EQ(found.empty() ? "" : found.front(), loss);
  }
}

TEST(ChangeSetTest, KnowsWhenThereIsNothingToChange) {
  EXPECT_TRUE(
      says_no_changes("The submitted information didn't contain changes. Submit different "
                      "information to create a change set."));
  EXPECT_TRUE(says_no_changes("No updates are to be performed."));
  EXPECT_FALSE(says_no_changes("Template format error: unresolved resource dependency"));
}

}  // namespace
}  // namespace dunlin::fargate
