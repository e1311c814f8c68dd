#pragma once

#include "aws/credential_link.hpp"
#include "aws/edges.hpp"
#include "aws/profile.hpp"

namespace dunlin {

/// Credentials of a profile with sso_account_id and sso_role_name, by the token that `aws sso
/// login` left in ~/.aws/sso/cache. The token is not renewed here: when it has run out, the message
/// says how. Source: AWS SDKs and Tools Reference Guide, "IAM Identity Center credential provider".
[[nodiscard]] Result<AwsCredentials> sso_credentials(const AwsEdges& edges,
                                                     const AwsProfiles& profiles,
                                                     const AwsProfile& profile,
                                                     const std::string& name);

}  // namespace dunlin
