// All calls are sent at once; those without a final answer are sent again together after one wait,
// with the figures of AwsApi. Statuses: "HTTP Status Codes" of Vault's API documentation, and
// sys/health for those of standbys. A standby forwards reads by itself; 307 comes from one that is
// told not to, and names the same path on another node.
#include "secrets/vault_client.hpp"

#include "aws/json.hpp"
#include "aws/pause.hpp"
#include "aws/secret_file.hpp"
#include "base/join_secrets.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace dunlin {
namespace {

constexpr auto kServiceAccount = "/var/run/secrets/kubernetes.io/serviceaccount/token";

Error configuration(std::string message, std::string hint = {}) {
  return {.code = ErrorCode::configuration, .message = std::move(message), .hint = std::move(hint)};
}

Error unavailable(std::string message, std::string hint = {}) {
  return {.code = ErrorCode::secret_unavailable,
          .message = std::move(message),
          .hint = std::move(hint)};
}

/// Variables of Vault's own program that would change whom it trusts or who it is. Left unread they
/// would do nothing, silently.
struct Refused {
  std::string_view name, instead;
};
constexpr std::array kRefused = {
    Refused{"SKIP_VERIFY", "dunlin always verifies: name the authority in VAULT_CACERT"},
    Refused{"CAPATH", "put the authorities into one PEM file and name it in VAULT_CACERT"},
    Refused{"TLS_SERVER_NAME", "name the server in VAULT_ADDR as its certificate does"},
    Refused{"CLIENT_CERT", "dunlin logs in by token, approle, kubernetes or jwt"},
};

bool is_off(std::string_view value) {
  return value == "0" || equals_ignoring_case(value, "false") || equals_ignoring_case(value, "f");
}

Result<void> check_variables(const Environment& environment) {
  for (const Refused& each : kRefused) {
    for (const std::string_view prefix : {"VAULT_", "BAO_"}) {
      const std::string name = fmt::format("{}{}", prefix, each.name);
      const auto value = environment.find(name);
      if (!value || is_off(*value)) continue;
      return configuration(fmt::format("{} is set, and dunlin does not go by it", name),
                           fmt::format("unset it; {}", each.instead));
    }
  }
  return {};
}

/// "https://host:8200" and what follows it.
bool is_address(std::string_view text) {
  const bool has_scheme = text.starts_with("https://") || text.starts_with("http://");
  return has_scheme && text.find_first_of("@?# ") == std::string_view::npos;
}

Error without_answer(Error error, const std::string& base) {
  if (error.code == ErrorCode::interrupted) return error;
  error.code = ErrorCode::secret_unavailable;
  if (error.message.starts_with("TLS:")) {
    error.hint =
        "if this certificate is right, name its authority's PEM file in VAULT_CACERT; if this "
        "server speaks no TLS, write http:// in VAULT_ADDR";
  } else if (error.hint.empty()) {
    error.hint = fmt::format("is {} where Vault is?", base);
  }
  return error;
}

bool is_worth_repeating(int status) {
  constexpr std::array kTransient = {412, 429, 472, 473};
  return status >= 500 || std::ranges::find(kTransient, status) != kTransient.end();
}

Secret member(std::string_view name, const Secret& value) {
  const std::array<Secret, 2> pieces{Secret(fmt::format("\"{}\":", name)), json_quoted(value)};
  return joined(pieces);
}

std::string hint_for_login(const VaultOptions& options) {
  if (options.method == "approle") {
    return "check secrets.vault.role (the role's id), secrets.vault.secretId, and that approle is "
           "enabled there; secrets.vault.authMount names another mount";
  }
  return fmt::format(
      "check that {} is enabled there (secrets.vault.authMount names another mount), and what the "
      "role {} is bound to: audience, service account, namespace",
      options.method, options.role);
}

}  // namespace

/// One request on its way to a final answer.
struct VaultClient::Call {
  std::string base;              ///< of the node that is asked
  std::string path;              ///< below /v1/, with its query
  const Secret* body = nullptr;  ///< null: a GET
  std::optional<Result<HttpResponse>> outcome;
  bool is_redirected = false;
  bool goes_elsewhere = false;  ///< to be sent again at once
  bool is_slow = false;         ///< to be sent again after the longer wait
};

VaultClient::VaultClient(VaultOptions options, VaultEdges edges, RetryPolicy policy)
    : options_(std::move(options)), edges_(edges), policy_(policy) {
  while (options_.address.ends_with('/')) options_.address.pop_back();
  if (options_.method_mount.empty()) options_.method_mount = options_.method;
}

std::string VaultClient::token_name() const {
  return is_logged_in_ ? fmt::format("the token of the login by {}", options_.method)
                       : fmt::format("the token of {}", token_origin_);
}

Result<void> VaultClient::check() const {
  if (options_.address.empty()) {
    return configuration("secrets.vault.address is not set: where Vault is is not known",
                         "set VAULT_ADDR, such as https://vault.example.com:8200");
  }
  if (!is_address(options_.address)) {
    return configuration("secrets.vault.address is not the address of a Vault server",
                         "write it as https://vault.example.com:8200");
  }
  return check_variables(edges_.environment);
}

Result<void> VaultClient::ensure_token() {
  DUNLIN_TRY(check());
  if (!token_.empty()) return {};
  if (options_.method != "token") return log_in();
  if (!options_.token.empty()) {
    token_ = Secret(trim(options_.token.reveal()));
    token_origin_ = options_.token_origin;
  } else if (const auto home = edges_.environment.find("HOME")) {
    token_origin_ = *home + "/.vault-token";
    if (const auto kept = read_secret_file(token_origin_)) token_ = Secret(trim(kept->reveal()));
  }
  if (token_.empty()) {
    return unavailable("no Vault token was found",
                       "set VAULT_TOKEN, or log in with vault login, which leaves ~/.vault-token, "
                       "or choose another way by secrets.vault.auth");
  }
  edges_.redactor.learn(token_.reveal());
  return {};
}

Result<Secret> VaultClient::service_jwt() const {
  if (!options_.jwt.empty()) return Secret(trim(options_.jwt.reveal()));
  if (options_.method == "jwt") {
    return configuration("secrets.vault.jwt is not set, and the login by jwt needs it",
                         "set it to ${file:PATH} or ${env:NAME}");
  }
  auto token = read_secret_file(kServiceAccount);
  if (token) return Secret(trim(token->reveal()));
  return configuration(
      fmt::format("the service account's token {} cannot be read: {}", kServiceAccount,
                  token.error().message),
      "it is there in a pod of Kubernetes; elsewhere set secrets.vault.jwt to ${file:PATH}");
}

Result<Secret> VaultClient::login_body() const {
  if (options_.role.empty()) {
    return configuration(
        fmt::format("secrets.vault.role is not set, and the login by {} needs it", options_.method),
        options_.method == "approle" ? "set it to the role's id" : "set it to the role's name");
  }
  std::vector<Secret> pieces;
  const bool by_role = options_.method == "approle";
  pieces.emplace_back("{");
  pieces.push_back(member(by_role ? "role_id" : "role", Secret(options_.role)));
  if (!by_role) {
    const Secret jwt = DUNLIN_TRY(service_jwt());
    edges_.redactor.learn(jwt.reveal());
    pieces.emplace_back(",");
    pieces.push_back(member("jwt", jwt));
  } else if (!options_.secret_id.empty()) {  // a role may do without: bind_secret_id=false
    edges_.redactor.learn(options_.secret_id.reveal());
    pieces.emplace_back(",");
    pieces.push_back(member("secret_id", Secret(trim(options_.secret_id.reveal()))));
  }
  pieces.emplace_back("}");
  return joined(pieces);
}

Result<void> VaultClient::log_in() {
  const Secret body = DUNLIN_TRY(login_body());
  std::array<Call, 1> calls;
  calls[0].base = options_.address;
  calls[0].path = fmt::format("auth/{}/login", options_.method_mount);
  calls[0].body = &body;
  send(calls);
  const HttpResponse answer = DUNLIN_TRY(std::move(*calls[0].outcome));
  const auto document = JsonDocument::parse(answer.body.reveal());
  const auto token =
      document ? document->root()["auth"]["client_token"].text() : std::string_view();
  if (answer.status != 200 || token.empty()) {
    const std::string words = vault_words(answer);
    return unavailable(fmt::format("Vault refuses the login by {} at auth/{}: {}", options_.method,
                                   options_.method_mount,
                                   words.empty() ? fmt::format("status {}", answer.status) : words),
                       hint_for_login(options_));
  }
  token_ = Secret(token);
  is_logged_in_ = true;
  edges_.redactor.learn(token_.reveal());
  return {};
}

bool VaultClient::forget_login() {
  if (is_logged_in_) token_ = Secret();
  return is_logged_in_;
}

HttpRequest VaultClient::request_for(const Call& call) const {
  HttpRequest request{.url = fmt::format("{}/v1/{}", call.base, call.path)};
  // Asked for by agents and proxies of Vault, which answer no request that a browser can make.
  request.headers.push_back({"X-Vault-Request", Secret("true")});
  if (!options_.space.empty())
    request.headers.push_back({"X-Vault-Namespace", Secret(options_.space)});
  if (call.body == nullptr) {
    request.headers.push_back({"X-Vault-Token", token_.duplicate()});
  } else {
    request.method = "POST";
    request.body = call.body->duplicate();
    request.headers.push_back({"Content-Type", Secret("application/json")});
  }
  return request;
}

/// Takes the answer, or prepares the call to be sent again: true then.
bool VaultClient::settle(Call& call, Result<HttpResponse> answer) const {
  call.goes_elsewhere = false;
  if (!answer) {
    const bool stopped = answer.error().code == ErrorCode::interrupted;
    call.outcome = without_answer(std::move(answer).error(), call.base);
    return !stopped;
  }
  const int status = answer->status;
  if (status == 301 || status == 302 || status == 307 || status == 308) {
    // Only to another node: the same path, and never from TLS to none. The token goes there too.
    const std::string_view place = answer->header("location");
    const std::string same = "/v1/" + call.path;
    const bool may = place.ends_with(same) &&
                     is_address(place.substr(0, place.size() - same.size())) &&
                     (place.starts_with("https://") || call.base.starts_with("http://"));
    call.outcome = unavailable(
        fmt::format("{} redirects {}", call.base,
                    call.is_redirected ? "more than once" : "to what is no node of its own"),
        "check VAULT_ADDR, and api_addr in the servers' configuration");
    if (call.is_redirected || !may) return false;
    call.base = place.substr(0, place.size() - same.size());
    call.is_redirected = call.goes_elsewhere = true;
    return true;
  }
  const std::string words = vault_words(*answer);
  if (status == 503 && words.contains("sealed")) {
    call.outcome = unavailable(fmt::format("Vault at {} is sealed", call.base),
                               "unseal it with vault operator unseal, then run this again");
    return true;
  }
  call.is_slow = status == 429;
  call.outcome = std::move(answer);
  return is_worth_repeating(status);
}

/// Sends each once; those to be sent again.
std::vector<VaultClient::Call*> VaultClient::send_once(const std::vector<Call*>& calls) {
  std::vector<HttpRequest> requests;
  requests.reserve(calls.size());
  for (const Call* call : calls) requests.push_back(request_for(*call));
  auto answers = edges_.http.send(requests);
  std::vector<Call*> again;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (settle(*calls[i], std::move(answers[i]))) again.push_back(calls[i]);
  }
  return again;
}

std::chrono::milliseconds VaultClient::wait_before(int attempt,
                                                   const std::vector<Call*>& calls) const {
  const bool slow = std::ranges::any_of(calls, &Call::is_slow);
  const auto first = slow ? policy_.first_after_throttling : policy_.first;
  return random_wait(attempt, first, policy_.longest);
}

void VaultClient::send(std::span<Call> calls) {
  std::vector<Call*> pending;
  for (Call& call : calls) pending.push_back(&call);
  for (int attempt = 1; !pending.empty();) {
    pending = send_once(pending);
    if (std::ranges::all_of(pending, &Call::goes_elsewhere)) continue;
    if (attempt >= policy_.attempts) return;
    if (!pause(edges_.interrupt, wait_before(attempt++, pending))) return;
  }
}

std::vector<Result<HttpResponse>> VaultClient::get(std::span<const std::string> paths) {
  std::vector<Result<HttpResponse>> answers;
  if (auto ready = ensure_token(); !ready) {
    for (std::size_t i = 0; i < paths.size(); ++i) answers.emplace_back(ready.error());
    return answers;
  }
  std::vector<Call> calls(paths.size());
  for (std::size_t i = 0; i < paths.size(); ++i) {
    calls[i].base = options_.address;
    calls[i].path = paths[i];
  }
  send(calls);
  answers.reserve(calls.size());
  for (Call& call : calls) answers.push_back(std::move(*call.outcome));
  return answers;
}

std::string vault_words(const HttpResponse& response) {
  constexpr std::size_t kMost = 300;
  const auto document = JsonDocument::parse(response.body.reveal());
  std::vector<std::string> words;
  const auto add = [&](std::string_view text) {
    // "1 error occurred:\n\t* permission denied\n\n" and the like
    for (const std::string& line : split(text, '\n')) {
      std::string_view each = trim(line);
      if (each.ends_with("occurred:") || each.empty()) continue;
      if (each.starts_with("* ")) each.remove_prefix(2);
      words.emplace_back(each);
    }
  };
  if (!document) {
    const std::string_view text = trim(response.body.reveal());
    add(text.substr(0, text.find('\n')));
  } else {
    for (const JsonNode each : document->root()["errors"].items()) add(each.text());
  }
  return join(words, "; ").substr(0, kMost);
}

}  // namespace dunlin
