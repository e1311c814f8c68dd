#pragma once

#include "base/result.hpp"
#include "fargate/context.hpp"
#include "fargate/stack.hpp"

#include <span>
#include <string>
#include <vector>

namespace dunlin::fargate {

/// Something that happened to a stack or one of its resources.
struct StackEvent {
  std::string id;
  std::string time;  ///< "2026-11-23T05:12:33.123Z"
  std::string name;  ///< of the resource in the template, or the stack's
  std::string type;
  std::string physical_id;
  std::string status;  ///< "CREATE_FAILED"
  std::string reason;  ///< in AWS's words; mostly empty
};

/// One event as a line: time of day, status, name, type and reason. Of those that only say that
/// something begins, the reason is left out.
[[nodiscard]] std::string event_line(const StackEvent& event);

/// Tells of a stack while CloudFormation works on it.
class EventStream {
 public:
  /// What has happened up to now is old news. `stack_id` is the id, since a name finds no stack
  /// that has been deleted.
  static Result<EventStream> from_now(const Context& context, std::string stack_id);

  /// Prints each event until CloudFormation has come to an end, for which there has to be an event:
  /// right after an order the stack still stands as before. A stop that is requested meanwhile is
  /// an Error with interrupted, which says that the stack goes on.
  /// @returns the stack as it is then; nothing when it is deleted
  Result<std::optional<Stack>> follow(const Context& context);
  /// Everything that was printed, the oldest first.
  [[nodiscard]] std::span<const StackEvent> seen() const noexcept { return seen_; }

 private:
  explicit EventStream(std::string stack_id) : stack_id_(std::move(stack_id)) {}
  /// Those that are news, the oldest first.
  Result<std::vector<StackEvent>> news(const Context& context);

  std::string stack_id_;
  std::string last_id_;     ///< of the newest that is no news
  bool has_ended_ = false;  ///< an event told so
  std::vector<StackEvent> seen_;
};

}  // namespace dunlin::fargate
