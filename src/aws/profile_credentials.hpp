#pragma once

#include "aws/credential_link.hpp"
#include "aws/edges.hpp"

#include <string>

namespace dunlin {

/// Credentials of a profile of the shared files: its keys, a role (role_arn with source_profile,
/// credential_source or web_identity_token_file), a cached SSO login, or what credential_process
/// prints. `profile` empty: AWS_PROFILE, else "default". A profile that is asked for by name and
/// does not exist is an error; "default" is skipped then.
/// Source: AWS SDKs and Tools Reference Guide, "Shared config and credentials files".
[[nodiscard]] Result<Link> profile_credentials(const AwsEdges& edges, const std::string& region,
                                               const std::string& profile);

}  // namespace dunlin
