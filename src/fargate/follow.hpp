#pragma once

#include "base/clock.hpp"
#include "base/interrupt.hpp"
#include "base/result.hpp"
#include "fargate/ecs.hpp"
#include "fargate/log_stream.hpp"
#include "fargate/task.hpp"
#include "report/output.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace dunlin::fargate {

/// How often is looked, and for how long a task that cannot be seen is waited for.
struct Pace {
  std::chrono::milliseconds between{1000};
  std::chrono::seconds unseen{60};  ///< AWS out of reach, or ECS does not know the task yet
};

/// Watches one task and its log until it has stopped.
class Follower {
 public:
  /// All references outlive the object.
  /// @param log  null: it has no log that could be read
  Follower(Ecs& ecs, LogStream* log, const Clock& clock, Output& output, Task task, Pace pace = {})
      : ecs_(ecs), log_(log), clock_(clock), output_(output), task_(std::move(task)), pace_(pace) {}

  /// Prints every line of the log, in order, and each new state; returns when the task has stopped
  /// and its log is at its end. A log that may not be read is told and left alone. Errors:
  /// interrupted; what kept AWS from answering for too long. May be called again after an error,
  /// and goes on where it was.
  Result<void> until_stopped(const Interrupt& interrupt);
  /// As it was seen last.
  [[nodiscard]] const Task& task() const noexcept { return task_; }

 private:
  Result<void> look();
  Result<void> drain(const Interrupt& interrupt);
  Result<std::size_t> read_log();
  void tell_state();
  Ecs& ecs_;
  LogStream* log_;
  const Clock& clock_;
  Output& output_;
  Task task_;
  Pace pace_;
  std::string told_;  ///< the state that was printed last
};

/// "PENDING: its image is being pulled"; the state alone when nothing is known of it.
[[nodiscard]] std::string state_text(std::string_view state);

}  // namespace dunlin::fargate
