#include "fargate/ecs.hpp"

#include "base/text.hpp"
#include "fargate/ending.hpp"
#include "fargate/reply.hpp"

#include <algorithm>

namespace dunlin::fargate {
namespace {

constexpr std::size_t kMostTasks = 10000;  // listed; beyond it somebody else's loop runs wild

std::string json_list(std::span<const std::string> items) {
  std::vector<std::string> quoted;
  for (const std::string& each : items) quoted.push_back(json_quoted(each));
  return fmt::format("[{}]", join(quoted, ","));
}

std::string text(const JsonNode& node) { return std::string(node.text()); }

/// What a fault means here, where its code alone says little.
Error refused(const AwsCall& call, const AwsFault& fault, std::string_view failing,
              const std::string& cluster) {
  Error error = aws_error(call, fault, failing);
  error.cause = fault.code;
  if (fault.code == "ClusterNotFoundException") {
    error.message = fmt::format("{}: there is no cluster {} in {}", failing, cluster, call.region);
    error.hint = "dunlin fargate deploy makes it; or name yours with -fargate.cluster";
  } else if (fault.message.contains("TaskDefinition") ||
             fault.message.contains("task definition")) {
    error.hint = "dunlin fargate deploy makes it; or name yours with -fargate.task";
  } else if (fault.code == "BlockedException") {
    error.hint = "AWS has blocked Fargate for this account: ask AWS support";
  } else if (fault.message.contains("service linked role")) {
    error.hint = "aws iam create-service-linked-role --aws-service-name ecs.amazonaws.com";
  } else if (fault.message.contains("limit on the number of")) {
    error.hint = "wait until other tasks have ended, or raise the account's quota of Fargate vCPUs";
  } else if (lower(fault.message).contains("capacity")) {
    return not_started(fault.message, {});
  } else if (error.hint.empty() && fault.message.contains("subnet")) {
    error.hint = "name subnets of one VPC with -fargate.subnets";
  }
  return error;
}

}  // namespace

std::string run_task_body(const RunRequest& request, std::string_view cluster) {
  const std::string how =
      request.capacity_provider.empty()
          ? R"("launchType":"FARGATE")"
          : fmt::format(R"("capacityProviderStrategy":[{{"capacityProvider":{},"weight":1}}])",
                        json_quoted(request.capacity_provider));
  // Without a branch there is no override: the image's own default then holds.
  const std::string overrides =
      request.branch.empty()
          ? ""
          : fmt::format(R"(,"overrides":{{"containerOverrides":[{{"name":{},"command":[{}]}}]}})",
                        json_quoted(request.container), json_quoted(request.branch));
  return fmt::format(
      R"({{"cluster":{},"taskDefinition":{},"count":1,{},"clientToken":{},"startedBy":"dunlin",)"
      R"("networkConfiguration":{{"awsvpcConfiguration":{{"subnets":{},"securityGroups":{},)"
      R"("assignPublicIp":"{}"}}}}{}}})",
      json_quoted(cluster), json_quoted(request.definition), how, json_quoted(request.token),
      json_list(request.subnets), json_list(request.security_groups),
      request.public_ip == RunRequest::PublicIp::yes ? "ENABLED" : "DISABLED", overrides);
}

std::string Definition::stream_of(std::string_view task_id) const {
  return fmt::format("{}/{}/{}", stream_prefix, container, task_id);
}

Result<Definition> read_definition(const JsonNode& answer, std::string_view name,
                                   std::string_view region) {
  const JsonNode root = answer["taskDefinition"];
  const auto containers = root["containerDefinitions"].items();
  if (containers.empty()) {
    return Error{.code = ErrorCode::aws_failed,
                 .message = "ECS described a task definition without containerDefinitions"};
  }
  const auto named = std::ranges::find_if(
      containers, [&](const JsonNode& each) { return each["name"].text() == name; });
  if (named == containers.end() && containers.size() > 1) {
    return Error{.code = ErrorCode::configuration,
                 .message = fmt::format("task definition {} has {} containers, and none is called "
                                        "{}: which is dunlin's is not known",
                                        name, containers.size(), name),
                 .hint = "call the container that runs dunlin like the family of the definition"};
  }
  const JsonNode& container = named == containers.end() ? containers.front() : *named;
  const JsonNode log = container["logConfiguration"];
  const JsonNode options = log["options"];
  Definition definition{.arn = text(root["taskDefinitionArn"]),
                        .container = text(container["name"]),
                        .image = text(container["image"]),
                        .cpu = text(root["cpu"]),
                        .memory = text(root["memory"]),
                        .log_group = {},
                        .stream_prefix = text(options["awslogs-stream-prefix"]),
                        .log_region = text(options["awslogs-region"])};
  if (log["logDriver"].text() == "awslogs") definition.log_group = text(options["awslogs-group"]);
  for (const JsonNode& each : container["environment"].items()) {
    if (each["name"].text() == "DB_HOST") definition.database_host = each["value"].text();
  }
  if (definition.log_region.empty()) definition.log_region = region;
  return definition;
}

AwsCall Ecs::call(std::string_view operation, std::string_view body) const {
  return {.service = kEcs,
          .region = region_,
          .operation = std::string(operation),
          .body = Secret(body)};
}

Result<JsonDocument> Ecs::ask(const AwsCall& call, std::string_view failing) {
  auto reply = DUNLIN_TRY(reply_to(api_, call));
  if (reply.fault) return refused(call, *reply.fault, failing, cluster_);
  auto document = JsonDocument::parse(reply.body.reveal());
  if (document) return *std::move(document);
  return Error{.code = ErrorCode::aws_failed,
               .message = fmt::format("{}: ECS answered something that is not JSON", failing)};
}

Result<Task> Ecs::run(const RunRequest& request) {
  const auto document =
      DUNLIN_TRY(ask(call("RunTask", run_task_body(request, cluster_)), "no task was started"));
  const auto tasks = document.root()["tasks"].items();
  if (!tasks.empty()) return read_task(tasks.front());
  const auto failures = document.root()["failures"].items();
  if (failures.empty()) return not_started("ECS gave neither a task nor a reason", {});
  return not_started(failures.front()["reason"].text(), failures.front()["detail"].text());
}

Result<std::vector<Task>> Ecs::describe(std::span<const std::string> tasks) {
  const std::string body =
      fmt::format(R"({{"cluster":{},"tasks":{}}})", json_quoted(cluster_), json_list(tasks));
  const auto document = DUNLIN_TRY(ask(call("DescribeTasks", body), "tasks cannot be looked at"));
  std::vector<Task> described;
  for (const JsonNode& each : document.root()["tasks"].items()) {
    described.push_back(DUNLIN_TRY(read_task(each)));
  }
  return described;
}

Result<std::vector<std::string>> Ecs::list(std::string_view family, Wanted wanted) {
  std::vector<std::string> arns;
  std::string next;
  do {
    const std::string page =
        next.empty() ? "" : fmt::format(",\"nextToken\":{}", json_quoted(next));
    const auto document = DUNLIN_TRY(ask(
        call("ListTasks", fmt::format("{{\"cluster\":{},\"family\":{},\"desiredStatus\":\"{}\"{}}}",
                                      json_quoted(cluster_), json_quoted(family),
                                      wanted == Wanted::running ? "RUNNING" : "STOPPED", page)),
        "tasks cannot be listed"));
    for (const JsonNode& each : document.root()["taskArns"].items()) arns.push_back(text(each));
    const std::string before = std::exchange(next, text(document.root()["nextToken"]));
    if (next == before) break;  // a page that leads to itself
  } while (!next.empty() && arns.size() < kMostTasks);
  return arns;
}

Result<void> Ecs::stop(std::string_view task, std::string_view reason) {
  const std::string body =
      fmt::format(R"({{"cluster":{},"task":{},"reason":{}}})", json_quoted(cluster_),
                  json_quoted(task), json_quoted(reason));
  DUNLIN_TRY(
      ask(call("StopTask", body), fmt::format("task {} cannot be stopped", last_part(task))));
  return {};
}

Result<Definition> Ecs::definition(std::string_view family) {
  const auto document = DUNLIN_TRY(ask(
      call("DescribeTaskDefinition", fmt::format("{{\"taskDefinition\":{}}}", json_quoted(family))),
      fmt::format("task definition {} cannot be read", family)));
  return read_definition(document.root(), family.substr(0, family.find(':')), region_);
}

Result<std::string> Ecs::cluster_status() {
  const auto document = DUNLIN_TRY(
      ask(call("DescribeClusters", fmt::format("{{\"clusters\":[{}]}}", json_quoted(cluster_))),
          fmt::format("cluster {} cannot be looked at", cluster_)));
  const auto clusters = document.root()["clusters"].items();
  return clusters.empty() ? std::string("MISSING") : text(clusters.front()["status"]);
}

}  // namespace dunlin::fargate
