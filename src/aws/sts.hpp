#pragma once

#include "aws/credentials.hpp"
#include "aws/edges.hpp"
#include "base/result.hpp"

#include <string>

namespace dunlin {

struct WebIdentity {
  std::string role_arn;
  std::string session_name;  ///< empty: one that says dunlin
  Secret token;              ///< an OpenID Connect token
};

struct RoleToAssume {
  std::string role_arn;
  std::string session_name;      ///< empty: one that says dunlin
  std::string external_id;       ///< may be empty
  std::string duration_seconds;  ///< as in the profile; empty: AWS's own, one hour
};

/// Asks STS in `region` (empty: us-east-1) for temporary credentials. Throttling, 5xx and no answer
/// are tried again. Errors have aws_credentials and name the role; configuration for a wrong
/// region. Source: AWS STS API Reference, AssumeRoleWithWebIdentity (not signed) and AssumeRole.
[[nodiscard]] Result<AwsCredentials> assume_role_with_web_identity(const AwsEdges& edges,
                                                                   const std::string& region,
                                                                   const WebIdentity& identity);
[[nodiscard]] Result<AwsCredentials> assume_role(const AwsEdges& edges, const std::string& region,
                                                 const RoleToAssume& role,
                                                 const AwsCredentials& by);

}  // namespace dunlin
