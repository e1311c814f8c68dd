#pragma once

#include "aws/api.hpp"

#include <utility>

namespace dunlin::fargate {

/// One call whose faults the caller wants to look at.
[[nodiscard]] inline Result<AwsReply> reply_to(AwsApi& api, const AwsCall& call) {
  return std::move(api.call({&call, 1}).at(0));
}

}  // namespace dunlin::fargate
