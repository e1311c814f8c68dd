#include "job/snapshots.hpp"

#include "base/text.hpp"
#include "database/postgresql/url.hpp"
#include "database/sqlite/url.hpp"
#include "database/url.hpp"
#include "job/tunnel.hpp"
#include "snapshot/dump.hpp"
#include "snapshot/rds.hpp"
#include "snapshot/sqlite.hpp"

#include <utility>

namespace dunlin {
namespace {

struct Whereabouts {
  std::string host;
  std::string database;
  bool is_sqlite = false;
};

/// The last value counts, as with libpq.
std::string value_of(const postgresql::Parameters& parameters, std::string_view name) {
  std::string found;
  for (const auto& [key, value] : parameters) {
    if (key == name) found = value;
  }
  return found;
}

/// What url says, or DB_HOST and DB_NAME where there is none.
Result<Whereabouts> whereabouts_of(const Configuration& configuration) {
  const std::string url = configuration.text("url");
  if (url.empty()) {
    return Whereabouts{.host = configuration.text("db.host"),
                       .database = configuration.text("db.name")};
  }
  if (DUNLIN_TRY(kind_of_url(url)) == UrlKind::sqlite) return Whereabouts{.is_sqlite = true};
  const auto parsed = DUNLIN_TRY(postgresql::parse_url(url, configuration.map("jdbcProperties")));
  return Whereabouts{.host = value_of(parsed.target.parameters, "host"),
                     .database = value_of(parsed.target.parameters, "dbname")};
}

std::string identifier_of(const Configuration& configuration) {
  const std::string own = configuration.text("snapshot.database");
  return own.empty() ? configuration.text("fargate.databaseCluster") : own;
}

/// The login of the session, for another program.
Result<DumpTarget> dump_target(const SnapshotNeeds& needs) {
  auto target = DUNLIN_TRY(target_of(needs.configuration, needs.by_iam));
  auto& options = std::get<postgresql::ConnectOptions>(target.options);
  if (options.password_for_connect) {
    options.target.password = DUNLIN_TRY(options.password_for_connect(
        value_of(options.target.parameters, "host"), value_of(options.target.parameters, "port")));
  }
  DumpTarget result{.target = std::move(options.target), .route = nullptr};
  if (!target.tunnel) return result;
  const std::shared_ptr<ssh::Tunnel> tunnel =
      DUNLIN_TRY(ssh::Tunnel::open(*std::move(target.tunnel), &needs.interrupt));
  DUNLIN_TRY(lead_through(*tunnel, result.target));
  result.route = tunnel;
  return result;
}

Result<std::unique_ptr<Snapshots>> files_of(const SnapshotNeeds& needs, const Whereabouts& place,
                                            SnapshotEdges edges,
                                            std::function<Result<Database*>()> session) {
  const Configuration& configuration = needs.configuration;
  DUNLIN_TRY(check_url(configuration));
  const auto folder = needs.here / configuration.text("snapshot.folder");
  if (DUNLIN_TRY(kind_of_url(configuration.text("url"))) == UrlKind::sqlite) {
    auto url = DUNLIN_TRY(
        sqlite::parse_url(configuration.text("url"), configuration.map("jdbcProperties")));
    return sqlite_snapshots({.folder = folder, .path = std::move(url.path)}, std::move(edges));
  }
  return dump_snapshots({.folder = folder,
                         .name = place.database,
                         .table_lock_timeout = limits_of(configuration).table_lock_timeout,
                         .session = std::move(session),
                         .target = [&needs] { return dump_target(needs); }},
                        std::move(edges));
}

Result<std::unique_ptr<Snapshots>> of_rds(const SnapshotNeeds& needs, const Whereabouts& place,
                                          SnapshotEdges edges) {
  std::string identifier = identifier_of(needs.configuration);
  std::string region = needs.configuration.text("region");
  if (region.empty()) region = region_of_endpoint(place.host);
  if (identifier.empty() && !is_rds_endpoint(place.host)) {
    return Error{.code = ErrorCode::configuration,
                 .message = place.host.empty()
                                ? std::string("no database of RDS is named")
                                : fmt::format("{} is no endpoint of RDS", place.host),
                 .hint = "name the cluster or instance: -snapshot.database=NAME"};
  }
  return rds_snapshots({.api = needs.aws,
                        .region = std::move(region),
                        .identifier = std::move(identifier),
                        .endpoint = place.host},
                       std::move(edges));
}

}  // namespace

Result<std::unique_ptr<Snapshots>> snapshots_of(const SnapshotNeeds& needs,
                                                std::function<Result<Database*>()> session) {
  SnapshotEdges edges{
      .clock = needs.clock,
      .interrupt = needs.interrupt,
      .say = [&output = needs.output](const std::string& line) { output.info(line); }};
  const Configuration& configuration = needs.configuration;
  const std::string method = configuration.text("snapshot.method");
  const Whereabouts place = DUNLIN_TRY(whereabouts_of(configuration));
  const bool is_named = !configuration.text("snapshot.database").empty() && !place.is_sqlite;
  const bool by_rds =
      method == "rds" || (method == "auto" && (is_named || is_rds_endpoint(place.host)));
  return by_rds ? of_rds(needs, place, std::move(edges))
                : files_of(needs, place, std::move(edges), std::move(session));
}

TakeSnapshot snapshot_before_migrate(const SnapshotNeeds& needs) {
  if (!needs.configuration.boolean("snapshotBeforeMigrate")) return {};
  return [&needs](Database& database, const std::string& commit) -> Result<std::string> {
    const auto take = [&]() -> Result<Snapshot> {
      const auto snapshots =
          DUNLIN_TRY(snapshots_of(needs, [&]() -> Result<Database*> { return &database; }));
      return snapshots->create({.commit = commit});
    };
    auto taken = take();
    if (!taken) {
      Error error = std::move(taken).error();
      error.message = "nothing is migrated, as there is no snapshot: " + error.message;
      return error;
    }
    needs.output.info("Snapshot before migrating: " + taken->place);
    return taken->place;
  };
}

}  // namespace dunlin
