#include "fargate/stack.hpp"

#include "fargate/remove.hpp"

#include <gtest/gtest.h>

namespace dunlin::fargate {
namespace {

TEST(StackTest, EveryStatusSaysWhatCanBeDone) {
  struct Case {
    const char* status;
    Condition condition;
  };
  // StackStatus of the API, all of it.
  constexpr Case cases[] = {
      {"CREATE_IN_PROGRESS", Condition::busy},
      {"CREATE_FAILED", Condition::unmade},
      {"CREATE_COMPLETE", Condition::usable},
      {"ROLLBACK_IN_PROGRESS", Condition::busy},
      {"ROLLBACK_FAILED", Condition::unmade},
      {"ROLLBACK_COMPLETE", Condition::unmade},
      {"DELETE_IN_PROGRESS", Condition::busy},
      {"DELETE_FAILED", Condition::stuck},
      {"UPDATE_IN_PROGRESS", Condition::busy},
      {"UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", Condition::busy},
      {"UPDATE_COMPLETE", Condition::usable},
      {"UPDATE_FAILED", Condition::usable},
      {"UPDATE_ROLLBACK_IN_PROGRESS", Condition::busy},
      {"UPDATE_ROLLBACK_FAILED", Condition::stuck},
      {"UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS", Condition::busy},
      {"UPDATE_ROLLBACK_COMPLETE", Condition::usable},
      {"REVIEW_IN_PROGRESS", Condition::unexecuted},
      {"IMPORT_IN_PROGRESS", Condition::busy},
      {"IMPORT_COMPLETE", Condition::usable},
      {"IMPORT_ROLLBACK_IN_PROGRESS", Condition::busy},
      {"IMPORT_ROLLBACK_FAILED", Condition::stuck},
      {"IMPORT_ROLLBACK_COMPLETE", Condition::usable},
      {"SOMETHING_NEW", Condition::stuck},
  };
  for (const auto& [status, condition] : cases)
    EXPECT_EQ(condition_of(status), condition) << status;
}

TEST(StackTest, ARemovalShowsWhatStaysAndWhatIsLost) {
  const std::vector<Resource> resources = {
      {"Database", "AWS::RDS::DBCluster", "aurora-1"},
      {"LogGroup", "AWS::Logs::LogGroup", "/ecs/dunlin"},
      {"Role1Secret", "AWS::SecretsManager::Secret", "arn:x:secret:p@read_only-AbCdEf"},
  };
  EXPECT_EQ(removal_table(resources),
            "+-----------------------------+-------------+-----------------------+"
            "---------------------------------+\n"
            "| What                        | Resource    | Type                  |"
            " Name                            |\n"
            "+-----------------------------+-------------+-----------------------+"
            "---------------------------------+\n"
            "| stays                       | LogGroup    | Logs LogGroup         |"
            " /ecs/dunlin                     |\n"
            "| goes, a last snapshot stays | Database    | RDS DBCluster         |"
            " aurora-1                        |\n"
            "| goes                        | Role1Secret | SecretsManager Secret |"
            " arn:x:secret:p@read_only-AbCdEf |\n"
            "+-----------------------------+-------------+-----------------------+"
            "---------------------------------+\n");
  EXPECT_EQ(
      removal_losses(resources),
      (std::vector<std::string>{"the database aurora-1 is removed; a last snapshot of it stays",
                                "the password in arn:x:secret:p@read_only-AbCdEf is removed"}));
}

TEST(RemovalLossesTest, AreWhatTheTemplateDidNotMakeToo) {
  const std::vector<Resource> resources = {
      {"Bastion", "AWS::EC2::Instance", "i-0"},
      {"LogGroup", "AWS::Logs::LogGroup", "/ecs/dunlin"},
      {"Orders", "AWS::DynamoDB::Table", "orders"},
  };
  EXPECT_EQ(removal_losses(resources),
            (std::vector<std::string>{
                "the DynamoDB Table orders, which dunlin did not make, is removed"}));
}

}  // namespace
}  // namespace dunlin::fargate
