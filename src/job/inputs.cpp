#include "job/inputs.hpp"

#include "base/text.hpp"
#include "database/postgresql/url.hpp"
#include "database/url.hpp"
#include "secrets/reference.hpp"

#include <algorithm>
#include <cctype>

namespace dunlin {
namespace {

constexpr std::string_view kDefaultBranch = "master";
constexpr std::int32_t kLastPort = 65535;

Error missing(std::string_view what, std::string_view variable, std::string_view where) {
  return {.code = ErrorCode::configuration,
          .message = fmt::format("{} is not set: {}", variable, what),
          .hint = std::string(where)};
}

constexpr std::string_view kTaskHint =
    "it is usually set among the environment variables of the task definition";

std::string base_name(std::string_view path) {
  const auto slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

/// The file of "jdbc:sqlite:folder/app.db?x=y" without folders and parameters.
std::string sqlite_name(std::string_view url) {
  const std::string_view path = url.substr(0, url.find('?'));
  return base_name(path.substr(path.rfind(':') + 1));
}

/// "db" of "jdbc:postgresql://host:5432/db?x=y"; empty if there is none.
std::string postgresql_name(std::string_view url) {
  const std::string_view path = url.substr(0, url.find('?'));
  return path.contains('/') ? base_name(path) : std::string();
}

Result<std::string> repository_url(const Configuration& configuration) {
  if (configuration.has("repository.url")) return configuration.text("repository.url");
  for (const auto& [key, variable] : {std::pair{"repository.owner", "REPOSITORY_OWNER"},
                                      {"repository.path", "REPOSITORY_PATH"}}) {
    if (configuration.text(key).empty()) {
      return missing(
          "the repository with the scripts is not known", variable,
          fmt::format("{}; REPOSITORY_URL can name the whole repository instead", kTaskHint));
    }
  }
  return fmt::format("git@github.com:{}/{}.git", configuration.text("repository.owner"),
                     configuration.text("repository.path"));
}

/// Only SSH takes a deploy key: ssh://..., or git@host:path.
bool is_ssh(std::string_view url) {
  if (url.starts_with("ssh://")) return true;
  if (url.contains("://") || url.starts_with('/') || url.starts_with('.')) return false;
  const auto colon = url.find(':');
  return colon != std::string_view::npos && !url.substr(0, colon).contains('/');
}

std::string secret(std::string_view id, std::string_view key = {}) {
  return key.empty() ? fmt::format("${{secret:{}}}", id)
                     : fmt::format("${{secret:{}#{}}}", id, key);
}

Result<void> add_source(const Configuration& configuration, JobInputs& inputs) {
  inputs.repository = DUNLIN_TRY(repository_url(configuration));
  if (!is_ssh(inputs.repository)) {
    const std::string token = configuration.text("repository.tokenSecret");
    if (inputs.repository.starts_with("http") && !token.empty()) inputs.token = secret(token);
    return {};
  }
  const std::string key = configuration.text("repository.deployKeySecret");
  if (configuration.has("repository.deployKey")) return {};
  if (key.empty()) {
    return missing("the repository is reached by SSH, which needs a deploy key",
                   "REPOSITORY_DEPLOY_KEY_SECRET", kTaskHint);
  }
  inputs.deploy_key = secret(key);
  const std::string passphrase = configuration.text("repository.deployKeyPassphraseSecret");
  if (!passphrase.empty()) inputs.passphrase = secret(passphrase);
  return {};
}

void add_roles(const Configuration& configuration, JobInputs& inputs) {
  // SQLite has no roles; who lists some all the same wants the placeholders.
  if (!inputs.on_postgresql && !configuration.has("db.roles")) return;
  for (const std::string& role : configuration.list("db.roles")) {
    const std::string id = fmt::format("{}@{}", configuration.text("db.secretPrefix"), role);
    inputs.roles.push_back({.placeholder = fmt::format("{}_PASSWORD", upper(role)),
                            .reference = secret(id, "password")});
  }
}

/// Letters and digits of any script, and - _ .
bool is_letter_of_name(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || byte >= 0x80 || std::string_view("-_.").contains(c);
}

/// A name, an IPv4 address, or an IPv6 address with or without brackets.
bool is_host(std::string_view host) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  const std::string_view more = std::ranges::count(host, ':') > 1 ? ":%" : "";
  return !host.empty() && std::ranges::all_of(host, [&](char c) {
    return is_letter_of_name(c) || more.contains(c);
  });
}

Result<void> check_port(const Configuration& configuration) {
  const int port = configuration.integer("db.port");
  if (port >= 1 && port <= kLastPort) return {};
  return Error{
      .code = ErrorCode::configuration,
      .message = fmt::format("DB_PORT is {}, which is no port", port),
      .hint = fmt::format("ports are numbers from 1 to {}; PostgreSQL's is 5432", kLastPort)};
}

Result<void> add_database(const Configuration& configuration, JobInputs& inputs) {
  DUNLIN_TRY(check_port(configuration));
  const std::string url = configuration.text("url");
  const std::string host = configuration.text("db.host");
  if (url.empty() && !host.empty()) DUNLIN_TRY(check_host(host, "DB_HOST"));
  if (!url.empty()) inputs.on_postgresql = DUNLIN_TRY(kind_of_url(url)) == UrlKind::postgresql;
  if (!inputs.on_postgresql) {
    inputs.database_name = sqlite_name(url);
    return {};
  }
  inputs.database_name =
      configuration.has("db.name") ? configuration.text("db.name") : postgresql_name(url);
  const bool by_secret = configuration.has("db.secret");
  if (by_secret) inputs.database_secret = secret(configuration.text("db.secret"));
  const bool needs_parts = url.empty() && !by_secret;
  if (needs_parts && configuration.text("db.host").empty()) {
    return missing("the database's host is not known", "DB_HOST",
                   fmt::format("{}; FLYWAY_URL can name the whole database instead", kTaskHint));
  }
  if (needs_parts && inputs.database_name.empty()) {
    return missing("the database's name is not known", "DB_NAME", kTaskHint);
  }
  const bool by_iam = configuration.boolean("awsIamAuth");
  if (!by_secret && !by_iam && !configuration.has("password")) {
    const std::string user =
        configuration.has("user") ? configuration.text("user") : configuration.text("db.user");
    inputs.password =
        secret(fmt::format("{}@{}", configuration.text("db.secretPrefix"), user), "password");
  }
  return {};
}

bool asks_secrets(const Configuration& configuration, const JobInputs& inputs) {
  if (!inputs.deploy_key.empty() || !inputs.token.empty() || !inputs.password.empty() ||
      !inputs.roles.empty() || !inputs.database_secret.empty()) {
    return true;
  }
  for (const std::string& reference : configuration.references()) {
    if (reference.starts_with("secret:") || reference.starts_with("ssm:")) return true;
  }
  return false;
}

Result<void> add_region(const Configuration& configuration, JobInputs& inputs) {
  if (asks_secrets(configuration, inputs)) DUNLIN_TRY(check_region(configuration));
  const std::string region = configuration.text("region");
  inputs.region = region.empty() ? "-" : region;
  return {};
}

}  // namespace

bool has_unresolved_inputs(const Configuration& configuration) {
  return std::ranges::any_of(options(), [&](const Option& option) {
    const bool decides = option.group == OptionGroup::job || option.group == OptionGroup::secrets ||
                         option.key == "url" || option.key == "user";
    return decides && option.type != OptionType::map && configuration.is_unresolved(option.key);
  });
}

Result<void> check_region(const Configuration& configuration) {
  const std::string provider = configuration.text("secrets.provider");
  const bool asks_aws = provider.empty() || provider == "aws";
  if (!asks_aws || !configuration.text("region").empty()) return {};
  return missing("the AWS region of the secrets is not known", "REGION",
                 fmt::format("{}; AWS_REGION and AWS_DEFAULT_REGION do as well", kTaskHint));
}

Result<void> check_host(std::string_view hosts, std::string_view what) {
  if (!hosts.ends_with(',') && std::ranges::all_of(split(hosts, ','), is_host)) return {};
  const bool is_url = hosts.find_first_of("/?@") != std::string_view::npos;
  const bool has_port = std::ranges::count(hosts, ':') == 1;
  return Error{.code = ErrorCode::configuration,
               // A whole URL may hold a password: it is not shown.
               .message = fmt::format("{} is no host name{}", what,
                                      is_url ? "" : fmt::format(": {}", hosts)),
               .hint = is_url     ? "name the host alone; FLYWAY_URL can name the whole database"
                       : has_port ? "put the port into DB_PORT"
                                  : "write it without quotes and blanks: db.example.com"};
}

std::string places_of(std::string_view hosts, int port) {
  std::vector<std::string> places;
  for (const std::string& host : split(hosts, ',')) {
    const bool is_bare = host.contains(':') && !host.starts_with('[');  // IPv6
    places.push_back(fmt::format("{}:{}", is_bare ? fmt::format("[{}]", host) : host, port));
  }
  return join(places, ",");
}

std::optional<DatabasePlace> place_of_database(const Configuration& configuration,
                                               const JobInputs& inputs) {
  if (!inputs.on_postgresql) return std::nullopt;
  DatabasePlace place{.host = configuration.text("db.host"), .port = configuration.text("db.port")};
  if (const std::string url = configuration.text("url"); !url.empty()) {
    const auto parsed = postgresql::parse_url(url);
    if (!parsed) return std::nullopt;
    place = {.host = "localhost", .port = place.port};
    for (const auto& [keyword, value] : parsed->target.parameters) {
      if (keyword == "host") place.host = value;
      if (keyword == "port") place.port = value;
    }
  }
  // Of several hosts the first.
  place = {.host = place.host.substr(0, place.host.find(',')),
           .port = place.port.substr(0, place.port.find(','))};
  if (place.host.empty() || place.host.starts_with('/')) return std::nullopt;
  return place;
}

Result<JobInputs> job_inputs(const Configuration& configuration,
                             const std::optional<std::string>& branch) {
  JobInputs inputs{.branch = std::string(trim(branch.value_or("")))};
  if (inputs.branch.empty()) inputs.branch = kDefaultBranch;
  DUNLIN_TRY(add_source(configuration, inputs));
  DUNLIN_TRY(add_database(configuration, inputs));
  add_roles(configuration, inputs);
  DUNLIN_TRY(add_region(configuration, inputs));
  return inputs;
}

std::string first_line(const JobInputs& inputs) {
  return fmt::format(
      "Starting Fargate task to run Flyway migration from {} for RDS database {} in "
      "AWS Region {}",
      inputs.branch, inputs.database_name.empty() ? "-" : inputs.database_name, inputs.region);
}

}  // namespace dunlin
