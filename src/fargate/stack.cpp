#include "fargate/stack.hpp"

#include "base/text.hpp"
#include "fargate/fargate.hpp"
#include "fargate/pages.hpp"

#include <algorithm>
#include <array>

namespace dunlin::fargate {
namespace {

constexpr std::array<std::string_view, 6> kUsable = {"CREATE_COMPLETE",          "UPDATE_COMPLETE",
                                                     "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE",
                                                     "IMPORT_ROLLBACK_COMPLETE", "UPDATE_FAILED"};
constexpr std::array<std::string_view, 3> kUnmade = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED",
                                                     "CREATE_FAILED"};

/// The value of a parameter; empty when there is none.
std::string_view parameter_of(const XmlNode& stack, std::string_view key) {
  for (const XmlNode& each : stack["Parameters"].children()) {
    if (each["ParameterKey"].text() == key) return each["ParameterValue"].text();
  }
  return {};
}

Stack stack_of(const XmlNode& node) {
  Stack stack{.id = std::string(node["StackId"].text()),
              .name = std::string(node["StackName"].text()),
              .status = std::string(node["StackStatus"].text()),
              .reason = std::string(node["StackStatusReason"].text())};
  for (const XmlNode& output : node["Outputs"].children()) {
    stack.outputs.push_back({.key = std::string(output["OutputKey"].text()),
                             .value = std::string(output["OutputValue"].text()),
                             .description = std::string(output["Description"].text())});
  }
  for (const auto name : {"DatabaseRole1", "DatabaseRole2", "DatabaseRole3", "DatabaseRole4"}) {
    stack.roles.emplace_back(parameter_of(node, name));
  }
  return stack;
}

}  // namespace

Condition condition_of(std::string_view status) noexcept {
  if (status == "REVIEW_IN_PROGRESS") return Condition::unexecuted;
  if (status.ends_with("_IN_PROGRESS")) return Condition::busy;
  if (std::ranges::find(kUsable, status) != kUsable.end()) return Condition::usable;
  if (std::ranges::find(kUnmade, status) != kUnmade.end()) return Condition::unmade;
  return Condition::stuck;
}

Result<std::optional<Stack>> find_stack(const Context& context, std::string_view name) {
  const std::string failing = fmt::format("stack {} cannot be read", name);
  const AwsCall call{.service = kCloudFormation,
                     .region = context.region,
                     .operation = "DescribeStacks",
                     .body = QueryForm().add("StackName", name).body()};
  auto replies = context.aws.call({&call, 1});
  const AwsReply reply = DUNLIN_TRY(std::move(replies.front()));
  if (reply.fault) {
    // The code is that of every question with something wrong in it.
    if (reply.fault->message.ends_with("does not exist")) return std::nullopt;
    return aws_error(call, *reply.fault, failing);
  }
  const auto document = XmlDocument::parse(reply.body.reveal());
  const auto stacks = document ? document->root()["DescribeStacksResult"]["Stacks"].children()
                               : std::vector<XmlNode>();
  if (stacks.empty() || stacks.front()["StackStatus"].text().empty()) {
    return Error{.code = ErrorCode::aws_failed,
                 .message = fmt::format("{}: the answer has no StackStatus", failing)};
  }
  Stack stack = stack_of(stacks.front());
  if (stack.status == "DELETE_COMPLETE") return std::nullopt;
  return stack;
}

Result<std::vector<Resource>> resources_of(const Context& context, const Stack& stack) {
  std::vector<Resource> resources;
  const auto collect = [&](const XmlNode& result) {
    for (const XmlNode& each : result["StackResourceSummaries"].children()) {
      const bool stands = each["ResourceStatus"].text() != "DELETE_COMPLETE";
      if (!stands || each["LogicalResourceId"].text().empty()) continue;
      resources.push_back({.name = std::string(each["LogicalResourceId"].text()),
                           .type = std::string(each["ResourceType"].text()),
                           .physical_id = std::string(each["PhysicalResourceId"].text())});
    }
    return Go::on;
  };
  DUNLIN_TRY(each_page(context,
                       {.service = kCloudFormation,
                        .operation = "ListStackResources",
                        .token = "NextToken",
                        .failing = fmt::format("resources of stack {} cannot be read", stack.name),
                        .fill = [&](QueryForm& form) { form.add("StackName", stack.id); }},
                       collect));
  return resources;
}

bool may_hold_data_of_others(std::string_view name, std::string_view type) {
  constexpr std::array<std::string_view, 4> kEmpty = {
      "AWS::IAM::", "AWS::ECS::", "AWS::EC2::SecurityGroup", "AWS::RDS::DBSubnetGroup"};
  if (std::ranges::any_of(kEmpty, [&](auto each) { return type.starts_with(each); })) return false;
  return !cloudformation_template().contains(fmt::format("\n  {}:\n    Type: {}\n", name, type));
}

std::string shown_type(std::string_view type) {
  if (type.starts_with("AWS::")) type.remove_prefix(5);
  return replace_all(type, "::", " ");
}

}  // namespace dunlin::fargate
