#pragma once

#include "aws/credential_link.hpp"
#include "aws/edges.hpp"

namespace dunlin {

/// Credentials of the EC2 instance's role, from its metadata service, version 2 only: a token
/// first, then the role's name, then its credentials. Skipped when AWS_EC2_METADATA_DISABLED is
/// true, nobody answers within AWS_METADATA_SERVICE_TIMEOUT (1 s), or the instance has no role.
/// AWS_EC2_METADATA_SERVICE_ENDPOINT, or ..._ENDPOINT_MODE=IPv6, moves it.
/// Source: Amazon EC2 User Guide, "Use the Instance Metadata Service".
[[nodiscard]] Result<Link> instance_credentials(const AwsEdges& edges);

}  // namespace dunlin
