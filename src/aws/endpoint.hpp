#pragma once

#include "base/environment.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>

namespace dunlin {

/// A service of AWS as this program uses it.
struct AwsService {
  std::string_view name;      ///< in host names and signatures: "secretsmanager"
  std::string_view variable;  ///< in AWS_ENDPOINT_URL_...: "SECRETS_MANAGER"
  std::string_view shown;     ///< for messages: "Secrets Manager"
};
inline constexpr AwsService kSecretsManager{"secretsmanager", "SECRETS_MANAGER", "Secrets Manager"};
inline constexpr AwsService kSsm{"ssm", "SSM", "Parameter Store"};
inline constexpr AwsService kSts{"sts", "STS", "STS"};

/// The URL of a service in a region, without a slash at the end. AWS_ENDPOINT_URL_<SERVICE> wins
/// over AWS_ENDPOINT_URL, both over the usual host; AWS_USE_FIPS_ENDPOINT and
/// AWS_USE_DUALSTACK_ENDPOINT change that host; AWS_IGNORE_CONFIGURED_ENDPOINT_URLS hides the first
/// two. Fails with configuration when the region is empty or could not be one, or an URL is not
/// http(s). Source: AWS SDKs and Tools Reference Guide, "Service-specific endpoints"; the
/// partitions are those of botocore's partitions.json.
[[nodiscard]] Result<std::string> aws_endpoint(const AwsService& service, std::string_view region,
                                               const Environment& environment);

/// The region inside an ARN ("arn:aws:ssm:eu-west-1:..."); empty when `id` is no ARN or names none.
[[nodiscard]] std::string_view region_of_arn(std::string_view id) noexcept;

}  // namespace dunlin
