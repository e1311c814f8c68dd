// A restored cluster has the data and nothing else: no instance, the VPC's default security group,
// no scaling. So all of that is taken from the cluster that the snapshot is of.
#include "snapshot/rds_restore.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace dunlin {
namespace {

Error refused(std::string message, std::string hint) {
  return {.code = ErrorCode::configuration, .message = std::move(message), .hint = std::move(hint)};
}

/// Adds the field under the name that the question has for it, if the source has one.
void copy(QueryForm& form, std::string_view to, const RdsThing& source, std::string_view from) {
  if (const std::string text = source.text(from); !text.empty()) form.add(to, text);
}

void copy_security_groups(QueryForm& form, const RdsThing& source) {
  std::vector<std::string> groups;
  for (const XmlNode each : source.node["VpcSecurityGroups"].children()) {
    groups.emplace_back(each["VpcSecurityGroupId"].text());
  }
  form.add_list("VpcSecurityGroupIds.VpcSecurityGroupId", groups);
}

/// In either kind's own way: a cluster names its group, an instance describes it.
std::string subnet_group_of(const RdsThing& source) {
  const XmlNode group = source.node["DBSubnetGroup"];
  const XmlNode name = group["DBSubnetGroupName"];
  return std::string(name.exists() ? name.text() : group.text());
}

void copy_network(QueryForm& form, const RdsThing& source) {
  if (const std::string group = subnet_group_of(source); !group.empty()) {
    form.add("DBSubnetGroupName", group);
  }
  copy_security_groups(form, source);
  copy(form, "NetworkType", source, "NetworkType");
  copy(form, "EnableIAMDatabaseAuthentication", source, "IAMDatabaseAuthenticationEnabled");
  copy(form, "CopyTagsToSnapshot", source, "CopyTagsToSnapshot");
}

bool is_aurora(const RdsThing& cluster) { return cluster.text("Engine").starts_with("aurora"); }

QueryForm cluster_form(const RdsThing& snapshot, const RdsThing& source, const std::string& to) {
  QueryForm form;
  form.add("DBClusterIdentifier", to).add("SnapshotIdentifier", snapshot.asked);
  copy(form, "Engine", snapshot, "Engine");
  copy(form, "EngineVersion", snapshot, "EngineVersion");
  copy(form, "Port", source, "Port");
  copy(form, "DBClusterParameterGroupName", source, "DBClusterParameterGroup");
  copy(form, "StorageType", source, "StorageType");
  copy_network(form, source);
  const XmlNode scaling = source.node["ServerlessV2ScalingConfiguration"];
  for (const std::string_view each : {"MinCapacity", "MaxCapacity", "SecondsUntilAutoPause"}) {
    if (scaling[each].text().empty()) continue;
    form.add(fmt::format("ServerlessV2ScalingConfiguration.{}", each), scaling[each].text());
  }
  if (!is_aurora(source)) {  // a Multi-AZ cluster brings its instances along
    copy(form, "DBClusterInstanceClass", source, "DBClusterInstanceClass");
    copy(form, "Iops", source, "Iops");
  }
  return form;
}

QueryForm instance_form(const RdsThing& snapshot, const RdsThing& source, const std::string& to) {
  QueryForm form;
  form.add("DBInstanceIdentifier", to).add("DBSnapshotIdentifier", snapshot.asked);
  copy(form, "DBInstanceClass", source, "DBInstanceClass");
  copy(form, "MultiAZ", source, "MultiAZ");
  copy(form, "PubliclyAccessible", source, "PubliclyAccessible");
  copy(form, "AutoMinorVersionUpgrade", source, "AutoMinorVersionUpgrade");
  copy(form, "StorageType", source, "StorageType");
  if (const XmlNode port = source.node["Endpoint"]["Port"]; !port.text().empty()) {
    form.add("Port", port.text());
  }
  const auto groups = source.node["DBParameterGroups"].children();
  if (!groups.empty()) {
    form.add("DBParameterGroupName", groups.front()["DBParameterGroupName"].text());
  }
  copy_network(form, source);
  return form;
}

/// The identifier of the instance that writes; of any if none says that it does.
std::string writer_of(const RdsThing& cluster) {
  const auto members = cluster.node["DBClusterMembers"].children();
  if (members.empty()) return {};
  const auto writer = std::ranges::find_if(
      members, [](XmlNode each) { return each["IsClusterWriter"].text() == "true"; });
  const XmlNode chosen = writer == members.end() ? members.front() : *writer;
  return std::string(chosen["DBInstanceIdentifier"].text());
}

/// One restoration, step by step.
class Restoration {
 public:
  Restoration(RdsAsk& rds, const SnapshotEdges& edges, std::string to)
      : rds_(rds), edges_(edges), to_(std::move(to)) {}

  Result<Restored> run(const RdsThing& snapshot) {
    const RdsKind kind = snapshot.kind;
    const RdsThing source = DUNLIN_TRY(source_of(snapshot));
    const bool is_cluster = kind.word == kRdsCluster.word;
    const std::string writer = is_cluster && is_aurora(source) ? writer_of(source) : "";
    DUNLIN_TRY(check_names(kind, writer));
    edges_.say(fmt::format("Restoring snapshot {} as {} {}", snapshot.text(kind.snapshot_id),
                           kind.word, to_));
    const QueryForm form =
        is_cluster ? cluster_form(snapshot, source, to_) : instance_form(snapshot, source, to_);
    DUNLIN_TRY(rds_.ask(kind.restore, form, fmt::format("{} {} cannot be made", kind.word, to_)));
    // An instance can be added while the cluster is still being made: both then take one wait.
    if (!writer.empty()) DUNLIN_TRY(add_instance(writer));
    const RdsThing made = DUNLIN_TRY(
        rds_.wait_for([&] { return rds_.find(kind, to_); }, kind.status, named(kind, to_)));
    if (!writer.empty()) DUNLIN_TRY(wait_for_instance());
    return Restored{.what = named(kind, to_),
                    .endpoint = std::string(is_cluster ? made.node["Endpoint"].text()
                                                       : made.node["Endpoint"]["Address"].text())};
  }

 private:
  static std::string named(const RdsKind& kind, std::string_view id) {
    return fmt::format("{} {}", kind.word, id);
  }
  [[nodiscard]] std::string instance() const { return to_ + "-1"; }

  Result<RdsThing> source_of(const RdsThing& snapshot) {
    const RdsKind& kind = snapshot.kind;
    const std::string id = snapshot.text(kind.id);
    auto source = DUNLIN_TRY(rds_.find(kind, id));
    if (source) return *std::move(source);
    return refused(fmt::format("the {} {} that snapshot {} is of does not exist any more, so its "
                               "class, subnets and security groups are not known",
                               kind.word, id, snapshot.text(kind.snapshot_id)),
                   "restore it in the console of RDS, where you are asked for them");
  }

  /// Nothing is ever restored over something.
  Result<void> check_names(const RdsKind& kind, const std::string& writer) {
    if (DUNLIN_TRY(rds_.find(kind, to_))) {
      return refused(fmt::format("{} exists already, and a snapshot is restored as a new one",
                                 named(kind, to_)),
                     "choose another name with --into");
    }
    if (!writer.empty() && DUNLIN_TRY(rds_.find(kRdsInstance, instance()))) {
      return refused(
          fmt::format("the new cluster's instance would be {}, which exists already", instance()),
          "choose another name with --into");
    }
    return {};
  }

  Result<void> add_instance(const std::string& writer) {
    const auto model = DUNLIN_TRY(rds_.find(kRdsInstance, writer));
    if (!model) {
      return Error{.code = ErrorCode::aws_failed,
                   .message = fmt::format(
                       "instance {}, the model for the one of cluster {}, is gone", writer, to_),
                   .hint = fmt::format("add an instance to cluster {} in the console of RDS", to_)};
    }
    QueryForm form;
    form.add("DBInstanceIdentifier", instance()).add("DBClusterIdentifier", to_);
    copy(form, "Engine", *model, "Engine");
    copy(form, "DBInstanceClass", *model, "DBInstanceClass");
    copy(form, "PubliclyAccessible", *model, "PubliclyAccessible");
    const auto groups = model->node["DBParameterGroups"].children();
    if (!groups.empty()) {
      form.add("DBParameterGroupName", groups.front()["DBParameterGroupName"].text());
    }
    DUNLIN_TRY(rds_.ask(
        "CreateDBInstance", form,
        fmt::format("cluster {} is made, and its instance {} cannot be", to_, instance())));
    return {};
  }

  Result<void> wait_for_instance() {
    DUNLIN_TRY(rds_.wait_for([&] { return rds_.find(kRdsInstance, instance()); },
                             kRdsInstance.status, named(kRdsInstance, instance())));
    return {};
  }

  RdsAsk& rds_;
  const SnapshotEdges& edges_;
  std::string to_;
};

Result<RdsThing> find_snapshot(RdsAsk& rds, const std::string& name) {
  for (const RdsKind& kind : {kRdsCluster, kRdsInstance}) {
    auto found = DUNLIN_TRY(rds.find_snapshot(kind, name));
    if (found) return *std::move(found);
  }
  return refused(fmt::format("there is no snapshot {}", name), "`dunlin snapshot list` shows them");
}

}  // namespace

Result<Restored> restore_rds(RdsAsk& rds, const SnapshotEdges& edges, const std::string& name,
                             const RestoreOptions& options) {
  if (options.to.empty()) {
    return refused("a snapshot of RDS is restored as a new cluster or instance, which needs a name",
                   fmt::format("write dunlin snapshot restore {} --into NAME", name));
  }
  if (options.replace) {
    return refused("RDS restores a snapshot as a new cluster or instance, so replace means nothing",
                   "leave it out");
  }
  const RdsThing snapshot = DUNLIN_TRY(find_snapshot(rds, name));
  if (const std::string state = snapshot.text("Status"); state != "available") {
    return refused(fmt::format("snapshot {} is {}", name, state), "wait until it is available");
  }
  return Restoration(rds, edges, lower(options.to)).run(snapshot);
}

}  // namespace dunlin
