#pragma once

#include "aws/api.hpp"
#include "base/clock.hpp"
#include "base/interrupt.hpp"
#include "base/terminal.hpp"
#include "report/output.hpp"

#include <string>

namespace dunlin::fargate {

/// What every sub-command needs of the world. All of it outlives the call.
struct Context {
  AwsApi& aws;
  std::string region;
  Output& output;
  const Clock& clock;
  const Interrupt& interrupt;
  const Ask& ask;
  enum class Shape { text, json } shape = Shape::text;  ///< json: one document
};

}  // namespace dunlin::fargate
