#include "aws/query.hpp"
#include "base/text.hpp"
#include "fargate/approval.hpp"
#include "fargate/change_set.hpp"
#include "fargate/document.hpp"
#include "fargate/events.hpp"
#include "fargate/failure.hpp"
#include "fargate/fargate.hpp"
#include "fargate/remove.hpp"
#include "fargate/survey.hpp"

namespace dunlin::fargate {
namespace {

/// What a failed change leaves behind.
std::string_view what_is_left(std::string_view status) {
  if (status == "UPDATE_ROLLBACK_COMPLETE") return "everything is as it was before";
  if (condition_of(status) == Condition::unmade) {
    return "nothing of it is in use; the next deploy removes what is left and begins anew";
  }
  return "some of it was changed; look at it in the console of CloudFormation";
}

bool is_done(std::string_view status) {
  return status == "CREATE_COMPLETE" || status == "UPDATE_COMPLETE" || status == "IMPORT_COMPLETE";
}

Error failed(const Stack& stack, const EventStream& events) {
  const StackEvent* const cause = first_cause(events.seen());
  const std::string reason = cause == nullptr ? stack.reason : cause->reason;
  const std::string what = cause == nullptr
                               ? std::string()
                               : fmt::format("{} ({}): ", cause->name, shown_type(cause->type));
  return {.code = ErrorCode::aws_failed,
          .message = fmt::format("stack {} could not be deployed: {}{}", stack.name, what, reason),
          .hint = hint_for(reason),
          .excerpt = fmt::format("It is {}: {}", stack.status, what_is_left(stack.status))};
}

Error stuck(const Stack& stack) {
  const bool is_half_gone = stack.status == "DELETE_FAILED";
  return {
      .code = ErrorCode::aws_failed,
      .message = fmt::format("stack {} is {} and cannot be changed: {}", stack.name, stack.status,
                             stack.reason.empty() ? "no reason is given" : stack.reason),
      .hint = is_half_gone
                  ? "end its removal with dunlin fargate destroy, then deploy again"
                  : fmt::format("`aws cloudformation continue-update-rollback --stack-name {}` "
                                "mends it; then deploy again",
                                stack.name)};
}

/// How it ended well: in words, or as one document.
void tell(const Context& context, const Stack& stack, std::span<const Change> changes) {
  for (const StackOutput& each : stack.outputs) {
    context.output.info(fmt::format("    {:<16} {}", each.key, each.value));
  }
  if (context.shape != Context::Shape::json) return;
  std::vector<Document> done, outputs;
  for (const Change& each : changes) {
    Document one;
    one.add("what", shown(each.kind)).add("resource", each.name).add("type", each.type);
    done.push_back(one.add("becauseOf", each.properties));
  }
  for (const StackOutput& each : stack.outputs) {
    outputs.push_back(Document().add("name", each.key).add("value", each.value));
  }
  context.output.answer(Document()
                            .add("stack", stack.name)
                            .add("stackId", stack.id)
                            .add("status", stack.status)
                            .add("changes", done)
                            .add("outputs", outputs)
                            .text());
}

/// The stack when it can be changed, nothing when it has to be made. Waits for what others do to
/// it, and removes one whose first creation failed.
class Preparation {
 public:
  Preparation(const Context& context, const Configuration& configuration)
      : context_(context), configuration_(configuration) {}

  Result<std::optional<Stack>> stack(const std::string& name) {
    auto found = DUNLIN_TRY(find_stack(context_, name));
    if (found && condition_of(found->status) == Condition::busy) {
      context_.output.info(
          fmt::format("Stack {} is {}: waiting until that is over", name, found->status));
      found = DUNLIN_TRY(wait_for_others(name, found->id));
    }
    if (!found) return found;
    switch (condition_of(found->status)) {
      case Condition::unmade:
        DUNLIN_TRY(remove_failed(*found));
        return std::optional<Stack>();
      case Condition::unexecuted:
        context_.output.info(
            fmt::format("Stack {} was proposed before, and nothing of it was made", name));
        return std::optional<Stack>();
      case Condition::stuck:
        return stuck(*found);
      default:
        return found;
    }
  }

 private:
  Result<std::optional<Stack>> wait_for_others(const std::string& name, const std::string& id) {
    auto events = DUNLIN_TRY(EventStream::from_now(context_, id));
    auto stack = DUNLIN_TRY(find_stack(context_, name));
    if (!stack || condition_of(stack->status) != Condition::busy) return stack;
    DUNLIN_TRY(events.follow(context_));
    return find_stack(context_, name);
  }

  Result<void> remove_failed(const Stack& stack) {
    context_.output.info(
        fmt::format("Stack {} is {}: its first creation failed, and what is left of "
                    "it has to go before it can be made",
                    stack.name, stack.status));
    const bool agreed = DUNLIN_TRY(is_approved(
        context_, configuration_, {.question = "Remove it?", .stack = stack.name, .losses = {}}));
    if (agreed) return remove_stack(context_, stack);
    return Error{.code = ErrorCode::configuration,
                 .message = fmt::format("stack {} is left as it is, {}", stack.name, stack.status),
                 .hint = "it cannot be deployed before it is removed"};
  }

  const Context& context_;
  const Configuration& configuration_;
};

/// Undoes what the proposal itself has left at AWS: the change set, and a stack that holds nothing.
Result<void> withdraw(const Context& context, const ChangeSet& set, bool is_new) {
  DUNLIN_TRY(delete_change_set(context, set));
  if (is_new) {
    const auto stack = DUNLIN_TRY(find_stack(context, set.stack_id));
    if (stack && condition_of(stack->status) == Condition::unexecuted) {
      return order_removal(context, *stack);
    }
  }
  return {};
}

Result<int> carry_out(const Context& context, const ChangeSet& set) {
  auto events = DUNLIN_TRY(EventStream::from_now(context, set.stack_id));
  DUNLIN_TRY(execute_change_set(context, set));
  const auto stack = DUNLIN_TRY(events.follow(context));
  if (!stack) {
    return Error{.code = ErrorCode::aws_failed,
                 .message = "the stack was deleted by somebody else while it was deployed"};
  }
  if (!is_done(stack->status)) return failed(*stack, events);
  context.output.info(fmt::format("Stack {} is deployed", stack->name));
  tell(context, *stack, set.changes);
  return 0;
}

}  // namespace

Result<int> deploy(const DeployInputs& inputs, const Context& context) {
  const Configuration& configuration = inputs.configuration;
  DUNLIN_TRY(check_inputs(inputs));
  DUNLIN_TRY(configuration.required("fargate.image"));
  if (const auto left = left_behind(configuration); !left.empty()) {
    context.output.warn(
        fmt::format("set here, but not for the task: {}; what scripts need belongs "
                    "into flyway.toml of the repository",
                    join(left, ", ")));
  }
  Surroundings surroundings = DUNLIN_TRY(survey(context, configuration));
  const std::string name = configuration.text("fargate.stack");
  const auto stack = DUNLIN_TRY(Preparation(context, configuration).stack(name));
  if (stack) surroundings.roles_before = stack->roles;
  const StackParameters parameters = parameters_of(inputs, surroundings);
  for (const auto& [key, value] : parameters) {
    context.output.debug(fmt::format("parameter {} is {}", key, value));
  }
  const ChangeSet set = DUNLIN_TRY(make_change_set(
      context, {.stack = name,
                .type = stack ? ChangeSetRequest::Type::update : ChangeSetRequest::Type::create,
                .body = cloudformation_template(),
                .parameters = parameters}));
  if (set.is_empty && stack) {
    context.output.info(fmt::format("Stack {} is as it should be: nothing to change", name));
    tell(context, *stack, {});
    return 0;
  }
  propose(context, configuration,
          fmt::format("Stack {} in region {} of account {}{}\n{}", name, context.region,
                      surroundings.account.id, stack ? "" : ", which is new",
                      change_table(set.changes)));
  const auto lost = losses(set.changes);
  const auto agreed = is_approved(
      context, configuration, {.question = "Make these changes?", .stack = name, .losses = lost});
  if (agreed && *agreed) return carry_out(context, set);
  DUNLIN_TRY(withdraw(context, set, !stack));
  if (!agreed) return agreed.error();
  if (context.interrupt.requested()) {
    return Error{.code = ErrorCode::interrupted,
                 .message = fmt::format("Stopped before stack {} was changed", name)};
  }
  context.output.info("Nothing is changed");
  return 0;
}

}  // namespace dunlin::fargate
