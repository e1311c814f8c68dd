#include "fargate/survey.hpp"

#include "base/text.hpp"
#include "fargate/pages.hpp"

#include <array>
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
  std::string id(document.root()["vpcSet"]["item"]["vpcId"].text());
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

/// Where databases of a kind are listed, and by what name IAM knows them.
struct Kind {
  std::string_view operation, list, resource;
};
constexpr std::array kKinds = {Kind{"DescribeDBClusters", "DBClusters", "DbClusterResourceId"},
                               Kind{"DescribeDBInstances", "DBInstances", "DbiResourceId"}};

bool is_at(const XmlNode& database, std::string_view host) {
  // A cluster's endpoint is a text, an instance's an element with an Address.
  return database["Endpoint"].text() == host || database["ReaderEndpoint"].text() == host ||
         database["Endpoint"]["Address"].text() == host;
}

/// The resource id of the cluster or instance with an endpoint; empty if there is none.
Result<std::string> database_resource(const Context& context, std::string_view host) {
  std::string resource;
  for (const Kind& kind : kKinds) {
    const auto look = [&](const XmlNode& result) {
      for (const XmlNode& each : result[kind.list].children()) {
        if (is_at(each, host)) resource = each[kind.resource].text();
      }
      return resource.empty() ? Go::on : Go::no_further;
    };
    DUNLIN_TRY(each_page(context,
                         {.service = kRds,
                          .operation = std::string(kind.operation),
                          .token = "Marker",
                          .failing = "the database's own id, for its login by IAM, is not known",
                          .fill = [](QueryForm&) {}},
                         look));
    if (!resource.empty()) break;
  }
  return resource;
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
        fmt::format("no database of region {} has the endpoint {}: the job "
                    "may log in as {} to every database of the account",
                    context.region, host, configuration.text("db.user")));
  } else {
    surroundings.database_resource = std::move(resource);
  }
  return surroundings;
}

}  // namespace dunlin::fargate
