#pragma once

#include "aws/api.hpp"
#include "base/result.hpp"
#include "fargate/task.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin::fargate {

/// What is asked of RunTask.
struct RunRequest {
  std::string definition;  ///< a family (its newest revision), "family:7" or an ARN
  std::string container;   ///< whose command is overridden
  std::string branch;      ///< empty: the image's own default
  std::vector<std::string> subnets, security_groups;
  enum class PublicIp { no, yes } public_ip = PublicIp::no;
  std::string capacity_provider;  ///< empty: launch type FARGATE
  std::string token;              ///< makes RunTask once-only: a repeated call gives the same task
};

/// As JSON, for RunTask.
[[nodiscard]] std::string run_task_body(const RunRequest& request, std::string_view cluster);

/// The parts of a task definition that tell what a task runs and where its log goes.
struct Definition {
  std::string arn;
  std::string container;  ///< the one that counts
  std::string image;
  std::string cpu, memory;    ///< of the task: units and MiB; may be empty
  std::string log_group;      ///< empty: it does not log to CloudWatch
  std::string stream_prefix;  ///< "ecs"
  std::string log_region;     ///< where the group is
  std::string database_host;  ///< DB_HOST of its environment; may be empty
  [[nodiscard]] std::string_view revision() const noexcept { return last_part(arn); }
  /// "ecs/dunlin/ID", as awslogs names the stream of a task.
  [[nodiscard]] std::string stream_of(std::string_view task_id) const;
};

/// A DescribeTaskDefinition answer. aws_failed when it names no container.
/// @param name  of the container that counts; the first one if none has it
Result<Definition> read_definition(const JsonNode& answer, std::string_view name,
                                   std::string_view region);

enum class Wanted { running, stopped };

/// ECS, as far as one-off tasks need it. Messages name cluster and task; the cause of an Error is
/// AWS's code when it was ECS that refused something.
class Ecs {
 public:
  /// `api` outlives the object.
  Ecs(AwsApi& api, std::string region, std::string cluster)
      : api_(api), region_(std::move(region)), cluster_(std::move(cluster)) {}

  Result<Task> run(const RunRequest& request);
  /// Those that ECS still knows, in the order of the ids or ARNs; at most 100.
  Result<std::vector<Task>> describe(std::span<const std::string> tasks);
  /// The ARNs of a family's tasks, all pages. ECS forgets a stopped one after about an hour.
  Result<std::vector<std::string>> list(std::string_view family, Wanted wanted);
  Result<void> stop(std::string_view task, std::string_view reason);
  Result<Definition> definition(std::string_view family);
  /// "ACTIVE", or "MISSING" when there is no such cluster.
  Result<std::string> cluster_status();

 private:
  [[nodiscard]] AwsCall call(std::string_view operation, std::string_view body) const;
  Result<JsonDocument> ask(const AwsCall& call, std::string_view failing);
  AwsApi& api_;
  std::string region_, cluster_;
};

}  // namespace dunlin::fargate
