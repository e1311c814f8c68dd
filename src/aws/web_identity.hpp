#pragma once

#include "aws/credential_link.hpp"
#include "aws/edges.hpp"

#include <string>

namespace dunlin {

/// Credentials of AWS_ROLE_ARN for the token in AWS_WEB_IDENTITY_TOKEN_FILE, as EKS and CI systems
/// set them. The file is read at each call, since its token is renewed.
[[nodiscard]] Result<Link> web_identity_credentials(const AwsEdges& edges,
                                                    const std::string& region);

/// The same from a token file and a role named elsewhere, such as in a profile.
[[nodiscard]] Result<AwsCredentials> credentials_of_token_file(const AwsEdges& edges,
                                                               const std::string& region,
                                                               const std::string& path,
                                                               const std::string& role_arn,
                                                               const std::string& session_name);

}  // namespace dunlin
