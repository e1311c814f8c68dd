// The state is asked for first and the log read afterwards: when the state says that the task has
// stopped, whatever it wrote was sent before. ECS says so only once the network interface is taken
// down, many seconds after the container's end, so what CloudWatch takes to show an event has
// passed by then; one more look a moment later costs little.
#include "fargate/follow.hpp"

#include "aws/pause.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace dunlin::fargate {
namespace {

constexpr int kMostLastLooks = 60;

struct State {
  std::string_view name, words;
};
// Amazon ECS Developer Guide, "Task lifecycle".
constexpr std::array kStates = {
    State{"PROVISIONING", "its network interface is being made"},
    State{"PENDING", "its machine is got ready and its image pulled"},
    State{"ACTIVATING", "its container is about to start"},
    State{"DEACTIVATING", "its container is about to stop"},
    State{"STOPPING", "its container is asked to stop"},
    State{"DEPROVISIONING", "its network interface is taken down"},
};

bool has_no_log_yet(const Task& task) {
  return task.status == "PROVISIONING" || task.status == "PENDING";
}

/// Whether trying again may help: nothing was reached, or AWS has to rest.
bool is_passing(const Error& error) {
  if (error.code != ErrorCode::aws_failed) return false;
  return error.cause.empty() || error.cause.contains("Throttl") || error.cause.contains("Server") ||
         error.cause.contains("Unavailable") || error.cause.starts_with("status 5");
}

Error interrupted() {
  return {.code = ErrorCode::interrupted, .message = "the task is no longer followed"};
}

}  // namespace

std::string state_text(std::string_view state) {
  const auto* const known = std::ranges::find(kStates, state, &State::name);
  return known == kStates.end() ? std::string(state) : fmt::format("{}: {}", state, known->words);
}

void Follower::tell_state() {
  if (std::exchange(told_, task_.status) == task_.status) return;
  output_.aside(fmt::format("Task {} is {}", task_.id(), state_text(task_.status)));
}

Result<void> Follower::look() {
  const std::string id = task_.arn;
  auto tasks = DUNLIN_TRY(ecs_.describe({&id, 1}));
  if (tasks.empty()) {
    return Error{.code = ErrorCode::aws_failed,
                 .message = fmt::format("ECS does not know task {}", task_.id()),
                 .hint = "it forgets a stopped task after about an hour"};
  }
  task_ = std::move(tasks.front());
  tell_state();
  if (!has_no_log_yet(task_)) DUNLIN_TRY(read_log());
  return {};
}

/// What may not be read is told once and then left alone: the end of the task counts for more.
Result<std::size_t> Follower::read_log() {
  if (log_ == nullptr) return 0;
  auto count = log_->read([&](std::string_view line) { output_.line(line); });
  if (count || is_passing(count.error()) || count.error().code == ErrorCode::interrupted) {
    return count;
  }
  output_.aside(fmt::format("WARNING: {}; {}", count.error().message, count.error().hint));
  log_ = nullptr;
  return 0;
}

Result<void> Follower::drain(const Interrupt& interrupt) {
  std::string missing;
  for (int look = 0; look < kMostLastLooks; ++look) {
    if (!pause(interrupt, pace_.between)) return interrupted();
    const auto count = read_log();
    if (!count && !is_passing(count.error())) return count.error();
    if (count && *count == 0) return {};
    missing = count ? "" : count.error().message;
  }
  if (!missing.empty()) {
    output_.aside(
        fmt::format("WARNING: the end of the log is missing ({}); dunlin fargate logs {} "
                    "shows it later",
                    missing, task_.id()));
  }
  return {};
}

Result<void> Follower::until_stopped(const Interrupt& interrupt) {
  auto seen = clock_.steady();
  bool has_warned = false;
  tell_state();
  while (!interrupt.requested()) {
    if (const auto looked = look(); looked) {
      seen = clock_.steady();
      has_warned = false;
      if (task_.is_stopped()) return drain(interrupt);
    } else if (!is_passing(looked.error()) || clock_.steady() - seen > pace_.unseen) {
      return looked.error();
    } else if (!std::exchange(has_warned, true)) {
      output_.aside(fmt::format("Task {} cannot be seen for now ({}); it goes on", task_.id(),
                                looked.error().message));
    }
    if (!pause(interrupt, pace_.between)) break;
  }
  return interrupted();
}

}  // namespace dunlin::fargate
