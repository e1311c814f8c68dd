#include "fargate/network.hpp"

#include "aws/query.hpp"
#include "base/text.hpp"
#include "fargate/reply.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

namespace dunlin::fargate {
namespace {

constexpr int kMostPages = 100;           // of 100 databases each
constexpr std::size_t kMostSubnets = 16;  // awsvpcConfiguration takes no more

constexpr std::string_view kOrSayIt =
    "name the database with -fargate.databaseCluster, or the network with -fargate.subnets and "
    "-fargate.securityGroups";

/// A list of RDS and the element of it that is looked for.
struct Question {
  std::string_view operation;  ///< "DescribeDBClusters"
  std::string_view list;       ///< in its answer: "DBClusters"
  std::string_view id_name;    ///< "DBClusterIdentifier"
  std::string id;              ///< the only one that is asked for; empty: all
};

class Rds {
 public:
  Rds(AwsApi& api, std::string region) : api_(api), region_(std::move(region)) {}

  /// Calls `look` with each element of the list until it says true, over all pages.
  /// @returns false when none did, or there is none of that id
  Result<bool> find(const Question& question, const std::function<bool(const XmlNode&)>& look) {
    std::string marker;
    for (int page = 0; page < kMostPages; ++page) {
      const auto answer = DUNLIN_TRY(ask(question, marker));
      if (!answer) return false;
      const XmlNode list = answer->root().find(question.list);
      if (std::ranges::any_of(list.children(), look)) return true;
      marker = std::string(answer->root().find("Marker").text());
      if (marker.empty()) return false;
    }
    return false;
  }

 private:
  /// One page; nothing when there is none of the id.
  Result<std::optional<XmlDocument>> ask(const Question& question, const std::string& marker) {
    QueryForm form;
    if (!question.id.empty()) form.add(question.id_name, question.id);
    if (!marker.empty()) form.add("Marker", marker);
    const AwsCall call{.service = kRds,
                       .region = region_,
                       .operation = std::string(question.operation),
                       .body = form.body()};
    const auto reply = DUNLIN_TRY(reply_to(api_, call));
    if (reply.fault && reply.fault->code.contains("NotFound")) return std::nullopt;
    if (reply.fault) return aws_error(call, *reply.fault, "the database cannot be looked up");
    auto document = XmlDocument::parse(reply.body.reveal());
    if (document && document->root().find(question.list).exists()) return document;
    return Error{
        .code = ErrorCode::aws_failed,
        .message = fmt::format("RDS answered {} without {}", question.operation, question.list)};
  }

  AwsApi& api_;
  std::string region_;
};

std::vector<std::string> texts(const XmlNode& list, std::string_view name) {
  std::vector<std::string> result;
  for (const XmlNode& each : list.children()) {
    const std::string_view text = each[name].text();
    if (!text.empty()) result.emplace_back(text);
  }
  return result;
}

std::vector<std::string> subnets(const XmlNode& group) {
  auto all = texts(group["Subnets"], "SubnetIdentifier");
  all.resize(std::min(all.size(), kMostSubnets));
  return all;
}

bool is_host_of_cluster(const XmlNode& cluster, const std::string& host) {
  for (const std::string_view name : {"Endpoint", "ReaderEndpoint"}) {
    if (equals_ignoring_case(cluster[name].text(), host)) return true;
  }
  return std::ranges::any_of(cluster["CustomEndpoints"].children(), [&](const XmlNode& each) {
    return equals_ignoring_case(each.text(), host);
  });
}

Result<std::optional<Network>> of_cluster(Rds& rds, const DatabaseName& database) {
  Network network;
  std::string group;
  const bool is_there = DUNLIN_TRY(rds.find(
      {"DescribeDBClusters", "DBClusters", "DBClusterIdentifier", database.cluster},
      [&](const XmlNode& cluster) {
        if (database.cluster.empty() && !is_host_of_cluster(cluster, database.host)) return false;
        network.of = fmt::format("database cluster {}", cluster["DBClusterIdentifier"].text());
        network.security_groups = texts(cluster["VpcSecurityGroups"], "VpcSecurityGroupId");
        group = cluster["DBSubnetGroup"].text();
        return true;
      }));
  if (!is_there) return std::nullopt;
  if (group.empty()) return std::optional(std::move(network));
  DUNLIN_TRY(rds.find({"DescribeDBSubnetGroups", "DBSubnetGroups", "DBSubnetGroupName", group},
                      [&](const XmlNode& each) {
                        network.subnets = subnets(each);
                        return true;
                      }));
  return std::optional(std::move(network));
}

Result<std::optional<Network>> of_instance(Rds& rds, const DatabaseName& database) {
  Network network;
  const bool is_there = DUNLIN_TRY(rds.find(
      {"DescribeDBInstances", "DBInstances", "DBInstanceIdentifier", database.cluster},
      [&](const XmlNode& instance) {
        const std::string_view address = instance["Endpoint"]["Address"].text();
        if (database.cluster.empty() && !equals_ignoring_case(address, database.host)) return false;
        network = {.subnets = subnets(instance["DBSubnetGroup"]),
                   .security_groups = texts(instance["VpcSecurityGroups"], "VpcSecurityGroupId"),
                   .of = fmt::format("database {}", instance["DBInstanceIdentifier"].text())};
        return true;
      }));
  return is_there ? std::optional(std::move(network)) : std::nullopt;
}

Error not_found(const DatabaseName& database, const std::string& region) {
  if (database.cluster.empty() && database.host.empty()) {
    return {.code = ErrorCode::configuration,
            .message =
                "the network for the task is not known: neither the database nor subnets "
                "are named",
            .hint = fmt::format("set DB_HOST, {}", kOrSayIt)};
  }
  return {
      .code = ErrorCode::configuration,
      .message = database.cluster.empty()
                     ? fmt::format("no database in {} has the endpoint {}", region, database.host)
                     : fmt::format("there is no database {} in {}", database.cluster, region),
      .hint = std::string(kOrSayIt)};
}

}  // namespace

Result<Network> network_of(AwsApi& api, const std::string& region, const DatabaseName& database) {
  if (database.cluster.empty() && database.host.empty()) return not_found(database, region);
  Rds rds(api, region);
  auto network = DUNLIN_TRY(of_cluster(rds, database));
  if (!network) network = DUNLIN_TRY(of_instance(rds, database));
  if (!network) return not_found(database, region);
  if (!network->subnets.empty()) return *std::move(network);
  return Error{.code = ErrorCode::aws_failed,
               .message = fmt::format("{} has no subnets that can be seen", network->of),
               .hint = "name them with -fargate.subnets"};
}

}  // namespace dunlin::fargate
