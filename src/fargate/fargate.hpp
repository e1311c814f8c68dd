#pragma once

#include "base/result.hpp"
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

}  // namespace dunlin::fargate
