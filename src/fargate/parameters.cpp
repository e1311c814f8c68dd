#include "fargate/parameters.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace dunlin::fargate {
namespace {

/// A parameter of the template that is the value of an option.
struct Row {
  std::string_view parameter, key;
};
constexpr std::array kRows = {
    Row{"TaskName", "fargate.task"},
    Row{"ClusterName", "fargate.cluster"},
    Row{"Image", "fargate.image"},
    Row{"Architecture", "fargate.architecture"},
    Row{"RegistrySecret", "fargate.registrySecret"},
    Row{"LogRetentionDays", "fargate.logRetention"},
    Row{"KeyArn", "fargate.kmsKey"},
    Row{"CreateSecurityGroup", "fargate.createSecurityGroup"},
    Row{"CreateDatabase", "fargate.createDatabase"},
    Row{"CreateBastion", "fargate.createBastion"},
    Row{"BastionKeyName", "fargate.bastionKey"},
    Row{"BastionCidr", "fargate.bastionFrom"},
    Row{"RepositoryUrl", "repository.url"},
    Row{"RepositoryOwner", "repository.owner"},
    Row{"RepositoryPath", "repository.path"},
    Row{"RepositoryDeployKeySecret", "repository.deployKeySecret"},
    Row{"RepositoryDeployKeyPassphraseSecret", "repository.deployKeyPassphraseSecret"},
    Row{"RepositoryTokenSecret", "repository.tokenSecret"},
    Row{"KnownHosts", "repository.knownHosts"},
    Row{"RequireSigned", "requireSigned"},
    Row{"AllowedSigners", "allowedSigners"},
    Row{"DatabaseHost", "db.host"},
    Row{"DatabasePort", "db.port"},
    Row{"DatabaseName", "db.name"},
    Row{"DatabaseUser", "db.user"},
    Row{"DatabaseSecretPrefix", "db.secretPrefix"},
    Row{"DatabaseSecret", "db.secret"},
    Row{"DatabaseRoles", "db.roles"},
    Row{"DatabaseIamLogin", "awsIamAuth"},
    Row{"ConnectDeadline", "connectDeadline"},
    Row{"SnapshotBeforeMigrate", "snapshotBeforeMigrate"},
};
constexpr std::size_t kRoleParameters = 4;

std::string value_of(const Configuration& configuration, std::string_view key) {
  const Option& option = *find_option(key);
  if (option.type == OptionType::list) return join(configuration.list(key), ",");
  if (option.type == OptionType::boolean) return configuration.boolean(key) ? "true" : "false";
  // That of a database that the stack makes is known to the template.
  if (key == "db.host" && configuration.boolean("fargate.createDatabase")) return {};
  // The job has a default of its own.
  if (key == "connectDeadline" && !configuration.has(key)) return {};
  return configuration.text(key);
}

Error unfit(std::string message, std::string hint) {
  return {.code = ErrorCode::configuration, .message = std::move(message), .hint = std::move(hint)};
}

bool is_letter_or_digit(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

/// Whether the six random letters of Secrets Manager stand at the end.
bool is_whole_arn(std::string_view arn) {
  constexpr std::size_t kRandom = 6;
  if (arn.size() <= kRandom || arn[arn.size() - kRandom - 1] != '-') return false;
  return std::ranges::all_of(arn.substr(arn.size() - kRandom), is_letter_or_digit);
}

/// "me:token" of "https://me:token@host/path". Of SSH the user alone is no secret.
bool holds_login(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return false;
  std::string_view authority = url.substr(scheme + 3);
  authority = authority.substr(0, authority.find('/'));
  const auto at = authority.rfind('@');
  if (at == std::string_view::npos) return false;
  return authority.substr(0, at).contains(':') || !url.starts_with("ssh:");
}

void add_new(std::vector<std::string>& to, std::string value) {
  if (std::ranges::find(to, value) == to.end()) to.push_back(std::move(value));
}

std::string parameter_arn(std::string_view name, const Account& account) {
  if (name.starts_with("arn:")) return std::string(name);
  if (name.starts_with('/')) name.remove_prefix(1);
  return fmt::format("arn:{}:ssm:{}:{}:parameter/{}", account.partition, account.region, account.id,
                     name);
}

/// SecretArns and ParameterArns: what the job reads, by option or by a reference within one.
void add_arns(const DeployInputs& inputs, const Account& account, StackParameters& parameters) {
  std::vector<std::string> secrets, others;
  for (const std::string& id : inputs.secrets) add_new(secrets, secret_arn(id, account));
  for (const auto& [key, value] : parameters) {
    const References found = references_in(value);
    for (const std::string& id : found.secrets) add_new(secrets, secret_arn(id, account));
    for (const std::string& name : found.parameters) add_new(others, parameter_arn(name, account));
  }
  parameters.emplace_back("SecretArns", join(secrets, ","));
  parameters.emplace_back("ParameterArns", join(others, ","));
}

std::string database_user_arn(const Configuration& configuration,
                              const Surroundings& surroundings) {
  // Of a database that the stack makes, the template knows it itself.
  if (!configuration.boolean("awsIamAuth") || configuration.boolean("fargate.createDatabase")) {
    return {};
  }
  const Account& account = surroundings.account;
  return fmt::format("arn:{}:rds-db:{}:{}:dbuser:{}/{}", account.partition, account.region,
                     account.id, surroundings.database_resource, configuration.text("db.user"));
}

}  // namespace

std::string secret_arn(std::string_view id, const Account& account) {
  if (id.starts_with("arn:")) return fmt::format("{}{}", id, is_whole_arn(id) ? "" : "-??????");
  return fmt::format("arn:{}:secretsmanager:{}:{}:secret:{}-??????", account.partition,
                     account.region, account.id, id);
}

References references_in(std::string_view text) {
  References found;
  for (auto at = text.find("${"); at != std::string_view::npos; at = text.find("${", at + 2)) {
    const std::string_view reference = text.substr(at + 2, text.find('}', at) - at - 2);
    if (reference.starts_with("secret:")) {
      const std::string_view id = reference.substr(7);
      add_new(found.secrets, std::string(id.substr(0, id.find('#'))));
    } else if (reference.starts_with("ssm:")) {
      add_new(found.parameters, std::string(reference.substr(4)));
    }
  }
  return found;
}

std::string ecr_arn(std::string_view image, const Account& account) {
  const auto slash = image.find('/');
  const auto host = split(image.substr(0, std::min(slash, image.size())), '.');
  if (slash == std::string_view::npos || host.size() < 6 || host[1] != "dkr" || host[2] != "ecr") {
    return {};
  }
  std::string_view name = image.substr(slash + 1);
  name = name.substr(0, name.find_first_of(":@"));
  return fmt::format("arn:{}:ecr:{}:{}:repository/{}", account.partition, host[3], host[0], name);
}

std::string port_of_repository(std::string_view url) {
  const auto scheme = url.find("://");
  if (scheme == std::string_view::npos) return "22";
  std::string_view host = url.substr(scheme + 3);
  host = host.substr(0, host.find('/'));
  const auto colon = host.rfind(':');
  const bool is_port = colon != std::string_view::npos && !host.ends_with(']');
  if (is_port) return std::string(host.substr(colon + 1));
  return url.starts_with("ssh:") ? "22" : "443";
}

bool needs_vpc(const Configuration& configuration) {
  return configuration.boolean("fargate.createSecurityGroup") ||
         configuration.boolean("fargate.createDatabase") ||
         configuration.boolean("fargate.createBastion");
}

Result<void> check_inputs(const DeployInputs& inputs) {
  const Configuration& configuration = inputs.configuration;
  for (const auto& [key, instead] :
       {std::pair{"repository.deployKey", "REPOSITORY_DEPLOY_KEY_SECRET"},
        {"repository.deployKeyPassphrase", "REPOSITORY_DEPLOY_KEY_PASSPHRASE_SECRET"},
        {"repository.token", "REPOSITORY_TOKEN_SECRET"},
        {"password", "DB_SECRET_PREFIX or DB_SECRET"}}) {
    if (!configuration.has(key)) continue;
    return unfit(fmt::format("{} ({}) would stand in the task definition for everybody to read",
                             key, configuration.origin(key)),
                 fmt::format("store it in Secrets Manager, and name the secret in {}", instead));
  }
  if (configuration.has("url")) {
    return unfit(
        fmt::format("url ({}) does not go into the task definition", configuration.origin("url")),
        "set DB_HOST, DB_PORT and DB_NAME in its place");
  }
  const std::string& repository = inputs.repository;
  if (holds_login(repository)) {
    // Says nothing of the address, since the login stands in it.
    return unfit(
        "the repository's address holds a password or a token, which would stand in the "
        "task definition for everybody to read",
        "take it out, store it in Secrets Manager, and name the secret in "
        "REPOSITORY_TOKEN_SECRET");
  }
  const bool is_here =
      repository.starts_with('/') || repository.starts_with('.') || repository.starts_with("file:");
  if (is_here) {
    return unfit(
        fmt::format("the repository {} is on this machine, where no task sees it", repository),
        "set REPOSITORY_OWNER and REPOSITORY_PATH, or a REPOSITORY_URL that others reach");
  }
  if (!configuration.boolean("fargate.createDatabase")) return {};
  if (configuration.has("db.secret")) {
    return unfit(fmt::format("DB_SECRET ({}) is the secret of a database that is there, and "
                             "fargate.createDatabase makes one",
                             configuration.origin("db.secret")),
                 "leave one of the two out");
  }
  if (configuration.text("db.name").empty()) {
    return unfit("DB_NAME is not set: the new database needs a name", "set DB_NAME");
  }
  return {};
}

std::vector<std::string> left_behind(const Configuration& configuration) {
  std::vector<std::string> found;
  configuration.each_value([&](auto key, auto /*value*/, auto origin) {
    const OptionGroup group = find_option(key)->group;
    const bool is_of_this_call = origin.starts_with("variable") || origin.starts_with("option");
    const bool is_of_the_job = group != OptionGroup::configuration &&
                               group != OptionGroup::output && group != OptionGroup::fargate &&
                               key != "deadline" && key != "region";
    if (!is_of_this_call || !is_of_the_job) return;
    if (std::ranges::find(kRows, key, &Row::key) != std::end(kRows)) return;
    found.push_back(fmt::format("{} ({})", key, origin));
  });
  return found;
}

StackParameters parameters_of(const DeployInputs& inputs, const Surroundings& surroundings) {
  const Configuration& configuration = inputs.configuration;
  const Account& account = surroundings.account;
  StackParameters parameters;
  for (const auto& [parameter, key] : kRows) {
    parameters.emplace_back(parameter, value_of(configuration, key));
  }
  add_arns(inputs, account, parameters);
  const std::string registry = configuration.text("fargate.registrySecret");
  const std::string image = configuration.text("fargate.image");
  parameters.emplace_back("RegistrySecretArn",
                          registry.empty() ? std::string() : secret_arn(registry, account));
  parameters.emplace_back("EcrRepositoryArn", ecr_arn(image, account));
  parameters.emplace_back("DatabaseUserArn", database_user_arn(configuration, surroundings));
  parameters.emplace_back("VpcId", surroundings.vpc);
  parameters.emplace_back("SubnetIds", join(surroundings.subnets, ","));
  parameters.emplace_back("RepositoryPort", port_of_repository(inputs.repository));
  const std::string version = configuration.text("fargate.databaseVersion");
  if (!version.empty()) parameters.emplace_back("DatabaseEngineVersion", version);
  const auto roles = places_of_roles(configuration.list("db.roles"), surroundings.roles_before);
  for (std::size_t i = 0; i < roles.size(); ++i) {
    parameters.emplace_back(fmt::format("DatabaseRole{}", i + 1), roles[i]);
  }
  return parameters;
}

std::vector<std::string> places_of_roles(const std::vector<std::string>& roles,
                                         const std::vector<std::string>& before) {
  std::vector<std::string> places(kRoleParameters);
  for (std::size_t i = 0; i < std::min(places.size(), before.size()); ++i) {
    if (std::ranges::find(roles, before[i]) != roles.end()) places[i] = before[i];
  }
  for (const std::string& role : roles) {
    if (std::ranges::find(places, role) != places.end()) continue;
    const auto free = std::ranges::find(places, std::string());
    if (free != places.end()) *free = role;
  }
  return places;
}

}  // namespace dunlin::fargate
