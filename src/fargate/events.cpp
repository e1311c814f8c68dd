#include "fargate/events.hpp"

#include "aws/pause.hpp"
#include "base/text.hpp"
#include "fargate/pages.hpp"

#include <algorithm>

namespace dunlin::fargate {
namespace {

constexpr std::chrono::seconds kBetweenLooks{3};

StackEvent event_of(const XmlNode& node) {
  const auto text = [&](std::string_view name) { return std::string(node[name].text()); };
  return {.id = text("EventId"),
          .time = text("Timestamp"),
          .name = text("LogicalResourceId"),
          .type = text("ResourceType"),
          .physical_id = text("PhysicalResourceId"),
          .status = text("ResourceStatus"),
          .reason = text("ResourceStatusReason")};
}

/// An event of the stack itself, and not of something that goes on.
bool is_end(const StackEvent& event) {
  return event.type == "AWS::CloudFormation::Stack" && !event.status.ends_with("_IN_PROGRESS");
}

/// "dunlin" of "arn:aws:cloudformation:REGION:ACCOUNT:stack/dunlin/UUID".
std::string name_in(const std::string& stack_id) {
  const auto parts = split(stack_id, '/');
  return parts.size() > 1 ? parts[1] : stack_id;
}

Error goes_on(const std::string& stack) {
  return {
      .code = ErrorCode::interrupted,
      .message = fmt::format("Stack {} goes on without this program: CloudFormation carries out "
                             "what it has begun",
                             stack),
      .hint = "`dunlin fargate deploy` follows it to its end"};
}

}  // namespace

std::string event_line(const StackEvent& event) {
  const auto clock = event.time.find('T');
  const std::string time =
      clock == std::string::npos ? event.time : event.time.substr(clock + 1, 8);
  const bool only_begins = event.status.ends_with("_IN_PROGRESS");
  const std::string reason =
      only_begins || event.reason.empty() ? std::string() : ": " + event.reason;
  return fmt::format("{}  {:<18}  {} ({}){}", time, event.status, event.name,
                     shown_type(event.type), reason);
}

Result<EventStream> EventStream::from_now(const Context& context, std::string stack_id) {
  EventStream stream(std::move(stack_id));
  const auto old = DUNLIN_TRY(stream.news(context));
  if (!old.empty()) stream.last_id_ = old.back().id;
  return stream;
}

Result<std::vector<StackEvent>> EventStream::news(const Context& context) {
  std::vector<StackEvent> events;
  const auto collect = [&](const XmlNode& result) {
    // The newest first.
    for (const XmlNode& each : result["StackEvents"].children()) {
      if (!last_id_.empty() && each["EventId"].text() == last_id_) return Go::no_further;
      events.push_back(event_of(each));
    }
    return Go::on;
  };
  DUNLIN_TRY(each_page(context,
                       {.service = kCloudFormation,
                        .operation = "DescribeStackEvents",
                        .token = "NextToken",
                        .failing = "events of the stack cannot be read",
                        .fill = [&](QueryForm& form) { form.add("StackName", stack_id_); }},
                       collect));
  std::ranges::reverse(events);
  return events;
}

Result<std::optional<Stack>> EventStream::follow(const Context& context) {
  for (;;) {
    auto events = DUNLIN_TRY(news(context));
    for (StackEvent& event : events) {
      context.output.info(event_line(event));
      last_id_ = event.id;
      has_ended_ = has_ended_ || is_end(event);
      seen_.push_back(std::move(event));
    }
    if (has_ended_) {
      auto stack = DUNLIN_TRY(find_stack(context, stack_id_));
      if (!stack || condition_of(stack->status) != Condition::busy) return stack;
    }
    if (!pause(context.interrupt, kBetweenLooks)) return goes_on(name_in(stack_id_));
  }
}

}  // namespace dunlin::fargate
