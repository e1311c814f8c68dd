#include "aws/endpoint.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

using Variables = std::map<std::string, std::string, std::less<>>;

TEST(EndpointTest, IsTheOneThatBotocoreUses) {
  const Variables fips = {{"AWS_USE_FIPS_ENDPOINT", "true"}};
  const Variables dual = {{"AWS_USE_DUALSTACK_ENDPOINT", "true"}};
  const Variables both = {{"AWS_USE_FIPS_ENDPOINT", "true"},
                          {"AWS_USE_DUALSTACK_ENDPOINT", "True"}};
  struct Case {
    const char* why;
    AwsService service;
    const char* region;
    Variables variables;
    const char* expected;
  };
  const Case cases[] = {
      {"usual", kSecretsManager, "us-west-2", {}, "https://secretsmanager.us-west-2.amazonaws.com"},
      {"has no second host", kSecretsManager, "us-west-2", dual,
       "https://secretsmanager.us-west-2.amazonaws.com"},
      {"FIPS", kSecretsManager, "us-west-2", both,
       "https://secretsmanager-fips.us-west-2.amazonaws.com"},
      {"FIPS in GovCloud", kSecretsManager, "us-gov-west-1", fips,
       "https://secretsmanager-fips.us-gov-west-1.amazonaws.com"},
      {"China",
       kSecretsManager,
       "cn-north-1",
       {},
       "https://secretsmanager.cn-north-1.amazonaws.com.cn"},
      {"European Sovereign Cloud", kSecretsManager, "eusc-de-east-1", dual,
       "https://secretsmanager.eusc-de-east-1.api.amazonwebservices.eu"},
      {"isolated", kSts, "us-isob-east-1", {}, "https://sts.us-isob-east-1.sc2s.sgov.gov"},
      {"dual stack", kSsm, "us-west-2", dual, "https://ssm.us-west-2.api.aws"},
      {"FIPS and dual stack", kSsm, "us-west-2", both, "https://ssm-fips.us-west-2.api.aws"},
      {"GovCloud is FIPS by itself", kSsm, "us-gov-west-1", fips,
       "https://ssm.us-gov-west-1.amazonaws.com"},
      {"CloudFormation", kCloudFormation, "us-west-2", dual,
       "https://cloudformation.us-west-2.api.aws"},
      {"EC2", kEc2, "us-east-1", {}, "https://ec2.us-east-1.amazonaws.com"},
      {"ECS", kEcs, "us-gov-east-1", fips, "https://ecs.us-gov-east-1.amazonaws.com"},
      {"Logs", kLogs, "eu-central-1", both, "https://logs-fips.eu-central-1.api.aws"},
      {"RDS", kRds, "eusc-de-east-1", fips, "https://rds-fips.eusc-de-east-1.amazonaws.eu"},
      {"but not dual stack", kSsm, "us-gov-west-1", both, "https://ssm-fips.us-gov-west-1.api.aws"},
  };
  for (const auto& [why, service, region, variables, expected] : cases) {
    SCOPED_TRACE(why);
    const auto url = aws_endpoint(service, region, Environment(variables));
    ASSERT_TRUE(url);
    EXPECT_EQ(*url, expected);
  }
}

TEST(EndpointTest, IsWhatTheEnvironmentSays) {
  Variables variables = {{"AWS_ENDPOINT_URL", "http://localhost:5000/"},
                         {"AWS_ENDPOINT_URL_SSM", "https://ssm.local/base/"}};
  const auto url = [&](const AwsService& service) {
    return *aws_endpoint(service, "us-west-2", Environment(variables));
  };
  EXPECT_EQ(url(kSecretsManager), "http://localhost:5000");
  EXPECT_EQ(url(kSsm), "https://ssm.local/base");
  struct Case {
    AwsService service;
    const char* variable;
  };
  constexpr Case cases[] = {
      {kCloudFormation, "AWS_ENDPOINT_URL_CLOUDFORMATION"},
      {kEc2, "AWS_ENDPOINT_URL_EC2"},
      {kEcs, "AWS_ENDPOINT_URL_ECS"},
      {kLogs, "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"},
      {kRds, "AWS_ENDPOINT_URL_RDS"},
  };
  for (const auto& [service, variable] : cases) {
    variables[variable] = "http://own";
    EXPECT_EQ(url(service), "http://own") << variable;
  }
  variables["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"] = "true";
  EXPECT_EQ(url(kSsm), "https://ssm.us-west-2.amazonaws.com");
}

TEST(EndpointTest, IsRefusedForWhatIsNoRegionOrNoUrl) {
  const Environment wrong(Variables{{"AWS_ENDPOINT_URL_STS", "localhost:5000"}});
  struct Case {
    const char *why, *region, *expected;
  };
  constexpr Case cases[] = {
      {"none", "", "no AWS region is set, and STS is asked"},
      {"would be another host", "x.evil.com/", "\"x.evil.com/\" is not an AWS region"},
      {"no scheme", "us-west-2", "AWS_ENDPOINT_URL_STS is not an http or https URL"},
  };
  for (const auto& [why, region, expected] : cases) {
    SCOPED_TRACE(why);
    const auto url = aws_endpoint(kSts, region, wrong);
    ASSERT_FALSE(url);
    EXPECT_EQ(url.error().code, ErrorCode::configuration);
    EXPECT_EQ(url.error().message, expected);
  }
}

TEST(EndpointTest, FindsTheRegionOfAnArn) {
  EXPECT_EQ(region_of_arn("arn:aws:secretsmanager:eu-west-1:1:secret:a-b"), "eu-west-1");
  EXPECT_EQ(region_of_arn("arn:aws:iam::1:role/x"), "");
  EXPECT_EQ(region_of_arn("arn:aws"), "");
  EXPECT_EQ(region_of_arn("name"), "");
}

}  // namespace
}  // namespace dunlin
