#pragma once

#include "base/result.hpp"
#include "fargate/context.hpp"
#include "fargate/stack.hpp"

#include <span>
#include <string>
#include <vector>

namespace dunlin::fargate {

/// What becomes of each resource when the stack goes, as a table: "Goes | Resource | Type | Name".
/// What the template keeps comes first.
[[nodiscard]] std::string removal_table(std::span<const Resource> resources);
/// The data that are lost with these resources, a line each.
[[nodiscard]] std::vector<std::string> removal_losses(std::span<const Resource> resources);

/// Has a stack deleted, and waits for it. aws_failed with the first real cause if something cannot
/// be deleted.
Result<void> remove_stack(const Context& context, const Stack& stack);
/// As remove_stack, without waiting.
Result<void> order_removal(const Context& context, const Stack& stack);

}  // namespace dunlin::fargate
