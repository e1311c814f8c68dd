#pragma once

#include "base/result.hpp"
#include "config/configuration.hpp"
#include "fargate/context.hpp"
#include "fargate/parameters.hpp"
#include "report/output.hpp"

#include <string_view>

/// The job as a task of AWS Fargate: what `dunlin fargate ...` does, a function for each
/// sub-command. They know nothing of the command line.
namespace dunlin::fargate {

/// The text of deploy/cloudformation/dunlin.yaml, which is built in.
[[nodiscard]] std::string_view cloudformation_template() noexcept;

/// `dunlin fargate template`: prints that template.
/// @returns 0
Result<int> print_template(Output& output);

/// `dunlin fargate deploy`: makes or changes the stack. Shows what it would do and has it approved;
/// prints what happens until CloudFormation is done. Nothing to change is success.
/// @returns 0. configuration for inputs that cannot go to Fargate, or without approval; aws_failed
///   with the first real cause when the stack fails; interrupted while CloudFormation goes on
Result<int> deploy(const DeployInputs& inputs, const Context& context);

/// `dunlin fargate destroy`: removes the stack, after showing what goes and what stays. No stack is
/// success.
Result<int> destroy(const Configuration& configuration, const Context& context);

}  // namespace dunlin::fargate
