#include "fargate/ending.hpp"

#include <gtest/gtest.h>

namespace dunlin::fargate {
namespace {

Task stopped(std::string code, std::string reason, Container container = {.name = "dunlin"}) {
  Task task{.arn = "arn:aws:ecs:us-west-2:123456789012:task/dunlin/0a1b2c",
            .status = "STOPPED",
            .stop_code = std::move(code),
            .stopped_reason = std::move(reason)};
  task.containers.push_back(std::move(container));
  return task;
}

Ending not_run(const std::string& reason) {
  return ending_of(stopped("TaskFailedToStart", reason), "dunlin");
}

TEST(EndingTest, IsTheContainersOwnExitCode) {
  for (const int code : {0, 1, 5, 42, 143}) {
    const Ending ending =
        ending_of(stopped("EssentialContainerExited", "Essential container in task exited",
                          {.name = "dunlin", .reason = "", .exit_code = code}),
                  "dunlin");
    EXPECT_EQ(ending.exit_code, code);
    EXPECT_EQ(ending.problem.has_value(), code != 0);
    if (ending.problem) {
      EXPECT_TRUE(ending.problem->message.starts_with("task 0a1b2c ended with exit code " +
                                                      std::to_string(code)))
          << ending.problem->message;
      EXPECT_EQ(ending.problem->excerpt, "") << "that an essential container ended is no news";
    }
  }
}

TEST(EndingTest, SaysWhatStoodInTheWay) {
  struct Case {
    const char *reason, *says, *hints;
  };
  // In the shapes of the Amazon ECS Developer Guide, old and new.
  constexpr Case cases[] = {
      {"CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to "
       "resolve "
       "ref ghcr.io/flock/dunlin:1: failed to do request: Head \"https://ghcr.io/v2/\": dial tcp "
       "140.82.121.33:443: i/o timeout",
       "its registry is out of reach", "assignPublicIp"},
      {"CannotPullContainerError: The task cannot pull 'dunlin' from the Amazon ECR repository "
       "'x'. There is a connection issue between the task and Amazon ECR. Check your task network "
       "configuration.",
       "its registry is out of reach", "NAT gateway"},
      {"CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to "
       "resolve "
       "ref ghcr.io/flock/dunlin:nope: ghcr.io/flock/dunlin:nope: not found",
       "no such image", "fargate.image"},
      {"CannotPullContainerError: Error response from daemon: manifest for x/y:1 not found: "
       "manifest unknown",
       "no such image", "fargate.image"},
      {"CannotPullContainerError: failed to resolve ref: pull access denied, repository does not "
       "exist or may require authorization: server message: insufficient_scope",
       "it is private, or is not there", "registry-token"},
      {"CannotPullContainerError: The task can't pull the image. Check that the role has the "
       "permissions to pull images from the registry.",
       "the execution role may not", "ecr:BatchGetImage"},
      {"CannotPullContainerError: httpReadSeeker: failed open: unexpected status code 429 Too Many "
       "Requests - Server message: toomanyrequests: You have reached your pull rate limit",
       "so many images", "try again later"},
      {"CannotPullContainerError: image Manifest does not contain descriptor matching platform "
       "'linux/arm64'",
       "kind of processor", "runtimePlatform"},
      {"CannotPullContainerError: failed to register layer: write /x: no space left on device",
       "does not fit", "ephemeralStorage"},
      {"ResourceInitializationError: unable to pull secrets or registry auth: execution resource "
       "retrieval failed: unable to get registry auth from asm: service call has been retried 1 "
       "time(s): AccessDeniedException: User: x is not authorized to perform: "
       "secretsmanager:GetSecretValue",
       "login may not be read", "execution role"},
      {"ResourceInitializationError: unable to pull secrets or registry auth: execution resource "
       "retrieval failed: unable to retrieve ecr registry auth: service call has been retried 3 "
       "time(s): RequestError: send request failed caused by: Post \"https://api.ecr\": dial tcp "
       "1.2.3.4:443: i/o timeout. Please check your task network configuration.",
       "registry's login cannot be had: nothing was reached", "VPC endpoints"},
      {"ResourceInitializationError: unable to pull secrets or registry auth: unable to get "
       "registry auth from asm: ResourceNotFoundException: Secrets Manager can't find the "
       "specified secret.",
       "registry's login cannot be had", "put registry-token"},
      {"ResourceInitializationError: unable to pull secrets or registry auth: execution resource "
       "retrieval failed: unable to retrieve secret from asm: service call has been retried 1 "
       "time(s): failed to fetch secret arn:x from secrets manager: AccessDeniedException: User: "
       "x is not authorized to perform: secretsmanager:GetSecretValue on resource: x",
       "its secrets may not be read", "kms:Decrypt"},
      {"ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull "
       "secrets from AWS Secrets Manager. There is a connection issue between the task and AWS "
       "Secrets Manager. Check your task network configuration.",
       "its secrets cannot be had: nothing was reached", "VPC endpoints"},
      {"ResourceInitializationError: unable to pull secrets or registry auth: pull command failed: "
       ": signal: killed",
       "nothing was reached", "NAT gateway"},
      {"ResourceInitializationError: unable to retrieve secret from asm: "
       "ResourceNotFoundException: "
       "Secrets Manager can't find the specified secret.",
       "names is not there", "dunlin fargate secrets"},
      {"ResourceInitializationError: failed to validate logger args: create stream has been "
       "retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The "
       "specified log group does not exist. : exit status 1",
       "log group does not exist", "deploy"},
      {"ResourceInitializationError: failed to validate logger args: : signal: killed; There is a "
       "connection issue between the task and Amazon CloudWatch.",
       "CloudWatch Logs is out of reach", "way out"},
      {"ResourceInitializationError: failed to validate logger args: failed to create Cloudwatch "
       "log stream: AccessDeniedException: not authorized to perform: logs:CreateLogStream",
       "log may not be written", "logs:CreateLogStream"},
      {"ECS was unable to assume the role 'arn:aws:iam::1:role/dunlin-execution' that was provided "
       "for this task.",
       "may not take on a role", "ecs-tasks.amazonaws.com"},
      {"Capacity is unavailable at this time. Please try again later or in a different "
       "availability zone",
       "no capacity", "availability zones"},
      {"Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-1': "
       "InsufficientFreeAddressesInSubnet",
       "no free address", "fargate.subnets"},
      {"Timeout waiting for network interface provisioning to complete.", "network interface",
       "try again"},
      {"CannotStartContainerError: failed to create task: exec: \"dunlin\": executable file not "
       "found in $PATH",
       "its program could not be started", "fargate.image"},
      {"ContainerRuntimeTimeoutError: Could not transition to running; timed out after waiting 1m",
       "container could not be started", "memory"},
      {"Something that AWS says from next year on", "without an exit code", "Developer Guide"},
      {"", "without an exit code", "no reason"},
  };
  for (const auto& [reason, says, hints] : cases) {
    SCOPED_TRACE(reason);
    const Ending ending = not_run(reason);
    EXPECT_EQ(ending.exit_code, 3);
    ASSERT_TRUE(ending.problem);
    EXPECT_TRUE(ending.problem->message.contains(says)) << ending.problem->message;
    EXPECT_TRUE(ending.problem->hint.contains(hints)) << ending.problem->hint;
    EXPECT_TRUE(ending.problem->excerpt.contains(reason)) << "AWS's own words are shown as well";
  }
}

TEST(EndingTest, TakesTheContainersReasonTooAndSaysItOnce) {
  const Ending ending =
      ending_of(stopped("TaskFailedToStart", "Task failed to start",
                        {.name = "dunlin", .reason = "CannotPullContainerError: x: not found"}),
                "dunlin");
  EXPECT_TRUE(ending.problem->message.contains("no such image")) << ending.problem->message;
  EXPECT_EQ(ending.problem->excerpt,
            "  AWS says: Task failed to start; CannotPullContainerError: x: not found");
  const Ending same = ending_of(stopped("TaskFailedToStart", "CannotPullContainerError: not found",
                                        {.name = "dunlin", .reason = "CannotPullContainerError"}),
                                "dunlin");
  EXPECT_EQ(same.problem->excerpt, "  AWS says: CannotPullContainerError: not found");
}

TEST(EndingTest, TellsMemoryFromOtherKills) {
  const std::string reason = "OutOfMemoryError: Container killed due to memory usage";
  for (const std::optional<int> code : {std::optional<int>(137), std::optional<int>()}) {
    const Ending ending =
        ending_of(stopped("EssentialContainerExited", "Essential container in task exited",
                          {.name = "dunlin", .reason = reason, .exit_code = code}),
                  "dunlin");
    EXPECT_EQ(ending.exit_code, 137);
    EXPECT_EQ(ending.problem->message, "task 0a1b2c was killed: its memory ran out");
  }
  const Ending killed = ending_of(stopped("UserInitiated", "Task stopped by user",
                                          {.name = "dunlin", .reason = "", .exit_code = 137}),
                                  "dunlin");
  EXPECT_EQ(killed.problem->message, "task 0a1b2c ended with exit code 137: it was killed");
}

TEST(EndingTest, HasACodeOfTheTableForWhoeverStoppedIt) {
  struct Case {
    const char *code, *says;
    int exit_code;
  };
  constexpr Case cases[] = {
      {"UserInitiated", "was stopped before it ended by itself", 130},
      {"SpotInterruption", "Spot", 3},
      {"TerminationNotice", "out of service", 3},
      {"InfrastructureHealth", "out of service", 3},
      {"ServiceSchedulerInitiated", "without an exit code", 3},
  };
  for (const auto& [code, says, exit_code] : cases) {
    SCOPED_TRACE(code);
    const Ending ending = ending_of(stopped(code, "some words"), "dunlin");
    EXPECT_EQ(ending.exit_code, exit_code);
    EXPECT_TRUE(ending.problem->message.contains(says)) << ending.problem->message;
  }
}

TEST(EndingTest, CountsTheContainerOfTheNameOrTheOnlyOne) {
  Task task =
      stopped("EssentialContainerExited", "", {.name = "app", .reason = "", .exit_code = 4});
  EXPECT_EQ(ending_of(task, "dunlin").exit_code, 4);
  task.containers.push_back({.name = "dunlin", .reason = "", .exit_code = 0});
  EXPECT_EQ(ending_of(task, "dunlin").exit_code, 0);
}

TEST(EndingTest, SaysWhyNothingWasStarted) {
  struct Case {
    const char *reason, *says;
  };
  constexpr Case cases[] = {
      {"Capacity is unavailable at this time. Please try again later", "no capacity"},
      {"RESOURCE:FARGATE", "no capacity"},
      {"RESOURCE:MEMORY", "has not the resources"},
      {"MISSING", "is missing"},
      {"INACTIVE", "is inactive"},
      {"SOMETHING_NEW", "no task was started"},
  };
  for (const auto& [reason, says] : cases) {
    SCOPED_TRACE(reason);
    const Error error = not_started(reason, "detail");
    EXPECT_TRUE(error.message.contains(says)) << error.message;
    EXPECT_EQ(error.excerpt, std::string("  AWS says: ") + reason + ": detail");
    EXPECT_EQ(kind_of(error.code).exit_code, 3);
  }
}

}  // namespace
}  // namespace dunlin::fargate
