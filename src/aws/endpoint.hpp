#pragma once

#include "base/environment.hpp"
#include "base/result.hpp"

#include <string>
#include <string_view>

namespace dunlin {

/// A service of AWS as this program uses it. It speaks the JSON 1.1 protocol if it has `json`, else
/// the query protocol.
struct AwsService {
  std::string_view name;      ///< in host names, signatures and policies: "secretsmanager"
  std::string_view variable;  ///< in AWS_ENDPOINT_URL_...: "SECRETS_MANAGER"
  std::string_view shown;     ///< for messages: "Secrets Manager"
  std::string_view json;      ///< before the operation's name in X-Amz-Target
  std::string_view version;   ///< of its API, in every question of the query protocol
};
// Source: the services' models in botocore/data.
inline constexpr AwsService kCloudFormation{
    .name = "cloudformation",
    .variable = "CLOUDFORMATION",
    .shown = "CloudFormation",
    .json = {},
    .version = "2010-05-15",
};
inline constexpr AwsService kEc2{
    .name = "ec2",
    .variable = "EC2",
    .shown = "EC2",
    .json = {},
    .version = "2016-11-15",
};
inline constexpr AwsService kEcs{
    .name = "ecs",
    .variable = "ECS",
    .shown = "ECS",
    .json = "AmazonEC2ContainerServiceV20141113",
    .version = {},
};
inline constexpr AwsService kLogs{
    .name = "logs",
    .variable = "CLOUDWATCH_LOGS",
    .shown = "CloudWatch Logs",
    .json = "Logs_20140328",
    .version = {},
};
inline constexpr AwsService kRds{
    .name = "rds",
    .variable = "RDS",
    .shown = "RDS",
    .json = {},
    .version = "2014-10-31",
};
inline constexpr AwsService kSecretsManager{
    .name = "secretsmanager",
    .variable = "SECRETS_MANAGER",
    .shown = "Secrets Manager",
    .json = "secretsmanager",
    .version = {},
};
inline constexpr AwsService kSsm{
    .name = "ssm",
    .variable = "SSM",
    .shown = "Parameter Store",
    .json = "AmazonSSM",
    .version = {},
};
inline constexpr AwsService kSts{
    .name = "sts",
    .variable = "STS",
    .shown = "STS",
    .json = {},
    .version = "2011-06-15",
};

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
