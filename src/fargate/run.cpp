#include "fargate/run.hpp"

#include "base/text.hpp"
#include "fargate/document.hpp"
#include "fargate/ending.hpp"
#include "fargate/random.hpp"
#include "report/error_text.hpp"

#include <chrono>
#include <optional>

namespace dunlin::fargate {
namespace {

using WhenInterrupted = RunOptions::WhenInterrupted;

Error interrupted(std::string message, std::string hint = {}) {
  return {.code = ErrorCode::interrupted, .message = std::move(message), .hint = std::move(hint)};
}

std::string items(const std::vector<std::string>& list) { return join(list, ", "); }

Result<Network> find_network(const RunOptions& options, const Definition& definition,
                             const Context& context) {
  Network network{
      .subnets = options.subnets, .security_groups = options.security_groups, .of = "the options"};
  if (network.subnets.empty() || network.security_groups.empty()) {
    DatabaseName database = options.database;
    if (database.host.empty()) database.host = definition.database_host;
    Network found = DUNLIN_TRY(network_of(context.aws, context.region, database));
    network.of = found.of;
    if (network.subnets.empty()) network.subnets = std::move(found.subnets);
    if (network.security_groups.empty()) network.security_groups = std::move(found.security_groups);
  }
  context.output.aside(fmt::format("Network of {}: subnets {}; security groups {}", network.of,
                                   items(network.subnets), items(network.security_groups)));
  return network;
}

std::string lasted(const Task& task) {
  if (!task.created || !task.stopped) return "";
  const auto time = std::chrono::duration_cast<std::chrono::seconds>(*task.stopped - *task.created);
  return fmt::format(", {} s after it was asked for", time.count());
}

/// One started task, on the way to its end.
class Running {
 public:
  Running(const RunOptions& options, const Context& context, Definition definition, Task task,
          Pace pace)
      : options_(options),
        context_(context),
        definition_(std::move(definition)),
        ecs_(context.aws, context.region, options.names.cluster),
        log_(context.aws, definition_.log_region, definition_.log_group,
             definition_.stream_of(task.id())),
        follower_(ecs_, definition_.log_group.empty() ? nullptr : &log_, context.clock,
                  context.output, std::move(task), pace) {}

  Result<int> to_its_end() {
    tell_start();
    const auto followed = follower_.until_stopped(context_.interrupt);
    if (followed || follower_.task().is_stopped()) return end();
    if (followed.error().code == ErrorCode::interrupted) return end_early();
    Error error = followed.error();
    error.message =
        fmt::format("task {} goes on, but can no longer be seen: {}", id(), error.message);
    if (error.hint.empty()) error.hint = come_back();
    return error;
  }

 private:
  [[nodiscard]] std::string id() const { return std::string(follower_.task().id()); }
  [[nodiscard]] std::string come_back() const {
    return fmt::format("dunlin fargate logs {} --follow", id());
  }

  void tell_start() const {
    context_.output.aside(fmt::format("Task {} of {} is started in cluster {}; to see it later: {}",
                                      id(), definition_.revision(), options_.names.cluster,
                                      come_back()));
    if (definition_.log_group.empty()) {
      context_.output.warn(
          fmt::format("{} does not log to CloudWatch: what the task prints is not "
                      "shown here",
                      definition_.revision()));
    }
  }

  Result<int> end() {
    const Ending ending = ending_of(follower_.task(), definition_.container);
    if (context_.shape == Context::Shape::json) {
      context_.output.answer(document(ending).text());
    } else if (ending.problem) {
      context_.output.fail(error_text(*ending.problem));
    } else {
      context_.output.aside(
          fmt::format("Task {} ended with exit code 0{}", id(), lasted(follower_.task())));
    }
    return ending.exit_code;
  }

  [[nodiscard]] Document document(const Ending& ending) const {
    const Task& task = follower_.task();
    const Container* const container = task.container(definition_.container);
    Document document;
    document.add("operation", "fargate run")
        .add("task", task.arn)
        .add("taskDefinition", task.definition)
        .add_if("branch", options_.branch)
        .add("state", task.status)
        .add("exitCode", container == nullptr ? std::nullopt : container->exit_code)
        .add_if("stopCode", task.stop_code)
        .add_if("stoppedReason", task.stopped_reason)
        .add_if("containerReason", container == nullptr ? "" : container->reason)
        .add_if("logGroup", definition_.log_group)
        .add_if("logStream", definition_.log_group.empty() ? "" : definition_.stream_of(task.id()))
        .add(ending.problem);
    return document;
  }

  /// A stop was requested while the task goes on.
  Result<int> end_early() {
    if (!wants_it_stopped()) {
      return interrupted(fmt::format("task {} goes on", id()), come_back() + " shows its log");
    }
    DUNLIN_TRY(ecs_.stop(follower_.task().arn, "Stopped by dunlin fargate run"));
    context_.output.aside(
        fmt::format("Task {} is asked to stop, and rolls back what it is at", id()));
    const Interrupt nobody;  // a second signal ends the process by itself
    DUNLIN_TRY(follower_.until_stopped(nobody));
    const Ending ending = ending_of(follower_.task(), definition_.container);
    return interrupted(fmt::format("task {} was stopped{}", id(),
                                   ending.problem ? "" : ", but had ended with exit code 0 before"),
                       "what was applied before stays; run it again");
  }

  bool wants_it_stopped() {
    const auto answer = context_.ask(
        fmt::format("\nStop task {}? y stops it; anything else, or Ctrl-C again, leaves it "
                    "running: ",
                    id()));
    if (!answer) return options_.when_interrupted == WhenInterrupted::stop;
    const std::string word = lower(trim(*answer));
    return word == "y" || word == "yes";
  }

  const RunOptions& options_;
  const Context& context_;
  Definition definition_;
  Ecs ecs_;
  LogStream log_;
  Follower follower_;
};

}  // namespace

RunOptions run_options(const Configuration& configuration, std::string branch) {
  // A reference to a secret is not resolved for this: then the task definition may know it.
  const std::string host =
      configuration.is_unresolved("db.host") ? "" : configuration.text("db.host");
  return RunOptions{
      .names = names_of(configuration),
      .branch = std::move(branch),
      .subnets = configuration.list("fargate.subnets"),
      .security_groups = configuration.list("fargate.securityGroups"),
      .database = {.cluster = configuration.text("fargate.databaseCluster"), .host = host},
      .public_ip = configuration.boolean("fargate.assignPublicIp") ? RunRequest::PublicIp::yes
                                                                   : RunRequest::PublicIp::no,
      .capacity_provider = configuration.text("fargate.capacityProvider"),
      .when_interrupted = configuration.boolean("fargate.stopWhenInterrupted")
                              ? WhenInterrupted::stop
                              : WhenInterrupted::leave};
}

Result<int> run(const RunOptions& options, const Context& context, Pace pace) {
  Ecs ecs(context.aws, context.region, options.names.cluster);
  Definition definition = DUNLIN_TRY(ecs.definition(options.names.task));
  const Network network = DUNLIN_TRY(find_network(options, definition, context));
  if (context.interrupt.requested()) return interrupted("no task was started");
  const RunRequest request{.definition = options.names.task,
                           .container = definition.container,
                           .branch = options.branch,
                           .subnets = network.subnets,
                           .security_groups = network.security_groups,
                           .public_ip = options.public_ip,
                           .capacity_provider = options.capacity_provider,
                           .token = random_uuid()};
  auto task = ecs.run(request);
  if (!task) {
    Error error = std::move(task).error();
    if (error.hint.empty()) error.hint = "dunlin fargate status shows whether one was started";
    return error;
  }
  return Running(options, context, std::move(definition), *std::move(task), pace).to_its_end();
}

}  // namespace dunlin::fargate
