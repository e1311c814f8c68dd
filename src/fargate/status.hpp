#pragma once

#include "base/result.hpp"
#include "fargate/context.hpp"
#include "fargate/names.hpp"

namespace dunlin::fargate {

/// `dunlin fargate status`: the cluster, the task definition with its image and log group, and a
/// table of the tasks that run and of those that stopped lately, with how they ended. ECS keeps
/// stopped ones about an hour.
/// @returns 0
Result<int> print_status(const Names& names, const Context& context);

}  // namespace dunlin::fargate
