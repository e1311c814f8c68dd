#include "fargate/task.hpp"

#include <gtest/gtest.h>

namespace dunlin::fargate {
namespace {

Result<Task> read(std::string_view json) {
  const auto document = JsonDocument::parse(json);
  return read_task(document->root());
}

TEST(TaskTest, IsReadFromWhatEcsAnswers) {
  const auto task = read(R"({
    "taskArn": "arn:aws:ecs:us-west-2:1:task/dunlin/0a1b", "lastStatus": "STOPPED",
    "taskDefinitionArn": "arn:aws:ecs:us-west-2:1:task-definition/dunlin:7",
    "stopCode": "EssentialContainerExited", "stoppedReason": "Essential container in task exited",
    "createdAt": 1700000000.5, "startedAt": 1700000010, "stoppedAt": 1700000020.25,
    "attachments": [{"details": [{"name": "subnetId", "value": "subnet-1"}]}],
    "overrides": {"containerOverrides": [{"name": "dunlin", "command": ["develop"]}]},
    "containers": [{"name": "dunlin", "exitCode": 1, "reason": "why"}, {"name": "other"}]})");
  ASSERT_TRUE(task) << task.error().message;
  EXPECT_EQ(task->id(), "0a1b");
  EXPECT_TRUE(task->is_stopped());
  EXPECT_EQ(last_part(task->definition), "dunlin:7");
  EXPECT_EQ(task->stop_code, "EssentialContainerExited");
  EXPECT_EQ(task->subnet, "subnet-1");
  EXPECT_EQ(task->command, std::vector<std::string>{"develop"});
  EXPECT_EQ(*task->stopped - *task->created, std::chrono::milliseconds(19750));
  EXPECT_EQ(task->container("dunlin")->exit_code, 1);
  EXPECT_EQ(task->container("dunlin")->reason, "why");
  EXPECT_EQ(task->container("other")->exit_code, std::nullopt);
  EXPECT_EQ(task->container("third"), nullptr);
}

TEST(TaskTest, NamesTheFieldThatIsMissing) {
  const auto task = read(R"({"taskArn": "arn:aws:ecs:us-west-2:1:task/dunlin/0a1b"})");
  ASSERT_FALSE(task);
  EXPECT_EQ(task.error().message, "ECS described a task without lastStatus");
  EXPECT_EQ(task.error().code, ErrorCode::aws_failed);
}

TEST(TaskTest, LeavesOutTimesThatAreNone) {
  const auto task = read(R"({"taskArn": "a/b", "lastStatus": "PENDING", "createdAt": 1e300,
                             "startedAt": "2024-02-29", "stoppedAt": -1})");
  ASSERT_TRUE(task);
  EXPECT_FALSE(task->created || task->started || task->stopped);
}

}  // namespace
}  // namespace dunlin::fargate
