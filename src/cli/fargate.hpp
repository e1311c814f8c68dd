#pragma once

#include "base/result.hpp"
#include "report/output.hpp"

#include <string_view>

namespace dunlin {

/// Hands one of `dunlin fargate ...` what it needs.
/// @param command  its row of the table: "fargate template"
/// @returns the exit code
Result<int> run_fargate(std::string_view command, Output& output);

}  // namespace dunlin
