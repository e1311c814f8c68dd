#include "fargate/failure.hpp"

#include <gtest/gtest.h>

namespace dunlin::fargate {
namespace {

StackEvent event(std::string name, std::string status, std::string reason = {}) {
  return {.name = std::move(name),
          .type = "AWS::X::Y",
          .status = std::move(status),
          .reason = std::move(reason)};
}

TEST(FirstCauseTest, PassesOverWhatOnlyFollowed) {
  const std::vector<StackEvent> events = {
      event("dunlin", "CREATE_IN_PROGRESS", "User Initiated"),
      event("TaskRole", "CREATE_FAILED", "Resource creation cancelled"),
      event("Cluster", "CREATE_FAILED", "API: iam:CreateRole User is not authorized to perform X"),
      event("Database", "CREATE_FAILED", "Something else, later"),
      event("dunlin", "ROLLBACK_IN_PROGRESS",
            "The following resource(s) failed to create: [Cluster, TaskRole]. Rollback requested"),
      event("LogGroup", "DELETE_FAILED", "Cannot"),
  };
  ASSERT_NE(first_cause(events), nullptr);
  EXPECT_EQ(first_cause(events)->name, "Cluster");
}

TEST(FirstCauseTest, TakesAFollowerWhenThereIsNothingElse) {
  const std::vector<StackEvent> events = {
      event("dunlin", "UPDATE_IN_PROGRESS"),
      event("TaskRole", "UPDATE_FAILED", "Resource update cancelled"),
  };
  ASSERT_NE(first_cause(events), nullptr);
  EXPECT_EQ(first_cause(events)->name, "TaskRole");
  EXPECT_EQ(first_cause({}), nullptr);
}

TEST(HintTest, IsThereForTheUsualFailures) {
  struct Case {
    const char *reason, *part;
  };
  constexpr Case cases[] = {
      {"User: arn:aws:iam::1:user/u is not authorized to perform: iam:CreateRole on resource: role "
       "x",
       "lacks that permission"},
      {"Requires capabilities : [CAPABILITY_IAM]", "CAPABILITY_IAM"},
      {"dunlin already exists in stack arn:aws:cloudformation:x", "made before"},
      {"The operation failed because the secret p@u already exists.", "made before"},
      {"Resource handler returned message: \"You can't create this secret because a secret with "
       "this "
       "name is already scheduled for deletion.\"",
       "restore-secret"},
      {"The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Current AZ "
       "coverage: eu-west-1a. Add subnets to cover at least 2 AZs.",
       "two availability zones"},
      {"Unable to assume the service linked role. Please verify that the ECS service linked role "
       "exists.",
       "in a minute"},
      {"Cannot find version 16.6 for aurora-postgresql", "-fargate.databaseVersion"},
      {"MasterUsername admin cannot be used as it is a reserved word used by the engine",
       "DB_USER"},
      {"The key pair 'x' does not exist", "-fargate.bastionKey"},
      {"The vpc ID 'vpc-1' does not exist", "-fargate.vpc"},
  };
  for (const auto& [reason, part] : cases) {
    EXPECT_TRUE(hint_for(reason).contains(part)) << reason << "\n" << hint_for(reason);
  }
  EXPECT_EQ(hint_for("Something nobody has seen"), "");
}

TEST(EventLineTest, LeavesOutReasonsThatSayNothing) {
  StackEvent begun = event("TaskRole", "CREATE_IN_PROGRESS", "Resource creation Initiated");
  begun.time = "2026-11-23T05:12:33.123Z";
  EXPECT_EQ(event_line(begun), "05:12:33  CREATE_IN_PROGRESS  TaskRole (X Y)");
  EXPECT_EQ(event_line(event("TaskRole", "CREATE_FAILED", "No")),
            "  CREATE_FAILED       TaskRole (X Y): No");
}

}  // namespace
}  // namespace dunlin::fargate
