#pragma once

#include "aws/json.hpp"
#include "base/result.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin::fargate {

/// One container of a task, as far as this program looks at it.
struct Container {
  std::string name;
  std::string reason;            ///< AWS's words when it could not start or was killed; else empty
  std::optional<int> exit_code;  ///< absent: it runs yet, or it never ran
};

/// A task of ECS (Amazon ECS API Reference, "Task"). Fields that AWS leaves out are empty.
struct Task {
  using Time = std::optional<std::chrono::system_clock::time_point>;
  std::string arn;         ///< "arn:aws:ecs:REGION:ACCOUNT:task/CLUSTER/ID"
  std::string definition;  ///< its task definition's ARN, "…:task-definition/dunlin:7"
  std::string status;      ///< PROVISIONING, PENDING, ACTIVATING, RUNNING, …, STOPPED
  std::string stop_code;
  std::string stopped_reason;
  std::string subnet;                ///< where its network interface is, once there is one
  std::vector<std::string> command;  ///< of the container override: the branch
  Time created, started, stopped;
  std::vector<Container> containers;

  /// The last part of the ARN, which is also the end of the name of its log stream.
  [[nodiscard]] std::string_view id() const noexcept;
  [[nodiscard]] bool is_stopped() const noexcept { return status == "STOPPED"; }
  /// The container of that name; the only one if there is just one; else null.
  [[nodiscard]] const Container* container(std::string_view name) const noexcept;
};

/// A task of an answer. aws_failed, naming the field, when it has no ARN or no status.
Result<Task> read_task(const JsonNode& node);

/// What follows the last slash: "dunlin:7" of "arn:…:task-definition/dunlin:7".
[[nodiscard]] std::string_view last_part(std::string_view arn) noexcept;

}  // namespace dunlin::fargate
