// The container job: secrets, source, info, migrate, info.
#include "job/run.hpp"

#include "base/text.hpp"
#include "config/checkout.hpp"
#include "job/connect.hpp"
#include "job/engine_options.hpp"
#include "job/inputs.hpp"
#include "job/login.hpp"
#include "job/repositories.hpp"
#include "job/resolve.hpp"
#include "job/snapshots.hpp"
#include "job/tunnel.hpp"
#include "job/wake.hpp"
#include "secrets/field.hpp"
#include "source/git_source.hpp"
#include "source/location.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <memory>

namespace dunlin {
namespace {

constexpr auto kOrigin = "the job's variables";
constexpr auto kDefaultLocation = "filesystem:./sql";
constexpr std::array<std::string_view, 3> kCheckoutFiles = {"flyway.conf", "flyway.toml",
                                                            "dunlin.toml"};

/// What will be asked of the checkout, as far as that is known before its configuration is.
std::vector<std::string> likely_paths(const Configuration& configuration) {
  std::vector<std::string> paths(kCheckoutFiles.begin(), kCheckoutFiles.end());
  std::vector<std::string> locations = {kDefaultLocation};
  if (configuration.has("locations")) locations = configuration.list("locations");
  std::ranges::move(configuration.list("callbackLocations"), std::back_inserter(locations));
  for (const std::string& text : locations) {
    const auto location = parse_location(text);
    if (location && location->kind == LocationKind::filesystem) paths.push_back(location->root);
  }
  return paths;
}

/// One run. The steps in order, each an Error or what the next needs.
class Job {
 public:
  Job(Configuration configuration, const JobEdges& edges, const Reporting& reporting)
      : configuration_(std::move(configuration)), edges_(edges), reporting_(reporting) {}

  int run(const std::optional<std::string>& branch) {
    const auto code = steps(branch);
    return code ? *code : report_failure(code.error(), reporting_);
  }

 private:
  /// What fails first in this order is what is reported, however long each took: secrets, source,
  /// configuration in the checkout, scripts, database.
  Result<int> steps(const std::optional<std::string>& branch) {
    // The database serves others meanwhile: a script that waits for a table makes them wait too.
    configuration_.set_fallback("tableLockTimeout", "5");
    // A paused Aurora Serverless cluster takes 15 to 40 s to answer.
    configuration_.set_fallback("connectDeadline", "60");
    DUNLIN_TRY(resolve_inputs());
    const JobInputs inputs = DUNLIN_TRY(job_inputs(configuration_, branch));
    reporting_.output.info(first_line(inputs));
    const auto wake = knock(inputs);
    DUNLIN_TRY(fetch_secrets(inputs));
    // SQLite would make the file, and initSql may change something: not before the scripts are
    // here.
    const bool is_early = inputs.on_postgresql && configuration_.text("initSql").empty();
    if (is_early) DUNLIN_TRY(log_in());
    auto checkout = DUNLIN_TRY(fetch_source(inputs));
    DUNLIN_TRY(read_checkout_configuration(*checkout));
    EngineOptions options = DUNLIN_TRY(engine_options(configuration_, edges_.working_directory));
    // Nobody watches: what would mean that nothing happens is an error here.
    options.scripts.fail_on_missing_locations = true;
    options.scripts.refuse_suspicious = true;
    const ScriptFiles files = DUNLIN_TRY(scripts(*checkout, options.scripts));
    checkout.reset();  // what is not below the locations goes
    if (!is_early) DUNLIN_TRY(log_in());
    const auto database = DUNLIN_TRY(logged_in(inputs));
    DUNLIN_TRY(database->limit(limits_of(configuration_)));  // the checkout may set them
    const SnapshotNeeds needs{.configuration = configuration_,
                              .aws = edges_.aws,
                              .by_iam = edges_.by_iam,
                              .interrupt = edges_.interrupt,
                              .clock = reporting_.clock,
                              .output = reporting_.output,
                              .here = edges_.working_directory};
    return perform({"info", "migrate", "info"}, *database, files, options, reporting_,
                   snapshot_before_migrate(needs));
  }

  [[nodiscard]] RepositoryEdges repository_edges() const {
    return {.resolver = edges_.resolver,
            .http = edges_.http,
            .interrupt = edges_.interrupt,
            .output = reporting_.output};
  }

  Result<ScriptFiles> scripts(GitSource& checkout, const ScriptOptions& options) {
    MixedSource source(checkout, repository_opener(configuration_, repository_edges()));
    auto files = list_scripts(source, options, reporting_.console);
    if (!files && files.error().code == ErrorCode::missing_location) {
      files.error().hint =
          "check the locations: in run they start at the root of the repository, on that branch";
    }
    return files;
  }

  /// What decides on the source and the database may be a reference itself; then it is fetched
  /// before anything is known.
  Result<void> resolve_inputs() {
    if (!has_unresolved_inputs(configuration_)) return {};
    DUNLIN_TRY(check_region(configuration_));
    return resolve_references(configuration_, edges_.resolver);
  }

  [[nodiscard]] std::optional<Wake> knock(const JobInputs& inputs) const {
    const auto place = place_of_database(configuration_, inputs);
    if (!place || !configuration_.text("sshTunnel").empty()) return std::nullopt;
    return std::optional<Wake>(std::in_place, place->host, place->port);
  }

  Result<void> log_in() {
    DUNLIN_TRY(add_tunnel_key(configuration_, edges_.resolver));
    login_ = std::make_unique<Login>(DUNLIN_TRY(target_of(configuration_, edges_.by_iam)),
                                     edges_.interrupt);
    return {};
  }

  /// The session, once more if the password was refused and its secret has another one by now: it
  /// may just have been rotated.
  Result<std::unique_ptr<Database>> logged_in(const JobInputs& inputs) {
    auto database = login_->wait(reporting_.console);
    if (database || database.error().code != ErrorCode::login_refused) return database;
    const auto has_changed = fetch_login_anew(inputs);
    if (has_changed && *has_changed) {
      reporting_.output.info(
          "The database refused the password, and its secret holds another one by now: trying "
          "that");
      DUNLIN_TRY(log_in());
      database = login_->wait(reporting_.console);
    }
    const bool is_refused =
        !database && database.error().sqlstate == "28P01" && !configuration_.boolean("awsIamAuth");
    if (is_refused) database.error().hint = hint_about_password(inputs);
    return database;
  }

  [[nodiscard]] std::string hint_about_password(const JobInputs& inputs) const {
    const std::string origin = configuration_.origin("password");
    const std::string& reference =
        inputs.database_secret.empty() ? inputs.password : inputs.database_secret;
    const bool is_fetched = origin == kOrigin && !reference.empty();
    return fmt::format("the password comes from {}: compare it with the user's in the database",
                       is_fetched ? reference : origin);
  }

  /// Everything that has to be fetched, at once.
  Result<void> fetch_secrets(const JobInputs& inputs) {
    std::vector<std::string> wanted;
    for (const std::string& text : {inputs.deploy_key, inputs.passphrase, inputs.token,
                                    inputs.database_secret, inputs.password}) {
      if (!text.empty()) wanted.push_back(text);
    }
    for (const JobInputs::Role& role : inputs.roles) wanted.push_back(role.reference);
    for (const std::string& reference : configuration_.references()) {
      wanted.push_back(fmt::format("${{{}}}", reference));
    }
    DUNLIN_TRY(edges_.resolver.prefetch(wanted));
    DUNLIN_TRY(resolve_references(configuration_, edges_.resolver));
    DUNLIN_TRY(add_placeholders(inputs));
    return inputs.on_postgresql ? add_connection(inputs) : Result<void>();
  }

  Result<void> add_placeholders(const JobInputs& inputs) {
    for (const JobInputs::Role& role : inputs.roles) {
      const Secret password = DUNLIN_TRY(edges_.resolver.resolve(role.reference));
      DUNLIN_TRY(below(fmt::format("placeholders.{}", role.placeholder), password));
    }
    return {};
  }

  /// url, user and password from DB_HOST, DB_NAME, DB_USER and the secrets, where they are not set.
  Result<void> add_connection(const JobInputs& inputs) {
    DatabaseSecret known;
    if (!inputs.database_secret.empty()) {
      known = DUNLIN_TRY(database_secret(edges_.resolver.document(inputs.database_secret)));
    } else if (!inputs.password.empty()) {
      known.password = DUNLIN_TRY(edges_.resolver.resolve(inputs.password));
    }
    if (!known.password.empty()) DUNLIN_TRY(below("password", known.password));
    DUNLIN_TRY(below("user", user_of(known)));
    const std::string name = inputs.database_name.empty() ? known.name : inputs.database_name;
    if (configuration_.text("url").empty()) DUNLIN_TRY(add_url(known, name));
    return below("placeholders.DATABASE_NAME", name);
  }

  Result<void> add_url(const DatabaseSecret& known, const std::string& name) {
    std::string host = configuration_.text("db.host");
    if (host.empty()) host = known.host;
    if (host.empty() || name.empty()) return incomplete_secret();
    DUNLIN_TRY(check_host(host, "the host in the secret of the database"));
    const bool knows_port = !configuration_.has("db.port") && known.port;
    const int port = knows_port ? *known.port : configuration_.integer("db.port");
    return below(
        "url", fmt::format("jdbc:postgresql://{}/{}", places_of(host, port), percent_encode(name)));
  }

  [[nodiscard]] std::string user_of(const DatabaseSecret& known) const {
    const bool is_told = configuration_.has("db.user") || known.username.empty();
    return is_told ? configuration_.text("db.user") : known.username;
  }

  Result<DatabaseSecret> database_secret(Result<Secret> text) const {
    return parse_database_secret(DUNLIN_TRY(std::move(text)), configuration_.text("db.secret"));
  }

  /// Puts the login that the stores have now in the place of the one that was tried. True if it is
  /// another one.
  Result<bool> fetch_login_anew(const JobInputs& inputs) {
    std::string user = configuration_.text("user");
    Secret password;
    if (const Secret& written = configuration_.as_written("password"); !written.empty()) {
      password = DUNLIN_TRY(edges_.resolver.resolve_anew(written.reveal()));
    } else if (configuration_.origin("password") != kOrigin) {
      return false;  // written out by whoever started the job
    } else if (!inputs.database_secret.empty()) {
      DUNLIN_TRY(edges_.resolver.resolve_anew(inputs.database_secret));
      DatabaseSecret known =
          DUNLIN_TRY(database_secret(edges_.resolver.document(inputs.database_secret)));
      // Rotation may alternate between two users.
      if (configuration_.origin("user") == kOrigin) user = user_of(known);
      password = std::move(known.password);
    } else {
      password = DUNLIN_TRY(edges_.resolver.resolve_anew(inputs.password));
    }
    const bool is_same = user == configuration_.text("user") &&
                         password.reveal() == configuration_.secret("password").reveal();
    if (is_same) return false;
    DUNLIN_TRY(configuration_.put(given("user", user)));
    DUNLIN_TRY(configuration_.put(given("password", password.reveal())));
    return true;
  }

  [[nodiscard]] Error incomplete_secret() const {
    return {.code = ErrorCode::configuration,
            .message = fmt::format("the secret {} names no host and no database",
                                   configuration_.text("db.secret")),
            .hint = "set DB_HOST and DB_NAME beside it"};
  }

  Result<std::unique_ptr<GitSource>> fetch_source(const JobInputs& inputs) const {
    return open_repository(configuration_, {.repository = inputs.repository, .ref = inputs.branch},
                           likely_paths(configuration_), repository_edges());
  }

  Result<void> read_checkout_configuration(GitSource& source) {
    std::vector<CheckoutFile> files;
    for (const std::string_view name : kCheckoutFiles) {
      const auto file = DUNLIN_TRY(source.find(name));
      if (file) files.push_back({.name = std::string(name), .content = DUNLIN_TRY(file->read())});
    }
    DUNLIN_TRY(lay_under(configuration_, files));
    if (!configuration_.has("locations")) return below("locations", kDefaultLocation);
    return {};
  }

  static Given given(std::string key, std::string_view value) {
    return {.key = std::move(key),
            .values = {std::string(value)},
            .origin = kOrigin,
            .source = Source::program,
            .is_literal = true};
  }
  Result<void> below(std::string key, std::string_view value) {
    return configuration_.put_below(given(std::move(key), value));
  }
  Result<void> below(std::string key, const Secret& value) {
    Given confidential = given(std::move(key), value.reveal());
    confidential.is_confidential = true;
    return configuration_.put_below(std::move(confidential));
  }

  Configuration configuration_;
  const JobEdges& edges_;
  const Reporting& reporting_;
  std::unique_ptr<Login> login_;  // last to be made, first to go: its thread needs the rest
};

}  // namespace

int run_job(Configuration configuration, const std::optional<std::string>& branch,
            const JobEdges& edges, const Reporting& reporting) {
  return Job(std::move(configuration), edges, reporting).run(branch);
}

}  // namespace dunlin
