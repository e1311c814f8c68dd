#pragma once

#include "base/result.hpp"
#include "fargate/context.hpp"
#include "fargate/follow.hpp"
#include "fargate/names.hpp"

#include <string>

namespace dunlin::fargate {

enum class Follow { no, yes };

/// `dunlin fargate logs [task]`: prints the log of a task, which may be named by its id, the first
/// letters of it or its ARN; of the one that wrote last if none is named. With Follow::yes goes on
/// while the task runs.
/// @returns 0
/// Errors: configuration when there is no such log; aws_failed, aws_credentials, interrupted.
Result<int> print_log(const Names& names, const std::string& task, Follow follow,
                      const Context& context, Pace pace = {});

}  // namespace dunlin::fargate
