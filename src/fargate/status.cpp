#include "fargate/status.hpp"

#include "base/text.hpp"
#include "fargate/document.hpp"
#include "fargate/ecs.hpp"
#include "fargate/ending.hpp"
#include "fargate/time_text.hpp"
#include "report/table.hpp"

#include <algorithm>
#include <chrono>

namespace dunlin::fargate {
namespace {

constexpr std::size_t kMostShown = 20;  // the newest; a table of hundreds says no more
constexpr std::size_t kAtOnce = 100;    // DescribeTasks takes no more

/// Newest first: all that run, and those that stopped, while the table has room.
Result<std::vector<Task>> tasks_of(Ecs& ecs, const std::string& family) {
  std::vector<std::string> arns = DUNLIN_TRY(ecs.list(family, Wanted::running));
  const auto stopped = DUNLIN_TRY(ecs.list(family, Wanted::stopped));
  arns.insert(arns.end(), stopped.begin(), stopped.end());
  std::vector<Task> tasks;
  for (std::size_t at = 0; at < arns.size(); at += kAtOnce) {
    const auto part = std::span(arns).subspan(at, std::min(kAtOnce, arns.size() - at));
    std::ranges::move(DUNLIN_TRY(ecs.describe(part)), std::back_inserter(tasks));
  }
  std::ranges::stable_sort(tasks, [](const Task& a, const Task& b) {
    return a.is_stopped() == b.is_stopped() ? a.created > b.created : b.is_stopped();
  });
  tasks.resize(std::min(tasks.size(), kMostShown));
  return tasks;
}

/// How a task ended, in few words.
std::string ending_text(const Task& task, std::string_view container) {
  if (!task.is_stopped()) return "";
  const auto problem = ending_of(task, container).problem;
  if (!problem) return "ended well";
  const std::string prefix = fmt::format("task {} ", task.id());
  std::string_view message = problem->message;
  if (message.starts_with(prefix)) message.remove_prefix(prefix.size());
  return std::string(message);
}

std::string code_text(const Task& task, std::string_view container) {
  const Container* const counts = task.container(container);
  return counts == nullptr || !counts->exit_code ? "" : fmt::format("{}", *counts->exit_code);
}

struct Status {
  const Names& names;
  const std::string& region;
  std::string cluster;  ///< its state
  Definition definition;
  std::vector<Task> tasks;
};

void print_text(const Status& status, Output& output) {
  const auto& [names, region, cluster, definition, tasks] = status;
  output.info(fmt::format("Cluster {} in {} is {}", names.cluster, region, cluster));
  output.info(fmt::format(
      "Task definition {} runs {}{}", definition.revision(), definition.image,
      definition.cpu.empty() || definition.memory.empty()
          ? ""
          : fmt::format(" with {} CPU units and {} MiB", definition.cpu, definition.memory)));
  output.info(definition.log_group.empty()
                  ? "It does not log to CloudWatch"
                  : fmt::format("Its log group is {}", definition.log_group));
  std::vector<std::vector<std::string>> rows;
  rows.reserve(tasks.size());
  for (const Task& task : tasks) {
    rows.push_back({std::string(task.id()), task.status, join(task.command, " "),
                    time_text(task.created), time_text(task.stopped),
                    code_text(task, definition.container),
                    ending_text(task, definition.container)});
  }
  output.info(ascii_table(
      {"Task", "State", "Branch", "Asked for (UTC)", "Stopped (UTC)", "Exit code", "How it ended"},
      rows, "No tasks: ECS keeps stopped ones about an hour"));
}

Document document(const Status& status) {
  const auto& [names, region, cluster, definition, tasks] = status;
  std::vector<Document> list;
  for (const Task& task : tasks) {
    const Container* const counts = task.container(definition.container);
    Document each;
    each.add("task", task.arn)
        .add("state", task.status)
        .add_if("branch", join(task.command, " "))
        .add_if("createdAt", time_text(task.created))
        .add_if("stoppedAt", time_text(task.stopped))
        .add("exitCode", counts == nullptr ? std::nullopt : counts->exit_code)
        .add_if("stopCode", task.stop_code)
        .add_if("stoppedReason", task.stopped_reason)
        .add_if("ending", ending_text(task, definition.container));
    list.push_back(std::move(each));
  }
  Document whole;
  whole.add("operation", "fargate status")
      .add("region", region)
      .add("cluster", names.cluster)
      .add("clusterState", cluster)
      .add("taskDefinition", definition.arn)
      .add("image", definition.image)
      .add_if("logGroup", definition.log_group)
      .add("tasks", list);
  return whole;
}

}  // namespace

Result<int> print_status(const Names& names, const Context& context) {
  Ecs ecs(context.aws, context.region, names.cluster);
  std::string cluster = DUNLIN_TRY(ecs.cluster_status());
  Definition definition = DUNLIN_TRY(ecs.definition(names.task));
  std::vector<Task> tasks;
  if (cluster != "MISSING") tasks = DUNLIN_TRY(tasks_of(ecs, names.task));
  const Status status{.names = names,
                      .region = context.region,
                      .cluster = std::move(cluster),
                      .definition = std::move(definition),
                      .tasks = std::move(tasks)};
  if (context.shape == Context::Shape::json) {
    context.output.answer(document(status).text());
  } else {
    print_text(status, context.output);
  }
  return 0;
}

}  // namespace dunlin::fargate
