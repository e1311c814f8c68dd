#include "fargate/change_set.hpp"

#include "aws/pause.hpp"
#include "base/text.hpp"
#include "fargate/failure.hpp"
#include "fargate/pages.hpp"
#include "fargate/stack.hpp"
#include "report/table.hpp"

#include <algorithm>
#include <array>

namespace dunlin::fargate {
namespace {

using Kind = Change::Kind;
constexpr std::chrono::seconds kBetweenLooks{2};

/// What becomes of a thing that is lost by a change.
std::string fate(Kind kind, std::string_view successor) {
  if (kind == Kind::remove) return "is removed";
  return fmt::format("{} replaced by {}", kind == Kind::replace ? "is" : "may be", successor);
}

/// How much a person should look at it.
int weight(const Change& change) {
  constexpr std::array order = {Kind::add,           Kind::import,  Kind::modify,
                                Kind::maybe_replace, Kind::replace, Kind::remove};
  return static_cast<int>(std::ranges::find(order, change.kind) - order.begin());
}

Kind kind_of_change(const XmlNode& node) {
  const std::string_view action = node["Action"].text();
  if (action == "Add") return Kind::add;
  if (action == "Remove") return Kind::remove;
  if (action == "Import") return Kind::import;
  // Dynamic: what it will do shows only while it is carried out.
  if (action == "Dynamic" || node["Replacement"].text() == "Conditional") {
    return Kind::maybe_replace;
  }
  return node["Replacement"].text() == "True" ? Kind::replace : Kind::modify;
}

Change change_of(const XmlNode& node) {
  Change change{.kind = kind_of_change(node),
                .name = std::string(node["LogicalResourceId"].text()),
                .type = std::string(node["ResourceType"].text()),
                .physical_id = std::string(node["PhysicalResourceId"].text()),
                .properties = {}};
  for (const XmlNode& detail : node["Details"].children()) {
    const XmlNode target = detail["Target"];
    std::string name(target["Name"].text());
    if (name.empty()) name = target["Attribute"].text();
    const bool is_new = std::ranges::find(change.properties, name) == change.properties.end();
    if (!name.empty() && is_new) change.properties.push_back(std::move(name));
  }
  return change;
}

AwsCall call_of(const Context& context, std::string operation, const QueryForm& form) {
  return {.service = kCloudFormation,
          .region = context.region,
          .operation = std::move(operation),
          .body = form.body()};
}

void name_set(QueryForm& form, const ChangeSet& set) {
  form.add("ChangeSetName", set.id).add("StackName", set.stack_id);
}

QueryForm named(const ChangeSet& set) {
  QueryForm form;
  name_set(form, set);
  return form;
}

QueryForm creation(const Context& context, const ChangeSetRequest& request) {
  const auto now =
      std::chrono::duration_cast<std::chrono::milliseconds>(context.clock.now().time_since_epoch());
  QueryForm form;
  form.add("StackName", request.stack)
      .add("ChangeSetName", fmt::format("dunlin-{}", now.count()))
      .add("ChangeSetType", request.type == ChangeSetRequest::Type::create ? "CREATE" : "UPDATE")
      .add("TemplateBody", request.body)
      .add("Capabilities.member.1", "CAPABILITY_IAM")
      // The log group of an earlier stack, which stayed when that went.
      .add("ImportExistingResources", "true");
  for (std::size_t i = 0; i < request.parameters.size(); ++i) {
    const auto& [key, value] = request.parameters[i];
    form.add(fmt::format("Parameters.member.{}.ParameterKey", i + 1), key)
        .add(fmt::format("Parameters.member.{}.ParameterValue", i + 1), value);
  }
  return form;
}

struct Look {
  std::string status, reason;
};

/// One look at a change set: its status, and its changes as far as there are any.
Result<Look> look(const Context& context, ChangeSet& set) {
  Look seen;
  set.changes.clear();
  const auto collect = [&](const XmlNode& result) {
    for (const XmlNode& each : result["Changes"].children()) {
      if (each["ResourceChange"].exists()) set.changes.push_back(change_of(each["ResourceChange"]));
    }
    seen = {.status = std::string(result["Status"].text()),
            .reason = std::string(result["StatusReason"].text())};
    return Go::on;
  };
  DUNLIN_TRY(each_page(context,
                       {.service = kCloudFormation,
                        .operation = "DescribeChangeSet",
                        .token = "NextToken",
                        .failing = "the change set cannot be read",
                        .fill = [&](QueryForm& form) { name_set(form, set); }},
                       collect));
  return seen;
}

std::string failing_to_make(const ChangeSetRequest& request) {
  return fmt::format("no change set can be made for stack {}", request.stack);
}

Error unmade(const ChangeSetRequest& request, std::string_view reason) {
  return {.code = ErrorCode::aws_failed,
          .message = fmt::format("{}: {}", failing_to_make(request), reason),
          .hint = hint_for(reason)};
}

/// Has a change set made, and does not wait for it.
Result<ChangeSet> order(const Context& context, const ChangeSetRequest& request) {
  const AwsCall call = call_of(context, "CreateChangeSet", creation(context, request));
  auto replies = context.aws.call({&call, 1});
  const AwsReply reply = DUNLIN_TRY(std::move(replies.front()));
  if (reply.fault) {
    if (says_no_changes(reply.fault->message)) return ChangeSet{.is_empty = true};
    Error error = aws_error(call, *reply.fault, failing_to_make(request));
    if (error.hint.empty()) error.hint = hint_for(reply.fault->message);
    return error;
  }
  const auto document = XmlDocument::parse(reply.body.reveal());
  const XmlNode result = document ? document->root()["CreateChangeSetResult"] : XmlNode();
  ChangeSet set{.id = std::string(result["Id"].text()),
                .stack_id = std::string(result["StackId"].text())};
  if (set.id.empty() || set.stack_id.empty()) {
    return unmade(request, "the answer has no Id or StackId");
  }
  return set;
}

}  // namespace

std::string_view shown(Change::Kind kind) noexcept {
  switch (kind) {
    case Kind::add:
      return "make";
    case Kind::modify:
      return "change";
    case Kind::maybe_replace:
      return "change, maybe REPLACE";
    case Kind::replace:
      return "REPLACE";
    case Kind::remove:
      return "REMOVE";
    case Kind::import:
      return "take over";
  }
  return {};
}

std::string change_table(std::span<const Change> changes) {
  std::vector<Change> sorted(changes.begin(), changes.end());
  std::ranges::stable_sort(sorted, {}, weight);
  std::vector<std::vector<std::string>> rows;
  rows.reserve(sorted.size());
  for (const Change& change : sorted) {
    rows.push_back({std::string(shown(change.kind)), change.name, shown_type(change.type),
                    join(change.properties, ", ")});
  }
  return ascii_table({"What", "Resource", "Type", "Because of"}, rows,
                     "Only settings of the stack");
}

std::vector<std::string> losses(std::span<const Change> changes) {
  std::vector<std::string> lines;
  for (const Change& change : changes) {
    if (weight(change) < weight({.kind = Kind::maybe_replace})) continue;
    const std::string& id = change.physical_id.empty() ? change.name : change.physical_id;
    if (change.type == "AWS::RDS::DBCluster") {
      lines.push_back(fmt::format("the database {} {}; a last snapshot of it stays", id,
                                  fate(change.kind, "a new, empty one")));
    } else if (change.type == "AWS::SecretsManager::Secret") {
      lines.push_back(fmt::format("the password {} {}", id, fate(change.kind, "a new one")));
    } else if (may_hold_data_of_others(change.name, change.type)) {
      lines.push_back(fmt::format("the {} {}, which dunlin did not make, {}",
                                  shown_type(change.type), id, fate(change.kind, "a new one")));
    }
  }
  return lines;
}

bool says_no_changes(std::string_view reason) noexcept {
  return reason.contains("didn't contain changes") || reason.contains("No updates are to be");
}

Result<ChangeSet> make_change_set(const Context& context, const ChangeSetRequest& request) {
  ChangeSet set = DUNLIN_TRY(order(context, request));
  while (!set.is_empty) {
    const Look seen = DUNLIN_TRY(look(context, set));
    if (seen.status == "CREATE_COMPLETE") break;
    if (seen.status == "FAILED") {
      DUNLIN_TRY(delete_change_set(context, set));
      set.is_empty = says_no_changes(seen.reason);
      if (!set.is_empty) return unmade(request, seen.reason);
    } else if (!pause(context.interrupt, kBetweenLooks)) {
      return Error{.code = ErrorCode::interrupted,
                   .message = fmt::format("Stopped before stack {} was changed", request.stack)};
    }
  }
  return set;
}

Result<void> execute_change_set(const Context& context, const ChangeSet& set) {
  auto done = context.aws.ask(call_of(context, "ExecuteChangeSet", named(set)),
                              "the change set cannot be carried out");
  if (done) return {};
  if (done.error().hint.empty()) done.error().hint = hint_for(done.error().message);
  return done.error();
}

Result<void> delete_change_set(const Context& context, const ChangeSet& set) {
  DUNLIN_TRY(context.aws.ask(call_of(context, "DeleteChangeSet", named(set)),
                             "the change set cannot be deleted"));
  return {};
}

}  // namespace dunlin::fargate
