#pragma once

#include "base/result.hpp"
#include "fargate/context.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin::fargate {

struct StackOutput {
  std::string key, value, description;
};

/// A stack of CloudFormation as DescribeStacks tells of it.
struct Stack {
  std::string id;  ///< its ARN, which a stack made anew under the same name does not have
  std::string name;
  std::string status;  ///< "UPDATE_COMPLETE"
  std::string reason;  ///< in CloudFormation's words; mostly empty
  std::vector<StackOutput> outputs;
  std::vector<std::string> roles;  ///< DatabaseRole1 and so on; empty ones too
};

/// What can be done with a stack next.
enum class Condition {
  usable,      ///< can be changed
  unexecuted,  ///< only a change set was made: nothing stands yet
  unmade,      ///< its first creation failed: it has to be deleted before it can be made
  busy,        ///< CloudFormation is at work on it
  stuck,       ///< an update could not be taken back, or a deletion failed
};

/// Every status that CloudFormation has; one that it may get some day counts as stuck.
[[nodiscard]] Condition condition_of(std::string_view status) noexcept;

/// A stack by its name or id; nothing when there is none, or none any more.
Result<std::optional<Stack>> find_stack(const Context& context, std::string_view name);

/// A resource of a stack.
struct Resource {
  std::string name;         ///< its name in the template: "LogGroup"
  std::string type;         ///< "AWS::Logs::LogGroup"
  std::string physical_id;  ///< "/ecs/dunlin"; may be empty
};

/// All resources of a stack that stand.
Result<std::vector<Resource>> resources_of(const Context& context, const Stack& stack);

/// Is it of a kind that holds something, and not of the template? A stack of that name may be
/// somebody else's, with a database or a bucket in it.
[[nodiscard]] bool may_hold_data_of_others(std::string_view name, std::string_view type);

/// "RDS DBCluster" for "AWS::RDS::DBCluster".
[[nodiscard]] std::string shown_type(std::string_view type);

}  // namespace dunlin::fargate
