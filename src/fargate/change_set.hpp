#pragma once

#include "base/result.hpp"
#include "fargate/context.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dunlin::fargate {

/// One thing that a change set would do.
struct Change {
  enum class Kind : std::uint8_t {
    add,
    modify,         ///< in its place
    maybe_replace,  ///< a new one in the place of the old one, if a value turns out another
    replace,        ///< a new one in the place of the old one
    remove,
    import,  ///< something that is there already comes into the stack
  };
  Kind kind = Kind::modify;
  std::string name;  ///< of the resource in the template: "TaskDefinition"
  std::string type;  ///< "AWS::ECS::TaskDefinition"
  std::string physical_id;
  std::vector<std::string> properties;  ///< that change: "Cpu", "Tags"; each once
  std::string
      policy;  ///< what becomes of the old one: "Snapshot", "ReplaceAndRetain"; may be empty
};

/// What a change set is, once CloudFormation has made it.
struct ChangeSet {
  std::string id, stack_id;
  std::vector<Change> changes;
  bool is_empty = false;  ///< the stack is already as it should be
};

/// "REPLACE", "make": the first column of the table.
[[nodiscard]] std::string_view shown(Change::Kind kind) noexcept;

/// "What | Resource | Type | Because of" of all changes: the dangerous ones last, where they are
/// read.
[[nodiscard]] std::string change_table(std::span<const Change> changes);

/// The changes by which data are lost, a line each: a database or a generated password that goes.
[[nodiscard]] std::vector<std::string> losses(std::span<const Change> changes);

/// Whether a failed change set only failed because there is nothing to change.
[[nodiscard]] bool says_no_changes(std::string_view reason) noexcept;

using StackParameters = std::vector<std::pair<std::string, std::string>>;

/// What a change set is made for.
struct ChangeSetRequest {
  std::string stack;
  enum class Type : std::uint8_t { create, update } type = Type::create;
  std::string_view body;  ///< the template's text
  StackParameters parameters;
};

/// Makes a change set and waits until CloudFormation has worked it out; one that failed is deleted
/// again. aws_failed with CloudFormation's reason when it can make none.
Result<ChangeSet> make_change_set(const Context& context, const ChangeSetRequest& request);
Result<void> execute_change_set(const Context& context, const ChangeSet& set);
Result<void> delete_change_set(const Context& context, const ChangeSet& set);

}  // namespace dunlin::fargate
