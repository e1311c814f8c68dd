#include "fargate/remove.hpp"

#include "aws/query.hpp"
#include "base/text.hpp"
#include "fargate/approval.hpp"
#include "fargate/document.hpp"
#include "fargate/events.hpp"
#include "fargate/failure.hpp"
#include "fargate/fargate.hpp"
#include "report/table.hpp"

#include <algorithm>

namespace dunlin::fargate {
namespace {

// What the template says with DeletionPolicy; a test holds the two together.
bool stays(const Resource& resource) { return resource.type == "AWS::Logs::LogGroup"; }
bool leaves_snapshot(const Resource& resource) { return resource.type == "AWS::RDS::DBCluster"; }

std::string_view fate(const Resource& resource) {
  if (stays(resource)) return "stays";
  return leaves_snapshot(resource) ? "goes, a last snapshot stays" : "goes";
}

std::string removal_document(const std::string& name, std::span<const Resource> resources) {
  std::vector<Document> list;
  for (const Resource& each : resources) {
    Document one;
    one.add("what", fate(each)).add("resource", each.name).add("type", each.type);
    list.push_back(one.add_if("name", each.physical_id));
  }
  return Document()
      .add("stack", name)
      .add("status", "DELETE_COMPLETE")
      .add("resources", list)
      .text();
}

}  // namespace

std::string removal_table(std::span<const Resource> resources) {
  std::vector<Resource> sorted(resources.begin(), resources.end());
  std::ranges::stable_partition(sorted, stays);
  std::vector<std::vector<std::string>> rows;
  rows.reserve(sorted.size());
  for (const Resource& each : sorted) {
    rows.push_back({std::string(fate(each)), each.name, shown_type(each.type), each.physical_id});
  }
  return ascii_table({"What", "Resource", "Type", "Name"}, rows, "Nothing");
}

std::vector<std::string> removal_losses(std::span<const Resource> resources) {
  std::vector<std::string> lines;
  for (const Resource& each : resources) {
    if (leaves_snapshot(each)) {
      lines.push_back(
          fmt::format("the database {} is removed; a last snapshot of it stays", each.physical_id));
    } else if (each.type == "AWS::SecretsManager::Secret") {
      lines.push_back(fmt::format("the password in {} is removed", each.physical_id));
    } else if (may_hold_data_of_others(each.name, each.type)) {
      lines.push_back(fmt::format("the {} {}, which dunlin did not make, is removed",
                                  shown_type(each.type), each.physical_id));
    }
  }
  return lines;
}

Result<void> order_removal(const Context& context, const Stack& stack) {
  DUNLIN_TRY(context.aws.ask({.service = kCloudFormation,
                              .region = context.region,
                              .operation = "DeleteStack",
                              .body = QueryForm().add("StackName", stack.id).body()},
                             fmt::format("stack {} cannot be removed", stack.name)));
  return {};
}

Result<void> remove_stack(const Context& context, const Stack& stack) {
  auto events = DUNLIN_TRY(EventStream::from_now(context, stack.id));
  DUNLIN_TRY(order_removal(context, stack));
  const auto left = DUNLIN_TRY(events.follow(context));
  if (!left) return {};
  const StackEvent* const cause = first_cause(events.seen());
  const std::string reason = cause == nullptr ? left->reason : cause->reason;
  return Error{.code = ErrorCode::aws_failed,
               .message = fmt::format("stack {} could not be removed: {}{}", stack.name,
                                      cause == nullptr ? "" : cause->name + ": ", reason),
               .hint = hint_for(reason)};
}

Result<int> destroy(const Configuration& configuration, const Context& context) {
  const std::string name = configuration.text("fargate.stack");
  const auto stack = DUNLIN_TRY(find_stack(context, name));
  if (!stack) {
    context.output.info(
        fmt::format("There is no stack {} in region {}: nothing to remove", name, context.region));
    if (context.shape == Context::Shape::json) context.output.answer(removal_document(name, {}));
    return 0;
  }
  if (condition_of(stack->status) == Condition::busy) {
    return Error{.code = ErrorCode::aws_failed,
                 .message = fmt::format("stack {} is {}", name, stack->status),
                 .hint = "wait until that is over; `dunlin fargate deploy` follows it"};
  }
  const auto resources = DUNLIN_TRY(resources_of(context, *stack));
  const auto lost = removal_losses(resources);
  propose(context, configuration,
          fmt::format("Stack {} in region {}\n{}", name, context.region, removal_table(resources)));
  const bool agreed = DUNLIN_TRY(is_approved(
      context, configuration, {.question = "Remove this?", .stack = name, .losses = lost}));
  if (context.interrupt.requested()) {
    return Error{.code = ErrorCode::interrupted,
                 .message = fmt::format("Stopped before stack {} was removed", name)};
  }
  if (!agreed) {
    context.output.info("Nothing is removed");
    return 0;
  }
  DUNLIN_TRY(remove_stack(context, *stack));
  context.output.info(fmt::format("Stack {} is removed", name));
  if (context.shape == Context::Shape::json)
    context.output.answer(removal_document(name, resources));
  return 0;
}

}  // namespace dunlin::fargate
