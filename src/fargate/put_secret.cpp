// A secret is read before it is written: so that the same value makes no new version, and another
// one is not lost unless that is wanted. Values go from where they come from into the body of one
// call, each time as a Secret.
#include "base/join_secrets.hpp"
#include "base/text.hpp"
#include "fargate/document.hpp"
#include "fargate/random.hpp"
#include "fargate/secrets.hpp"
#include "fargate/stored_secrets.hpp"

#include <array>
#include <optional>

namespace dunlin::fargate {
namespace {

using Existing = PutOptions::Existing;
using Value = PutOptions::Value;

constexpr std::string_view kUsage =
    "write dunlin fargate secrets put deploy-key, registry-token or database-password USER";

Error usage(std::string message, std::string_view hint = kUsage) {
  return {.code = ErrorCode::usage, .message = std::move(message), .hint = std::string(hint)};
}

Error unfit(std::string message, std::string hint) {
  return {.code = ErrorCode::configuration, .message = std::move(message), .hint = std::move(hint)};
}

/// What was put, or would have been.
struct Put {
  enum class Outcome { made, renewed, same, kept } outcome = Outcome::made;
  NeededSecret secret;
  KeyPair key;  ///< of a deploy key: only what may be shown
};

std::string_view word_of(Put::Outcome outcome) {
  switch (outcome) {
    case Put::Outcome::made:
      return "stored";
    case Put::Outcome::renewed:
      return "renewed";
    case Put::Outcome::same:
      return "unchanged";
    case Put::Outcome::kept:
      break;
  }
  return "kept";
}

/// {"username":...,"password":...}: what ECS takes as a registry's login, and the job as a
/// password.
Secret login_json(std::string_view user, const Secret& password) {
  std::array<Secret, 3> pieces = {
      Secret(fmt::format(R"({{"username":{},"password":)", json_quoted(user))),
      json_quoted(password), Secret("}")};
  return joined(pieces);
}

bool is_same_login(const Secret& one, const Secret& other) {
  const auto a = JsonDocument::parse(one.reveal());
  const auto b = JsonDocument::parse(other.reveal());
  if (!a || !b) return false;
  const auto same = [&](std::string_view field) {
    return a->root()[field].kind() == JsonKind::string &&
           a->root()[field].text() == b->root()[field].text();
  };
  return same("username") && same("password");
}

/// A key may have been stored with other line ends: what counts is that it is the same key.
bool is_same_key(const Secret& one, const Secret& other, const SecretTools& tools) {
  const auto a = tools.read_key(one, "");
  const auto b = tools.read_key(other, "");
  return a && b && a->private_text.reveal() == b->private_text.reveal();
}

Secret without_last_newline(const Secret& value) {
  std::string_view text = value.reveal();
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return Secret(text);
}

class Putting {
 public:
  Putting(const PutOptions& options, const Configuration& configuration, const SecretTools& tools,
          const Context& context)
      : options_(options),
        configuration_(configuration),
        tools_(tools),
        context_(context),
        store_(context.aws, context.region, configuration.text("fargate.kmsKey")) {}

  Result<Put> operator()(NeededSecret secret) {
    if (secret.id.empty()) {
      return unfit("the secret of the deploy key has no name",
                   "set REPOSITORY_DEPLOY_KEY_SECRET, or REPOSITORY_OWNER and REPOSITORY_PATH");
    }
    Put put{.secret = std::move(secret), .key = {}};
    const auto current = DUNLIN_TRY(store_.read(put.secret.id));
    if (current && options_.value == Value::generated && options_.existing == Existing::kept) {
      put.outcome = Put::Outcome::kept;
      if (put.secret.kind == SecretKind::deploy_key) show(put, tools_.read_key(*current, note()));
      return put;
    }
    const Secret value = DUNLIN_TRY(value_for(put));
    put.outcome =
        DUNLIN_TRY(current ? replace(put.secret, *current, value) : make(put.secret, value));
    return put;
  }

 private:
  /// What the public line of a deploy key ends with.
  [[nodiscard]] std::string note() const {
    return fmt::format("dunlin-{}", configuration_.text("fargate.task"));
  }

  static void show(Put& put, Result<KeyPair> key) {
    if (key) put.key = *std::move(key);
  }

  Result<Secret> value_for(Put& put) {
    switch (put.secret.kind) {
      case SecretKind::deploy_key: {
        KeyPair key =
            DUNLIN_TRY(options_.value == Value::generated ? tools_.make_key(note()) : pasted_key());
        Secret value = std::move(key.private_text);
        put.key = std::move(key);
        return value;
      }
      case SecretKind::registry_token:
        return registry_login(put.secret);
      case SecretKind::database_password:
        break;
    }
    const Secret password =
        options_.value == Value::generated
            ? random_password()
            : DUNLIN_TRY(read(fmt::format("Password of {}: ", put.secret.user)));
    return login_json(put.secret.user, password);
  }

  Result<KeyPair> pasted_key() {
    const Secret pasted = DUNLIN_TRY(read(""));
    return tools_.read_key(pasted, note());
  }

  Result<Secret> registry_login(const NeededSecret& secret) {
    Secret token = DUNLIN_TRY(read("Token of the image registry: "));
    if (is_same_login(token, token)) return token;  // it is a login already
    if (!secret.user.empty()) return login_json(secret.user, token);
    return unfit("the user of the image registry is not known", "set -fargate.registryUser=NAME");
  }

  Result<Secret> read(std::string_view question) {
    Secret value = without_last_newline(DUNLIN_TRY(tools_.read(question)));
    if (!value.empty()) return value;
    return unfit("the value to store is empty",
                 "give it with --from-file FILE, on standard input, or at the terminal");
  }

  Result<Put::Outcome> make(const NeededSecret& secret, const Secret& value) {
    const bool is_new =
        DUNLIN_TRY(store_.create(secret.id, fmt::format("dunlin: {}", secret.what), value));
    if (is_new) return Put::Outcome::made;
    // It is there, but has no value yet, as who makes secrets with Terraform leaves them.
    if (DUNLIN_TRY(store_.read(secret.id))) {
      return unfit(fmt::format("somebody else has stored secret {} meanwhile", secret.id),
                   "look at it, then try again");
    }
    DUNLIN_TRY(store_.renew(secret.id, value));
    return Put::Outcome::made;
  }

  Result<Put::Outcome> replace(const NeededSecret& secret, const Secret& current,
                               const Secret& value) {
    const bool is_same = secret.kind == SecretKind::deploy_key ? is_same_key(current, value, tools_)
                                                               : is_same_login(current, value);
    if (is_same) return Put::Outcome::same;
    if (options_.existing == Existing::kept) {
      return unfit(fmt::format("secret {} holds another value already", secret.id),
                   "--overwrite puts this one as a new version; the old one stays as AWSPREVIOUS");
    }
    DUNLIN_TRY(store_.renew(secret.id, value));
    return Put::Outcome::renewed;
  }

  PutOptions options_;
  const Configuration& configuration_;
  const SecretTools& tools_;
  const Context& context_;
  StoredSecrets store_;
};

/// "https://github.com/OWNER/PATH/settings/keys/new", where a deploy key is pasted; empty for other
/// servers.
std::string key_page(const Configuration& configuration) {
  const std::string url = configuration.text("repository.url");
  std::string path = fmt::format("{}/{}", configuration.text("repository.owner"),
                                 configuration.text("repository.path"));
  if (!url.empty()) {
    constexpr std::string_view host = "github.com";
    const auto at = url.find(host);
    if (at == std::string::npos) return {};
    path = url.substr(std::min(at + host.size() + 1, url.size()));
    if (path.ends_with(".git")) path.resize(path.size() - 4);
  }
  return fmt::format("https://github.com/{}/settings/keys/new", path);
}

void tell_of_key(const Put& put, const Configuration& configuration, Output& output) {
  if (put.key.public_line.empty()) {
    output.aside(
        "Its public half is not shown: the key has a passphrase, or is none. A passphrase is "
        "another secret, which REPOSITORY_DEPLOY_KEY_PASSPHRASE_SECRET names");
    return;
  }
  const std::string page = key_page(configuration);
  output.aside(fmt::format(
      "Paste the line below {}, and leave write access off: dunlin only reads. Its fingerprint is "
      "{}",
      page.empty() ? "into the deploy keys of the repository" : "as a new deploy key at " + page,
      put.key.fingerprint));
  output.line(put.key.public_line);
  if (configuration.text("repository.deployKeySecret").empty()) {
    output.aside(fmt::format("Set REPOSITORY_DEPLOY_KEY_SECRET={} for the job", put.secret.id));
  }
}

void tell(const Put& put, const Configuration& configuration, const Context& context) {
  const auto& [outcome, secret, key] = put;
  Output& output = context.output;
  switch (outcome) {
    case Put::Outcome::made:
      output.aside(
          fmt::format("Secret {} is stored in {}: {}", secret.id, context.region, secret.what));
      break;
    case Put::Outcome::renewed:
      output.aside(
          fmt::format("Secret {} has a new version; the old one is AWSPREVIOUS", secret.id));
      break;
    case Put::Outcome::same:
      output.aside(fmt::format("Secret {} holds this value already: nothing to do", secret.id));
      break;
    case Put::Outcome::kept:
      output.aside(fmt::format("Secret {} is there already and stays; --overwrite makes a new one",
                               secret.id));
      break;
  }
  if (secret.kind == SecretKind::deploy_key) tell_of_key(put, configuration, output);
  if (secret.kind == SecretKind::database_password && outcome == Put::Outcome::renewed) {
    output.aside(fmt::format(
        "The database does not know it yet: ALTER ROLE {} PASSWORD '...' there", secret.user));
  }
  if (secret.kind == SecretKind::registry_token &&
      configuration.text("fargate.registrySecret").empty()) {
    output.aside(
        fmt::format("Set FARGATE_REGISTRY_SECRET={} for dunlin fargate deploy", secret.id));
  }
}

Document document_of(const Put& put) {
  Document document;
  document.add("secret", put.secret.id).add("outcome", word_of(put.outcome));
  if (!put.key.public_line.empty()) {
    document.add("publicKey", put.key.public_line).add("fingerprint", put.key.fingerprint);
  }
  return document;
}

/// What the words behind `put` mean; passwords of several users when none is named.
Result<std::vector<NeededSecret>> meant(const std::vector<std::string>& words, Value value,
                                        const Configuration& configuration) {
  if (words.empty()) return usage("fargate secrets put needs the name of a secret");
  const std::string& name = words.front();
  if (words.size() > 1 && name != "database-password") {
    return usage(fmt::format("fargate secrets put {} takes no further word: {} is one too many",
                             name, words[1]));
  }
  if (name == "deploy-key") return std::vector{deploy_key_secret(configuration)};
  if (name == "registry-token" && value == Value::generated) {
    return usage(
        "the token of an image registry cannot be made here",
        "make it there (at GitHub a personal access token with read:packages), and give it "
        "to dunlin fargate secrets put registry-token");
  }
  if (name == "registry-token") return std::vector{registry_secret(configuration)};
  if (name != "database-password") return usage(fmt::format("there is no secret {}", name));
  if (words.size() > 1) return std::vector{password_secret(configuration, words[1])};
  if (value == Value::read) {
    return usage("fargate secrets put database-password needs a user",
                 "write dunlin fargate secrets put database-password USER; with --generate and "
                 "without a user every password that is missing is made");
  }
  std::vector<NeededSecret> passwords;
  for (NeededSecret& each : needed_secrets(configuration)) {
    if (each.kind == SecretKind::database_password) passwords.push_back(std::move(each));
  }
  return passwords;
}

}  // namespace

Result<int> put_secret(const std::vector<std::string>& words, const PutOptions& options,
                       const Configuration& configuration, const SecretTools& tools,
                       const Context& context) {
  auto secrets = DUNLIN_TRY(meant(words, options.value, configuration));
  Putting putting(options, configuration, tools, context);
  std::vector<Document> documents;
  for (NeededSecret& secret : secrets) {
    const Put put = DUNLIN_TRY(putting(std::move(secret)));
    documents.push_back(document_of(put));
    if (context.shape == Context::Shape::text) tell(put, configuration, context);
  }
  if (context.shape == Context::Shape::json) {
    Document whole;
    whole.add("operation", "fargate secrets put").add("secrets", documents);
    context.output.answer(whole.text());
  }
  return 0;
}

}  // namespace dunlin::fargate
