#include "snapshot/rds.hpp"

#include "aws/timestamp.hpp"
#include "base/text.hpp"
#include "base/version_of_dunlin.hpp"
#include "snapshot/rds_ask.hpp"
#include "snapshot/rds_restore.hpp"

#include <algorithm>
#include <array>

namespace dunlin {
namespace {

// Behind ID.HASH.REGION.rds, or in China ID.HASH.rds.REGION.
constexpr std::array<std::string_view, 3> kDomains = {".amazonaws.com", ".amazonaws.com.cn",
                                                      ".amazonaws.eu"};

/// Does the cluster answer at this host?
bool cluster_answers(XmlNode cluster, std::string_view host) {
  if (equals_ignoring_case(cluster["Endpoint"].text(), host)) return true;
  if (equals_ignoring_case(cluster["ReaderEndpoint"].text(), host)) return true;
  return std::ranges::any_of(cluster["CustomEndpoints"].children(),
                             [&](XmlNode each) { return equals_ignoring_case(each.text(), host); });
}

Snapshot snapshot_of(const RdsKind& kind, XmlNode node) {
  const auto text = [&](std::string_view field) { return std::string(node[field].text()); };
  const auto at = parse_timestamp(text("SnapshotCreateTime"));
  const std::string size = text("AllocatedStorage");
  return {.name = text(kind.snapshot_id),
          .place = text(kind.snapshot_arn),
          .state = text("Status"),
          .made_at = at ? shown_time(*at) : "",
          .size = size.empty() || size == "0" ? "" : size + " GiB"};
}

class RdsSnapshots final : public Snapshots {
 public:
  RdsSnapshots(RdsDatabase database, SnapshotEdges edges)
      : database_(std::move(database)),
        edges_(std::move(edges)),
        rds_(database_.api, database_.region, edges_) {}

  Result<Snapshot> create(const SnapshotLabel& label) override {
    const RdsThing source = DUNLIN_TRY(find_source_of_url());
    const RdsKind& kind = source.kind;
    const std::string id = source.text(kind.id);
    // By its identifier: one account may have many clusters with a database of the same name, and
    // snapshots of all of them in one second.
    const std::string name = snapshot_name(id, label.commit, edges_.clock.now());
    QueryForm form;
    form.add(kind.snapshot_id, name).add(kind.id, id);
    add_tags(form, label);
    edges_.say(fmt::format("Taking snapshot {} of {} {}", name, kind.word, id));
    // A name that is taken is our own: the answer to a first try was lost.
    DUNLIN_TRY(rds_.ask_unless(kind.create, form,
                               fmt::format("no snapshot of {} {} can be taken", kind.word, id),
                               kind.taken));
    const RdsThing done = DUNLIN_TRY(rds_.wait_for([&] { return rds_.find_snapshot(kind, name); },
                                                   "Status", "snapshot " + name));
    const std::string of = done.text(kind.id);
    if (equals_ignoring_case(of, id)) return snapshot_of(kind, done.node);
    return Error{.code = ErrorCode::snapshot_failed,
                 .message = fmt::format("no snapshot of {} {} was taken: {} is one of {}",
                                        kind.word, id, name, of),
                 .hint = "the names are cut to the same letters; try again"};
  }

  Result<std::vector<Snapshot>> list() override {
    const RdsThing source = DUNLIN_TRY(find_source());
    const RdsKind& kind = source.kind;
    std::vector<Snapshot> all;
    DUNLIN_TRY(rds_.each(kind.snapshots, kind.snapshot_list,
                         {{std::string(kind.id), source.text(kind.id)}},
                         [&](XmlNode each) { all.push_back(snapshot_of(kind, each)); }));
    std::ranges::sort(all, {}, &Snapshot::made_at);
    return all;
  }

  Result<Restored> restore(const std::string& name, const RestoreOptions& options) override {
    return restore_rds(rds_, edges_, name, options);
  }

 private:
  static void add_tags(QueryForm& form, const SnapshotLabel& label) {
    form.add("Tags.Tag.1.Key", "dunlin:version").add("Tags.Tag.1.Value", kVersion);
    if (label.commit.empty()) return;
    form.add("Tags.Tag.2.Key", "dunlin:commit").add("Tags.Tag.2.Value", label.commit);
  }

  Result<RdsThing> find_source() {
    if (!database_.identifier.empty()) return find_by_name(database_.identifier);
    auto found = DUNLIN_TRY(find_by_endpoint());
    if (found) return *std::move(found);
    return missing(fmt::format("no cluster and no instance in {} has the endpoint {}",
                               database_.region, database_.endpoint));
  }

  /// The one that is named, but not when the host is an endpoint of another: that other one would
  /// be migrated. A proxy's host is nobody's endpoint.
  Result<RdsThing> find_source_of_url() {
    RdsThing source = DUNLIN_TRY(find_source());
    if (database_.identifier.empty() || !is_rds_endpoint(database_.endpoint)) return source;
    const auto other = DUNLIN_TRY(find_by_endpoint());
    if (!other || shown(*other) == shown(source)) return source;
    return Error{.code = ErrorCode::configuration,
                 .message = fmt::format("{} is an endpoint of {}, not of {}", database_.endpoint,
                                        shown(*other), shown(source)),
                 .hint = fmt::format("name the database that url leads to: -snapshot.database={}",
                                     other->text(other->kind.id))};
  }

  /// "cluster aurora"
  static std::string shown(const RdsThing& thing) {
    return fmt::format("{} {}", thing.kind.word, thing.text(thing.kind.id));
  }

  Result<std::optional<RdsThing>> find_by_endpoint() {
    auto cluster = DUNLIN_TRY(rds_.find_if(
        kRdsCluster, [&](XmlNode each) { return cluster_answers(each, database_.endpoint); }));
    if (cluster) return cluster;
    auto instance = DUNLIN_TRY(rds_.find_if(kRdsInstance, [&](XmlNode each) {
      return equals_ignoring_case(each["Endpoint"]["Address"].text(), database_.endpoint);
    }));
    // The endpoint of one instance of a cluster: snapshots are taken of the whole.
    const std::string whole = instance ? instance->text("DBClusterIdentifier") : "";
    if (whole.empty()) return instance;
    return std::optional(DUNLIN_TRY(find_by_name(whole)));
  }

  Result<RdsThing> find_by_name(const std::string& id) {
    for (const RdsKind& kind : {kRdsCluster, kRdsInstance}) {
      auto found = DUNLIN_TRY(rds_.find(kind, id));
      if (found) return *std::move(found);
    }
    return missing(fmt::format("{} has no cluster and no instance {}", database_.region, id));
  }

  static Error missing(std::string message) {
    return {.code = ErrorCode::aws_failed,
            .message = std::move(message),
            .hint = "check the region, or name the cluster or instance: -snapshot.database=NAME"};
  }

  RdsDatabase database_;
  SnapshotEdges edges_;
  RdsAsk rds_;
};

}  // namespace

std::unique_ptr<Snapshots> rds_snapshots(RdsDatabase database, SnapshotEdges edges) {
  return std::make_unique<RdsSnapshots>(std::move(database), std::move(edges));
}

bool is_rds_endpoint(std::string_view host) { return !region_of_endpoint(host).empty(); }

std::string region_of_endpoint(std::string_view host) {
  const std::string name = lower(host);
  const auto* const domain =
      std::ranges::find_if(kDomains, [&](std::string_view each) { return name.ends_with(each); });
  if (domain == kDomains.end()) return {};
  const auto labels = split(std::string_view(name).substr(0, name.size() - domain->size()), '.');
  if (labels.size() < 3) return {};
  const std::string& last = labels.back();
  const std::string& before = labels[labels.size() - 2];
  if (last == "rds") return before;
  return before == "rds" ? last : std::string();
}

}  // namespace dunlin
