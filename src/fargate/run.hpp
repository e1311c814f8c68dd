#pragma once

#include "base/result.hpp"
#include "config/configuration.hpp"
#include "fargate/context.hpp"
#include "fargate/ecs.hpp"
#include "fargate/follow.hpp"
#include "fargate/names.hpp"
#include "fargate/network.hpp"

#include <string>
#include <vector>

namespace dunlin::fargate {

/// `dunlin fargate run [branch]`, as it was asked for.
struct RunOptions {
  Names names;
  std::string branch;                                 ///< empty: the image's own default
  std::vector<std::string> subnets, security_groups;  ///< empty: the database's
  DatabaseName database;  ///< its host is the task definition's DB_HOST if it is empty
  RunRequest::PublicIp public_ip = RunRequest::PublicIp::no;
  std::string capacity_provider;
  /// When a signal or the deadline ends this program and nobody can be asked.
  enum class WhenInterrupted { leave, stop } when_interrupted = WhenInterrupted::leave;
};
[[nodiscard]] RunOptions run_options(const Configuration& configuration, std::string branch);

/// Starts one task, prints its log as it comes, and waits for its end. The log goes to standard
/// output as it is, everything else to standard error.
/// @param context  its interrupt is looked at between calls; its calls and questions do not end by
/// it,
///     so that it is always known whether a task was started
/// @returns the exit code of Ending
/// Errors: configuration, aws_failed, aws_credentials; interrupted, which says whether the task
/// goes on.
Result<int> run(const RunOptions& options, const Context& context, Pace pace = {});

}  // namespace dunlin::fargate
