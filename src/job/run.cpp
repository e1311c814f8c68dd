// The container job: secrets, source, info, migrate, info.
#include "job/run.hpp"

#include "base/text.hpp"
#include "config/checkout.hpp"
#include "job/connect.hpp"
#include "job/engine_options.hpp"
#include "job/inputs.hpp"
#include "job/resolve.hpp"
#include "job/wake.hpp"
#include "secrets/field.hpp"
#include "source/git_source.hpp"

namespace dunlin {
namespace {

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
  Result<int> steps(const std::optional<std::string>& branch) {
    Resolver& resolver = edges_.resolver;
    const JobInputs inputs = DUNLIN_TRY(job_inputs(configuration_, branch));
    reporting_.output.info(first_line(inputs));
    const auto wake = knock(inputs);
    DUNLIN_TRY(fetch_secrets(inputs, resolver));
    auto source = DUNLIN_TRY(fetch_source(inputs, resolver));
    DUNLIN_TRY(read_checkout_configuration(*source));
    EngineOptions options = DUNLIN_TRY(engine_options(configuration_, edges_.working_directory));
    // Nobody watches: what would mean that nothing happens is an error here.
    options.scripts.fail_on_missing_locations = true;
    options.scripts.refuse_suspicious = true;
    const ScriptFiles files =
        DUNLIN_TRY(list_scripts(*source, options.scripts, reporting_.console));
    const auto database = DUNLIN_TRY(connect(configuration_, edges_.interrupt, reporting_.console));
    return perform({"info", "migrate", "info"}, *database, files, options, reporting_);
  }

  [[nodiscard]] std::optional<Wake> knock(const JobInputs& inputs) const {
    const std::string host = configuration_.text("db.host");
    if (!inputs.on_postgresql || host.empty()) return std::nullopt;
    return std::optional<Wake>(std::in_place, host,
                               static_cast<std::uint16_t>(configuration_.integer("db.port")));
  }

  /// Everything that has to be fetched, at once.
  Result<void> fetch_secrets(const JobInputs& inputs, Resolver& resolver) {
    std::vector<std::string> wanted;
    for (const std::string& text :
         {inputs.deploy_key, inputs.passphrase, inputs.database_secret, inputs.password}) {
      if (!text.empty()) wanted.push_back(text);
    }
    for (const JobInputs::Role& role : inputs.roles) wanted.push_back(role.reference);
    for (const std::string& reference : configuration_.references()) {
      wanted.push_back(fmt::format("${{{}}}", reference));
    }
    DUNLIN_TRY(resolver.prefetch(wanted));
    DUNLIN_TRY(resolve_references(configuration_, resolver));
    DUNLIN_TRY(add_placeholders(inputs, resolver));
    return inputs.on_postgresql ? add_connection(inputs, resolver) : Result<void>();
  }

  Result<void> add_placeholders(const JobInputs& inputs, Resolver& resolver) {
    for (const JobInputs::Role& role : inputs.roles) {
      const Secret password = DUNLIN_TRY(resolver.resolve(role.reference));
      DUNLIN_TRY(below(fmt::format("placeholders.{}", role.placeholder), password.reveal()));
    }
    return {};
  }

  /// url, user and password from DB_HOST, DB_NAME, DB_USER and the secrets, where they are not set.
  Result<void> add_connection(const JobInputs& inputs, Resolver& resolver) {
    std::string host = configuration_.text("db.host");
    std::string port = configuration_.text("db.port");
    std::string name = inputs.database_name;
    std::string user = configuration_.text("db.user");
    if (!inputs.database_secret.empty()) {
      const Secret text = DUNLIN_TRY(resolver.resolve(inputs.database_secret));
      const DatabaseSecret secret =
          DUNLIN_TRY(parse_database_secret(text, configuration_.text("db.secret")));
      if (host.empty()) host = secret.host;
      if (!configuration_.has("db.port") && secret.port) port = fmt::format("{}", *secret.port);
      if (name.empty()) name = secret.name;
      if (!configuration_.has("db.user") && !secret.username.empty()) user = secret.username;
      DUNLIN_TRY(below("password", secret.password.reveal()));
    } else if (!inputs.password.empty()) {
      const Secret password = DUNLIN_TRY(resolver.resolve(inputs.password));
      DUNLIN_TRY(below("password", password.reveal()));
    }
    DUNLIN_TRY(below("user", user));
    if (configuration_.text("url").empty()) {
      if (host.empty() || name.empty()) return incomplete_secret(inputs);
      const bool v6 = host.contains(':') && !host.starts_with('[');
      DUNLIN_TRY(below(
          "url", fmt::format("jdbc:postgresql://{}:{}/{}", v6 ? fmt::format("[{}]", host) : host,
                             port, percent_encode(name))));
    }
    return below("placeholders.DATABASE_NAME", name);
  }

  [[nodiscard]] Error incomplete_secret(const JobInputs& /*inputs*/) const {
    return {.code = ErrorCode::configuration,
            .message = fmt::format("the secret {} names no host and no database",
                                   configuration_.text("db.secret")),
            .hint = "set DB_HOST and DB_NAME beside it"};
  }

  Result<std::unique_ptr<GitSource>> fetch_source(const JobInputs& inputs, Resolver& resolver) {
    git::RepositoryOptions options{.url = inputs.repository,
                                   .ref = inputs.branch,
                                   .known_hosts = configuration_.text("repository.knownHosts")};
    options.http = edges_.http;
    options.interrupt = &edges_.interrupt;
    if (!inputs.deploy_key.empty()) options.key = DUNLIN_TRY(resolver.resolve(inputs.deploy_key));
    if (!inputs.passphrase.empty()) {
      options.passphrase = DUNLIN_TRY(resolver.resolve(inputs.passphrase));
    }
    auto source = open_repository(std::move(options));
    if (!source && source.error().code == ErrorCode::deploy_key) {
      source.error().message +=
          fmt::format(" (it is in secret {})", configuration_.text("repository.deployKeySecret"));
    }
    return source;
  }

  Result<void> read_checkout_configuration(GitSource& source) {
    std::vector<CheckoutFile> files;
    for (const std::string_view name : {"flyway.conf", "flyway.toml", "dunlin.toml"}) {
      const auto file = source.find(name);
      if (file) files.push_back({.name = std::string(name), .content = DUNLIN_TRY(file->read())});
    }
    DUNLIN_TRY(lay_under(configuration_, files));
    if (!configuration_.has("locations")) return below("locations", "filesystem:./sql");
    return {};
  }

  Result<void> below(std::string key, std::string_view value) {
    return configuration_.put_below({.key = std::move(key),
                                     .values = {std::string(value)},
                                     .origin = "the job's variables",
                                     .source = Source::program});
  }

  Configuration configuration_;
  const JobEdges& edges_;
  const Reporting& reporting_;
};

}  // namespace

int run_job(Configuration configuration, const std::optional<std::string>& branch,
            const JobEdges& edges, const Reporting& reporting) {
  return Job(std::move(configuration), edges, reporting).run(branch);
}

}  // namespace dunlin
