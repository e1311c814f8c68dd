#pragma once

#include "base/result.hpp"
#include "config/configuration.hpp"
#include "fargate/context.hpp"
#include "fargate/parameters.hpp"

namespace dunlin::fargate {

/// Looks up what the template needs besides the options: whose account it is; where something is to
/// stand in a VPC, the VPC and subnets, those of the account's default VPC unless options name
/// them; and the database's own id, where the job logs in by IAM.
Result<Surroundings> survey(const Context& context, const Configuration& configuration);

}  // namespace dunlin::fargate
