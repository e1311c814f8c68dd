#pragma once

#include "aws/credentials.hpp"
#include "http/client.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace dunlin {

/// What a signature is good for.
struct SigningScope {
  std::string region;   ///< "eu-central-1"
  std::string service;  ///< its signing name: "secretsmanager", "ssm", "rds-db", "sts"
  std::chrono::system_clock::time_point at;  ///< AWS refuses what is off by over 5 minutes
};

/// Adds X-Amz-Date, X-Amz-Security-Token (for temporary credentials) and Authorization to the
/// request: AWS Signature Version 4 over the method, the URL, all its headers and its body. The URL
/// is sent as it stands, so it has to be percent-encoded already.
/// Source: "Create a signed AWS API request", AWS IAM User Guide.
void sign(HttpRequest& request, const AwsCredentials& credentials, const SigningScope& scope);

/// `url` with a signature in its query, good for GET until `lifetime` has passed.
/// A secret: whoever has it may do what it asks.
[[nodiscard]] Secret presign(std::string_view url, const AwsCredentials& credentials,
                             const SigningScope& scope, std::chrono::seconds lifetime);

/// The password of a database user who logs in by IAM (rds_iam): a presigned URL without its
/// scheme. Made by computation alone, and valid for connecting during 15 minutes.
/// Source: "Connecting to your DB instance using IAM authentication", Amazon RDS User Guide.
[[nodiscard]] Secret rds_token(std::string_view host, int port, std::string_view user,
                               const AwsCredentials& credentials, std::string_view region,
                               std::chrono::system_clock::time_point at);

}  // namespace dunlin
