#include "job/connect.hpp"

#include "base/environment.hpp"
#include "base/text.hpp"
#include "database/postgresql/trust.hpp"
#include "database/postgresql/url.hpp"
#include "database/url.hpp"
#include "job/tunnel.hpp"

namespace dunlin {
namespace {

/// Puts in what stands for url and lockUrl alike.
Result<void> add_login(const Configuration& configuration, postgresql::Target& target) {
  if (configuration.has("user")) target.parameters.emplace_back("user", configuration.text("user"));
  if (configuration.has("password")) target.password = configuration.secret("password").duplicate();
  if (configuration.has("sslRootCert")) {
    target.parameters.emplace_back("sslrootcert", configuration.text("sslRootCert"));
  }
  return postgresql::choose_roots(target.parameters, Environment::of_process());
}

Result<std::optional<postgresql::Target>> lock_target(const Configuration& configuration) {
  const std::string text = configuration.text("lockUrl");
  if (text.empty()) return std::optional<postgresql::Target>();
  const auto kind = kind_of_url(text);
  if (!kind || *kind != UrlKind::postgresql) {
    return Error{.code = ErrorCode::configuration,
                 .message = "lockUrl leads to no PostgreSQL database",
                 .hint =
                     "write the url of the same database without the pooler, such as "
                     "jdbc:postgresql://localhost:5432/app"};
  }
  auto url = postgresql::parse_url(text, {});
  if (!url) {
    url.error().trail.insert(url.error().trail.begin(), "lockUrl");
    return std::move(url).error();
  }
  DUNLIN_TRY(add_login(configuration, url->target));
  return std::optional(std::move(url->target));
}

/// Nothing when nobody sets it; an empty text leaves the server's own in force.
std::optional<std::chrono::milliseconds> time_of(const Configuration& configuration,
                                                 std::string_view key) {
  if (configuration.text(key).empty()) return std::nullopt;
  return configuration.seconds(key);
}

constexpr auto kIamHint =
    "check that the user has the role rds_iam, that the role of the task is allowed "
    "rds-db:connect for that user and cluster, and that the cluster has IAM authentication on";

bool is_encrypted(std::string_view mode) {
  return mode == "require" || mode == "verify-ca" || mode == "verify-full";
}

/// A token is a password for whoever hears it, so it travels in TLS only; RDS asks for that too.
Result<void> use_iam(const Configuration& configuration, const IamPassword& by_iam,
                     postgresql::ConnectOptions& options) {
  if (!configuration.boolean("awsIamAuth")) return {};
  std::string user;
  std::string mode = Environment::of_process().find("PGSSLMODE").value_or("");
  const bool is_told = !mode.empty();
  for (const auto& [keyword, value] : options.target.parameters) {
    if (keyword == "user") user = value;
    if (keyword == "sslmode") mode = value;
  }
  if (mode.empty()) options.target.parameters.emplace_back("sslmode", "require");
  if (!mode.empty() && !is_encrypted(mode)) {
    return Error{.code = ErrorCode::configuration,
                 .message = fmt::format("awsIamAuth needs TLS, and sslmode is {} ({})", mode,
                                        is_told ? "PGSSLMODE" : "url"),
                 .hint = "write sslmode=verify-full, with the roots of RDS in sslRootCert"};
  }
  if (user.empty()) {
    return Error{.code = ErrorCode::configuration,
                 .message = "awsIamAuth needs the database user's name, and none is set",
                 .hint = "set -user, FLYWAY_USER or DB_USER"};
  }
  options.target.password = Secret();
  options.password_for_connect = [by_iam, user](const std::string& host, const std::string& port) {
    return by_iam(host, port, user);
  };
  return {};
}

Result<DatabaseTarget> postgresql_target(const Configuration& configuration,
                                         const IamPassword& by_iam) {
  postgresql::Url url = DUNLIN_TRY(
      postgresql::parse_url(configuration.text("url"), configuration.map("jdbcProperties")));
  DUNLIN_TRY(add_login(configuration, url.target));
  postgresql::ConnectOptions options{.target = std::move(url.target)};
  options.connect_deadline = configuration.seconds("connectDeadline");
  options.connect_retries = configuration.integer("connectRetries");
  options.connect_retries_interval = configuration.seconds("connectRetriesInterval");
  options.init_sql = configuration.text("initSql");
  options.limits = limits_of(configuration);
  options.asynchronous_commits = configuration.boolean("asynchronousCommits");
  options.transactional_lock = configuration.boolean("postgresql.transactional.lock");
  if (configuration.text("postgresql.pooler") == "session") {
    options.pooler = postgresql::Pooler::session;
  }
  options.lock_target = DUNLIN_TRY(lock_target(configuration));
  options.shown_url = std::move(url.shown);
  DUNLIN_TRY(use_iam(configuration, by_iam, options));
  return DatabaseTarget{.options = std::move(options),
                        .notes = std::move(url.notes),
                        .tunnel = DUNLIN_TRY(tunnel_of(configuration))};
}

Result<DatabaseTarget> sqlite_target(const Configuration& configuration) {
  sqlite::OpenOptions options{.url = DUNLIN_TRY(sqlite::parse_url(
                                  configuration.text("url"), configuration.map("jdbcProperties"))),
                              .only_look = !configuration.text("dryRunOutput").empty(),
                              .init_sql = configuration.text("initSql")};
  return DatabaseTarget{.options = std::move(options), .notes = {}};
}

Result<std::unique_ptr<Database>> open_through(ssh::TunnelOptions way,
                                               postgresql::ConnectOptions options,
                                               Progress& progress) {
  const std::shared_ptr<ssh::Tunnel> tunnel =
      DUNLIN_TRY(ssh::Tunnel::open(std::move(way), options.interrupt));
  options.shown_place = place_of(options.target);
  DUNLIN_TRY(lead_through(*tunnel, options.target));
  if (options.lock_target) DUNLIN_TRY(lead_through(*tunnel, *options.lock_target));
  options.route = tunnel;
  auto database = postgresql::open(std::move(options), progress);
  // What is seen at this end is a connection that was closed; the bastion knows why.
  if (!database && database.error().code == ErrorCode::database_unreachable &&
      !tunnel->problem().empty()) {
    database.error().message += fmt::format(" (SSH tunnel: {})", tunnel->problem());
    database.error().hint =
        "check host and port as the bastion sees them, and that the database's "
        "security group lets the bastion in";
  }
  return database;
}

}  // namespace

Limits limits_of(const Configuration& configuration) {
  return {.table_lock_timeout = time_of(configuration, "tableLockTimeout"),
          .table_lock_retries = configuration.integer("tableLockRetries"),
          .statement_timeout = time_of(configuration, "statementTimeout")};
}

Result<void> check_url(const Configuration& configuration) {
  if (configuration.text("url").empty()) {
    return Error{.code = ErrorCode::configuration,
                 .message =
                     "Unable to connect to the database. Configure the url, user and "
                     "password!",
                 .hint =
                     "set -url, FLYWAY_URL or flyway.url, for example "
                     "jdbc:postgresql://localhost:5432/app or jdbc:sqlite:app.db"};
  }
  DUNLIN_TRY(kind_of_url(configuration.text("url")));
  return {};
}

Result<DatabaseTarget> target_of(const Configuration& configuration, const IamPassword& by_iam) {
  DUNLIN_TRY(check_url(configuration));
  switch (DUNLIN_TRY(kind_of_url(configuration.text("url")))) {
    case UrlKind::postgresql:
      return postgresql_target(configuration, by_iam);
    case UrlKind::sqlite:
      break;
  }
  return sqlite_target(configuration);
}

Result<std::unique_ptr<Database>> open(DatabaseTarget target, const Interrupt& interrupt,
                                       Progress& progress) {
  for (const Note& note : target.notes) progress.hear(Event(note));
  if (auto* const options = std::get_if<postgresql::ConnectOptions>(&target.options)) {
    options->interrupt = &interrupt;
    const bool by_iam = static_cast<bool>(options->password_for_connect);
    auto database = target.tunnel
                        ? open_through(*std::move(target.tunnel), std::move(*options), progress)
                        : postgresql::open(std::move(*options), progress);
    if (by_iam && !database && database.error().code == ErrorCode::login_refused)
      database.error().hint = kIamHint;
    return database;
  }
  auto& options = std::get<sqlite::OpenOptions>(target.options);
  options.interrupt = &interrupt;
  return sqlite::open(options, progress);
}

Result<std::unique_ptr<Database>> connect(const Configuration& configuration,
                                          const IamPassword& by_iam, const Interrupt& interrupt,
                                          Progress& progress) {
  return open(DUNLIN_TRY(target_of(configuration, by_iam)), interrupt, progress);
}

}  // namespace dunlin
