#include "fargate/survey.hpp"

#include "aws/query.hpp"
#include "base/text.hpp"

#include <set>

namespace dunlin::fargate {
namespace {

AwsCall call_of(const Context& context, const AwsService& service, std::string operation,
                const QueryForm& form) {
  return {.service = service,
          .region = context.region,
          .operation = std::move(operation),
          .body = form.body()};
}

Result<Account> account_of(const Context& context) {
  const auto document = DUNLIN_TRY(context.aws.ask_xml(
      call_of(context, kSts, "GetCallerIdentity", {}), "the AWS account is not known"));
  const XmlNode result = document.root()["GetCallerIdentityResult"];
  const auto arn = split(result["Arn"].text(), ':');
  Account account{.id = std::string(result["Account"].text()),
                  .partition = arn.size() > 1 ? arn[1] : std::string(),
                  .region = context.region};
  if (!account.id.empty() && !account.partition.empty()) return account;
  return Error{.code = ErrorCode::aws_failed,
               .message = "the AWS account is not known: the answer of STS has no Account or Arn"};
}

struct Subnet {
  std::string id, vpc, zone;
};

/// The subnets that a filter finds, or those of some ids.
Result<std::vector<Subnet>> subnets(const Context& context, QueryForm& form) {
  const auto document = DUNLIN_TRY(context.aws.ask_xml(
      call_of(context, kEc2, "DescribeSubnets", form), "the subnets are not known"));
  std::vector<Subnet> found;
  for (const XmlNode& each : document.root()["subnetSet"].children()) {
    found.push_back({.id = std::string(each["subnetId"].text()),
                     .vpc = std::string(each["vpcId"].text()),
                     .zone = std::string(each["availabilityZone"].text())});
  }
  return found;
}

Result<std::string> default_vpc(const Context& context) {
  QueryForm form;
  form.add("Filter.1.Name", "is-default").add("Filter.1.Value.1", "true");
  const auto document = DUNLIN_TRY(context.aws.ask_xml(call_of(context, kEc2, "DescribeVpcs", form),
                                                       "the default VPC is not known"));
  const std::string id(document.root()["vpcSet"]["item"]["vpcId"].text());
  if (!id.empty()) return id;
  return Error{
      .code = ErrorCode::configuration,
      .message = fmt::format("region {} of the account has no default VPC", context.region),
      .hint = "name yours with -fargate.vpc=vpc-... and -fargate.subnets=subnet-...,subnet-..."};
}

/// A database needs two zones, and CloudFormation would say so only after minutes.
Result<void> check_zones(const Configuration& configuration, const std::vector<Subnet>& subnets) {
  std::set<std::string> zones;
  for (const Subnet& each : subnets) zones.insert(each.zone);
  if (!configuration.boolean("fargate.createDatabase") || zones.size() > 1) return {};
  return Error{
      .code = ErrorCode::configuration,
      .message = fmt::format("a database needs subnets in two availability zones, and these "
                             "{} are in {}",
                             subnets.size(), zones.empty() ? "none" : *zones.begin()),
      .hint = "name more with -fargate.subnets=subnet-...,subnet-..."};
}

Result<void> add_network(const Context& context, const Configuration& configuration,
                         Surroundings& surroundings) {
  QueryForm form;
  surroundings.vpc = configuration.text("fargate.vpc");
  const auto named = configuration.list("fargate.subnets");
  if (!named.empty()) {
    form.add_list("SubnetId", named);
  } else {
    if (surroundings.vpc.empty()) surroundings.vpc = DUNLIN_TRY(default_vpc(context));
    form.add("Filter.1.Name", "vpc-id").add("Filter.1.Value.1", surroundings.vpc);
  }
  const auto found = DUNLIN_TRY(subnets(context, form));
  DUNLIN_TRY(check_zones(configuration, found));
  for (const Subnet& each : found) {
    if (surroundings.vpc.empty()) surroundings.vpc = each.vpc;
    if (named.empty()) surroundings.subnets.push_back(each.id);
    if (each.vpc == surroundings.vpc) continue;
    return Error{.code = ErrorCode::configuration,
                 .message = fmt::format("subnet {} is in {}, not in {}", each.id, each.vpc,
                                        surroundings.vpc),
                 .hint = "look at -fargate.vpc and -fargate.subnets"};
  }
  if (!named.empty()) surroundings.subnets = named;
  return {};
}

/// The resource id of the cluster or instance with an endpoint; nothing if there is none.
Result<std::string> database_resource(const Context& context, const std::string& host) {
  std::string marker;
  do {
    QueryForm form;
    if (!marker.empty()) form.add("Marker", marker);
    const auto document = DUNLIN_TRY(
        context.aws.ask_xml(call_of(context, kRds, "DescribeDBClusters", form),
                            "the database's own id, for its login by IAM, is not known"));
    const XmlNode result = document.root()["DescribeDBClustersResult"];
    for (const XmlNode& each : result["DBClusters"].children()) {
      if (each["Endpoint"].text() == host || each["ReaderEndpoint"].text() == host) {
        return std::string(each["DbClusterResourceId"].text());
      }
    }
    marker = result["Marker"].text();
  } while (!marker.empty());
  return std::string();
}

}  // namespace

Result<Surroundings> survey(const Context& context, const Configuration& configuration) {
  Surroundings surroundings{.account = DUNLIN_TRY(account_of(context)), .database_resource = "*"};
  if (needs_vpc(configuration)) DUNLIN_TRY(add_network(context, configuration, surroundings));
  const bool logs_in_by_iam = configuration.boolean("awsIamAuth");
  if (!logs_in_by_iam || configuration.boolean("fargate.createDatabase")) return surroundings;
  const std::string host = configuration.text("db.host");
  std::string resource = DUNLIN_TRY(database_resource(context, host));
  if (resource.empty()) {
    context.output.warn(
        fmt::format("no Aurora cluster of region {} has the endpoint {}: the job "
                    "may log in as {} to every database of the account",
                    context.region, host, configuration.text("db.user")));
  } else {
    surroundings.database_resource = std::move(resource);
  }
  return surroundings;
}

}  // namespace dunlin::fargate
