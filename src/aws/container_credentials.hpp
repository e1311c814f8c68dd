#pragma once

#include "aws/credential_link.hpp"
#include "aws/edges.hpp"

#include <string_view>

namespace dunlin {

/// Credentials of the task role, from the endpoint that ECS and EKS name in the container:
/// AWS_CONTAINER_CREDENTIALS_RELATIVE_URI (at 169.254.170.2) or AWS_CONTAINER_CREDENTIALS_FULL_URI,
/// with AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE (read at each call) or ..._TOKEN in its header.
/// Source: AWS SDKs and Tools Reference Guide, "Container credential provider".
[[nodiscard]] Result<Link> container_credentials(const AwsEdges& edges);

/// Whether a full URI may be asked: https anywhere, http only on this machine or at the fixed
/// addresses of ECS and EKS, since the answer travels in clear.
[[nodiscard]] bool may_ask_for_credentials(std::string_view url);

}  // namespace dunlin
