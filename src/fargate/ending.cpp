// AWS tells why a task stopped in sentences that change from year to year. So two things are looked
// for in them: what the task was about (its image, a secret, its log group), and what stood in the
// way (a permission, the network, a missing thing). The words are those of the Amazon ECS Developer
// Guide ("Stopped tasks error messages", "CannotPullContainer task errors",
// "ResourceInitializationError errors"), old and new. AWS's own sentence is always shown as well.
#include "fargate/ending.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace dunlin::fargate {
namespace {

constexpr int kKilled = 137;  // 128 + SIGKILL
constexpr int kTerminated = 143;

/// Words of which one has to be there, with | between; in small letters.
using Words = std::string_view;

// What AWS needs to say that nothing was reached.
constexpr Words kUnreached =
    "connection issue|i/o timeout|dial tcp|request canceled|requestcanceled|deadline exceeded|"
    "request send failed|send request failed|signal: killed|no such host|network configuration";
constexpr Words kDenied =
    "accessdenied|not authorized|access denied|has the permissions|403 forbidden|status code 403";
constexpr Words kMissing =
    "not found|does not exist|notfound|manifest unknown|cannot find|can't find";
constexpr Words kAny;

constexpr std::string_view kWayOut =
    "give its subnet a way out (a NAT gateway, or VPC endpoints for what it calls), or in a public "
    "subnet set -fargate.assignPublicIp=true; its security group has to let port 443 out";
constexpr std::string_view kLaterOrElsewhere =
    "try again in a few minutes, or name subnets in other availability zones with -fargate.subnets";

struct Rule {
  Words about, cause;
  std::string_view what;  ///< completes "task ID did not start: "
  std::string_view hint;
};

// The first that fits counts: what is particular stands before what is general.
constexpr std::array kRules = {
    // Its image.
    Rule{
        "cannotpull", "toomanyrequests|too many requests|rate limit",
        "the registry lets nobody pull so many images",
        "try again later, log in with dunlin fargate secrets put registry-token, or keep the image "
        "in ECR or GHCR"},
    Rule{"cannotpull", "platform", "the image is not built for the task's kind of processor",
         "build it for the runtimePlatform of the task definition (linux/amd64 or linux/arm64)"},
    Rule{"cannotpull", "no space left", "the image does not fit on the task's disk",
         "use a smaller image, or set ephemeralStorage in the task definition"},
    Rule{"cannotpull", kUnreached, "the image cannot be pulled: its registry is out of reach",
         kWayOut},
    Rule{"cannotpull",
         "pull access denied|insufficient_scope|unauthorized|no basic auth|"
         "failed to authorize|authorization failed|denied: ",
         "the registry refuses the image: it is private, or is not there",
         "check fargate.image, and the login: dunlin fargate secrets put registry-token"},
    Rule{"cannotpull", kDenied, "the image cannot be pulled: the execution role may not",
         "allow ecr:GetAuthorizationToken, ecr:BatchGetImage and ecr:GetDownloadUrlForLayer to the "
         "execution role (not the task role); for a registry other than ECR store a login: dunlin "
         "fargate secrets put registry-token"},
    Rule{"cannotpull", kMissing, "the registry has no such image",
         "check name and tag of fargate.image, then dunlin fargate deploy"},
    Rule{"cannotpull", kAny, "the image cannot be pulled",
         "check name and tag of fargate.image, and that the task reaches the registry"},
    // The login of the registry, which is a secret too, and the secrets of the task definition.
    Rule{"registry auth from asm|ecr registry auth|pull registry auth", kUnreached,
         "the registry's login cannot be had: nothing was reached", kWayOut},
    Rule{"registry auth from asm|ecr registry auth|pull registry auth", kDenied,
         "the registry's login may not be read",
         "allow the execution role (not the task role) secretsmanager:GetSecretValue on that "
         "secret, or ecr:GetAuthorizationToken for ECR; dunlin fargate deploy does"},
    Rule{"registry auth from asm|ecr registry auth|pull registry auth", kAny,
         "the registry's login cannot be had",
         "store it with dunlin fargate secrets put registry-token, in the task's region"},
    Rule{"secrets|secret from", kUnreached, "its secrets cannot be had: nothing was reached",
         kWayOut},
    Rule{"secrets|secret from", kDenied, "its secrets may not be read",
         "allow secretsmanager:GetSecretValue on them, and kms:Decrypt if they have a key of their "
         "own, to the execution role (not the task role)"},
    Rule{"secrets|secret from", kMissing, "a secret that the task definition names is not there",
         "dunlin fargate secrets lists what is missing"},
    Rule{"secrets|secret from", kAny, "its secrets cannot be had",
         "dunlin fargate secrets lists what is missing"},
    // Its log.
    Rule{"logger args|log stream|cloudwatch log", "connection issue|i/o timeout|dial tcp|canceled",
         "CloudWatch Logs is out of reach", kWayOut},
    Rule{"logger args|log stream|cloudwatch log", kMissing, "its log group does not exist",
         "dunlin fargate deploy makes it; or create the group that the task definition names"},
    Rule{"logger args|log stream|cloudwatch log", kDenied, "its log may not be written",
         "allow logs:CreateLogStream and logs:PutLogEvents to the execution role"},
    Rule{"logger args|log stream|cloudwatch log", kAny, "its log cannot be written",
         "check the log configuration of the task definition"},
    // Everything else that has to be there before a container runs.
    Rule{"unable to assume the role|unable to assume role", kAny,
         "ECS may not take on a role of the task",
         "the role has to trust ecs-tasks.amazonaws.com, and to exist; dunlin fargate deploy makes "
         "both roles"},
    Rule{"capacity is unavailable|no fargate capacity|capacityprovider|ran out of capacity", kAny,
         "Fargate has no capacity for it there now", kLaterOrElsewhere},
    Rule{"insufficientfreeaddresses|not have enough free addresses|enough free address", kAny,
         "its subnet has no free address", "name another subnet with -fargate.subnets"},
    Rule{"network interface|attaching eni|eni ", kAny, "its network interface could not be made",
         "try again; if it stays, look at the subnet, its security groups and the account's quota "
         "of network interfaces"},
    Rule{"env files|environment file", kAny, "its environment file cannot be had",
         "the execution role needs s3:GetObject on it, and the task a way to S3"},
    Rule{"cannotcreatevolume|efs", kAny, "a volume could not be made",
         "look at the volumes of the task definition; dunlin needs none"},
    Rule{"no such file or directory|executable file not found|exec format error", kAny,
         "its program could not be started",
         "check that fargate.image is dunlin's image, built for the task's kind of processor, and "
         "that the task definition overrides no entry point"},
    Rule{"cannotstartcontainer|containerruntime|dockertimeout|cannotinspect", kAny,
         "its container could not be started",
         "try again; if it stays, raise memory and cpu in the task definition"},
    Rule{"resourceinitialization", kUnreached, "it could not be set up: nothing was reached",
         kWayOut},
    Rule{"resourceinitialization", kDenied, "it could not be set up: a permission is missing",
         "look at the policies of the execution role; dunlin fargate deploy makes them"},
};

bool has_one_of(std::string_view text, Words words) {
  if (words.empty()) return true;
  return std::ranges::any_of(split(words, '|'),
                             [&](const std::string& word) { return text.contains(word); });
}

const Rule* rule_for(std::string_view reasons) {
  const std::string text = lower(reasons);
  const auto* const found = std::ranges::find_if(kRules, [&](const Rule& rule) {
    return has_one_of(text, rule.about) && has_one_of(text, rule.cause);
  });
  return found == kRules.end() ? nullptr : found;
}

/// AWS's own words, each sentence once.
std::string words_of(const Task& task, const Container* container) {
  std::vector<std::string> lines;
  if (!task.stopped_reason.empty()) lines.push_back(task.stopped_reason);
  if (container != nullptr && !container->reason.empty() &&
      !task.stopped_reason.contains(container->reason)) {
    lines.push_back(container->reason);
  }
  return join(lines, "; ");
}

Error problem(std::string message, std::string_view hint, const std::string& words) {
  return {.code = ErrorCode::aws_failed,
          .message = std::move(message),
          .hint = std::string(hint),
          .cause = words,
          .excerpt = words.empty() ? "" : "  AWS says: " + words};
}

struct Code {
  int code;
  std::string_view meaning, hint;
};
// dunlin's own, and those that tell how a process was killed.
constexpr std::array kCodes = {
    Code{1, "a migration, a check or SQL failed", "its log above says what"},
    Code{2, "the task is configured wrongly", "its log above says which variable it is about"},
    Code{3, "AWS credentials or a secret could not be had",
         "dunlin fargate secrets lists what is missing; the log above says what the role lacks"},
    Code{4, "the scripts could not be fetched", "check the deploy key, the branch and KNOWN_HOSTS"},
    Code{5, "the database did not answer, or refused the login",
         "check DB_HOST, and that the task's security group may reach the database's"},
    Code{6, "another run held the migration lock", "try again when it is done"},
    Code{126, "its program could not be started", "check fargate.image"},
    Code{127, "its program was not found", "check fargate.image"},
    Code{130, "it was interrupted", "what was applied before stays; run it again"},
    Code{kKilled, "it was killed",
         "it did not end within its stopTimeout, or its memory ran out: raise memory in the task "
         "definition"},
    Code{139, "it crashed", "please report it, with the log"},
    Code{kTerminated, "it was asked to stop", "what was applied before stays; run it again"},
};

bool ran_out_of_memory(std::string_view words) {
  return has_one_of(lower(words), "outofmemory|memory usage");
}

Error failed(const Task& task, int code, const std::string& words) {
  const auto* const known = std::ranges::find(kCodes, code, &Code::code);
  const std::string_view meaning = known == kCodes.end() ? "" : known->meaning;
  const std::string message = fmt::format("task {} ended with exit code {}{}{}", task.id(), code,
                                          meaning.empty() ? "" : ": ", meaning);
  const bool is_usual = task.stop_code == "EssentialContainerExited";
  return problem(message, known == kCodes.end() ? "its log above may say why" : known->hint,
                 is_usual ? "" : words);
}

Error out_of_memory(const Task& task, const std::string& words) {
  return problem(fmt::format("task {} was killed: its memory ran out", task.id()),
                 "raise memory in the task definition (dunlin fargate deploy)", words);
}

/// The task did not run to its end, and nothing of its container tells how.
Error not_run(const Task& task, const std::string& words) {
  if (task.stop_code == "SpotInterruption") {
    return problem(fmt::format("task {} was taken away: it ran on Spot capacity", task.id()),
                   "run it again; without FARGATE_SPOT this does not happen", words);
  }
  if (task.stop_code == "TerminationNotice" || task.stop_code == "InfrastructureHealth") {
    return problem(
        fmt::format("task {} was stopped: AWS took its machine out of service", task.id()),
        "run it again", words);
  }
  if (const Rule* rule = rule_for(words)) {
    return problem(fmt::format("task {} did not start: {}", task.id(), rule->what), rule->hint,
                   words);
  }
  if (words.empty()) {
    return problem(fmt::format("task {} stopped without an exit code", task.id()),
                   "AWS gave no reason; run it again", words);
  }
  return problem(fmt::format("task {} {} without an exit code", task.id(),
                             task.stop_code == "TaskFailedToStart" ? "failed to start" : "stopped"),
                 "AWS's words say why; the Amazon ECS Developer Guide lists them under \"Stopped "
                 "tasks error messages\"",
                 words);
}

Error stopped_by_somebody(const Task& task, const std::string& words) {
  Error error = problem(fmt::format("task {} was stopped before it ended by itself", task.id()),
                        "what was applied before stays; run it again", words);
  error.code = ErrorCode::interrupted;
  return error;
}

}  // namespace

Ending ending_of(const Task& task, std::string_view container) {
  const Container* const counts = task.container(container);
  const std::string words = words_of(task, counts);
  if (counts != nullptr && counts->exit_code) {
    const int code = *counts->exit_code;
    if (code == 0) return {};
    return {.exit_code = code,
            .problem =
                ran_out_of_memory(words) ? out_of_memory(task, words) : failed(task, code, words)};
  }
  if (ran_out_of_memory(words)) {
    return {.exit_code = kKilled, .problem = out_of_memory(task, words)};
  }
  Error error =
      task.stop_code == "UserInitiated" ? stopped_by_somebody(task, words) : not_run(task, words);
  const int code = kind_of(error.code).exit_code;
  return {.exit_code = code, .problem = std::move(error)};
}

Error not_started(std::string_view reason, std::string_view detail) {
  const std::string words = fmt::format("{}{}{}", reason, detail.empty() ? "" : ": ", detail);
  const std::string text = lower(words);
  if (has_one_of(text, "capacity|resource:fargate")) {
    return problem("no task was started: Fargate has no capacity there now", kLaterOrElsewhere,
                   words);
  }
  if (has_one_of(text, "resource:")) {
    return problem("no task was started: the cluster has not the resources for it",
                   "it is a cluster of EC2 instances; name a capacity provider of Fargate with "
                   "-fargate.capacityProvider=FARGATE",
                   words);
  }
  if (has_one_of(text, "missing")) {
    return problem("no task was started: something that the task names is missing",
                   "dunlin fargate status shows cluster and task definition", words);
  }
  if (has_one_of(text, "inactive")) {
    return problem("no task was started: the cluster or its provider is inactive",
                   "dunlin fargate deploy makes it anew", words);
  }
  return problem("no task was started", "AWS's words say why", words);
}

}  // namespace dunlin::fargate
