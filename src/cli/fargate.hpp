#pragma once

#include "base/clock.hpp"
#include "base/redactor.hpp"
#include "base/result.hpp"
#include "cli/program.hpp"
#include "config/configuration.hpp"
#include "report/output.hpp"

#include <optional>
#include <string>
#include <vector>

namespace dunlin {

/// One of `dunlin fargate ...`, and what there is to do it with.
struct FargateCall {
  const std::string& command;  ///< its row of the table: "fargate deploy"
  const std::optional<std::string>& operand;
  const std::vector<std::string>& operands;  ///< all words behind the command
  Configuration& configuration;
  const World& world;
  Output& output;
  Redactor& redactor;
  const Clock& clock;
};

/// Hands the room fargate/ what it needs.
/// @returns the exit code
Result<int> run_fargate(const FargateCall& call);

}  // namespace dunlin
