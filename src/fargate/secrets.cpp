#include "fargate/secrets.hpp"

#include "base/text.hpp"
#include "fargate/document.hpp"
#include "fargate/stored_secrets.hpp"
#include "fargate/time_text.hpp"
#include "report/table.hpp"

namespace dunlin::fargate {
namespace {

constexpr std::string_view kUsualRegistrySecret = "dunlin@registry-token";

/// As the tutorial calls it, when nobody has named it.
std::string deploy_key_id(const Configuration& configuration) {
  std::string told = configuration.text("repository.deployKeySecret");
  const std::string owner = configuration.text("repository.owner");
  const std::string path = configuration.text("repository.path");
  if (!told.empty() || owner.empty() || path.empty()) return told;
  return fmt::format("github@{}@{}@repository-deploy-key", owner, path);
}

/// Only SSH takes a deploy key; without an URL the repository is at GitHub, by SSH.
bool needs_deploy_key(const Configuration& configuration) {
  const std::string url = configuration.text("repository.url");
  return !configuration.has("repository.deployKey") &&
         (url.starts_with("ssh://") || !url.contains("://"));
}

std::string_view word_of(SecretState::Kind kind) {
  switch (kind) {
    case SecretState::Kind::present:
      return "stored";
    case SecretState::Kind::missing:
      return "missing";
    case SecretState::Kind::going:
      return "marked for deletion";
    case SecretState::Kind::unknown:
      break;
  }
  return "not to be seen";
}

std::string next_step(const NeededSecret& secret, const SecretState& state) {
  if (state.kind == SecretState::Kind::unknown) return state.problem;
  if (state.kind == SecretState::Kind::going) {
    return fmt::format("aws secretsmanager restore-secret --secret-id {}", secret.id);
  }
  if (state.kind == SecretState::Kind::present) return "";
  const std::string_view flag = secret.kind == SecretKind::deploy_key          ? " --generate-key"
                                : secret.kind == SecretKind::database_password ? " --generate"
                                                                               : "";
  return fmt::format("dunlin fargate secrets put {}{}", secret.command, flag);
}

}  // namespace

NeededSecret password_secret(const Configuration& configuration, const std::string& user) {
  return {.kind = SecretKind::database_password,
          .id = fmt::format("{}@{}", configuration.text("db.secretPrefix"), user),
          .what = fmt::format("password of {}", user),
          .command = fmt::format("database-password {}", user),
          .user = user};
}

NeededSecret deploy_key_secret(const Configuration& configuration) {
  const std::string url = configuration.text("repository.url");
  return {
      .kind = SecretKind::deploy_key,
      .id = deploy_key_id(configuration),
      .what = fmt::format("deploy key of {}",
                          url.empty() ? fmt::format("{}/{}", configuration.text("repository.owner"),
                                                    configuration.text("repository.path"))
                                      : url),
      .command = "deploy-key",
      .user = {}};
}

NeededSecret registry_secret(const Configuration& configuration) {
  const std::string told = configuration.text("fargate.registrySecret");
  const std::string user = configuration.text("fargate.registryUser");
  return {.kind = SecretKind::registry_token,
          .id = told.empty() ? std::string(kUsualRegistrySecret) : told,
          .what = "login of the image registry",
          .command = "registry-token",
          .user = user.empty() ? configuration.text("repository.owner") : user};
}

std::vector<NeededSecret> needed_secrets(const Configuration& configuration) {
  std::vector<NeededSecret> needed;
  if (needs_deploy_key(configuration) && !deploy_key_id(configuration).empty()) {
    needed.push_back(deploy_key_secret(configuration));
  }
  if (!configuration.text("fargate.registrySecret").empty()) {
    needed.push_back(registry_secret(configuration));
  }
  if (!configuration.has("db.secret") && !configuration.boolean("awsIamAuth") &&
      !configuration.has("password")) {
    needed.push_back(password_secret(configuration, configuration.text("db.user")));
  }
  for (const std::string& role : configuration.list("db.roles")) {
    needed.push_back(password_secret(configuration, role));
  }
  return needed;
}

Result<int> print_secrets(const Configuration& configuration, const Context& context) {
  const auto needed = needed_secrets(configuration);
  std::vector<std::string> ids;
  ids.reserve(needed.size());
  for (const NeededSecret& each : needed) ids.push_back(each.id);
  StoredSecrets store(context.aws, context.region, {});
  const auto states = DUNLIN_TRY(store.look(ids));
  std::vector<std::vector<std::string>> rows;
  std::vector<Document> list;
  for (std::size_t i = 0; i < needed.size(); ++i) {
    const std::string state(word_of(states[i].kind));
    const std::string step = next_step(needed[i], states[i]);
    rows.push_back({needed[i].id, needed[i].what, state, time_text(states[i].changed), step});
    list.emplace_back()
        .add("secret", needed[i].id)
        .add("what", needed[i].what)
        .add("state", state)
        .add_if("changedAt", time_text(states[i].changed))
        .add_if("nextStep", step);
  }
  if (context.shape == Context::Shape::json) {
    Document whole;
    whole.add("operation", "fargate secrets").add("region", context.region).add("secrets", list);
    context.output.answer(whole.text());
    return 0;
  }
  context.output.info(ascii_table(
      {fmt::format("Secret in {}", context.region), "What", "State", "Changed (UTC)", "Next step"},
      rows, "The job reads no secret with these settings"));
  return 0;
}

}  // namespace dunlin::fargate
