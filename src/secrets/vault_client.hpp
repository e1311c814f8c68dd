#pragma once

#include "aws/api.hpp"
#include "base/environment.hpp"
#include "base/interrupt.hpp"
#include "base/redactor.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "http/client.hpp"

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// Where Vault is, and who asks. HashiCorp's and OpenBao's speak alike.
struct VaultOptions {
  std::string address;           ///< "https://vault.example.com:8200"
  std::string space;             ///< the namespace; empty: the root's
  std::string mount = "secret";  ///< of the KV engine
  std::string method = "token";  ///< token, approle, kubernetes or jwt
  std::string method_mount;      ///< below auth/; empty: as the method
  std::string role;              ///< approle: the role's id; kubernetes, jwt: its name
  Secret token;                  ///< empty: the one that `vault login` left in the home folder
  std::string token_origin;      ///< who set it: "variable VAULT_TOKEN"
  Secret secret_id;              ///< approle
  Secret jwt;                    ///< jwt; kubernetes too, else the service account's
};

/// What talking to Vault touches. All of it outlives the client.
struct VaultEdges {
  HttpClient& http;
  const Environment& environment;
  const Interrupt& interrupt;
  Redactor& redactor;  ///< learns each token
};

/// Vault's API below /v1/: logs in when first asked, repeats what is worth repeating, and goes once
/// to another node when a standby says so. For one thread at a time.
class VaultClient {
 public:
  VaultClient(VaultOptions options, VaultEdges edges, RetryPolicy policy = {});
  /// GETs paths such as "secret/data/app", already percent-encoded, all at once; the answers in
  /// their order, of any status. Error: configuration or secret_unavailable when there is no way
  /// in; secret_unavailable when there is no answer, or Vault is sealed.
  std::vector<Result<HttpResponse>> get(std::span<const std::string> paths);
  /// Gives up a token that came by a login, so that the next `get` logs in again. False if the
  /// token was given: there is no other.
  bool forget_login();
  /// What the token is called in messages: "the token of variable VAULT_TOKEN".
  [[nodiscard]] std::string token_name() const;
  [[nodiscard]] const VaultOptions& options() const noexcept { return options_; }

 private:
  struct Call;
  Result<void> check() const;
  Result<void> ensure_token();
  Result<void> log_in();
  [[nodiscard]] Result<Secret> login_body() const;
  [[nodiscard]] Result<Secret> service_jwt() const;
  [[nodiscard]] HttpRequest request_for(const Call& call) const;
  bool settle(Call& call, Result<HttpResponse> answer) const;
  std::vector<Call*> send_once(const std::vector<Call*>& calls);
  [[nodiscard]] std::chrono::milliseconds wait_before(int attempt,
                                                      const std::vector<Call*>& calls) const;
  void send(std::span<Call> calls);
  VaultOptions options_;
  VaultEdges edges_;
  RetryPolicy policy_;
  Secret token_;
  std::string token_origin_;
  bool is_logged_in_ = false;  ///< by a login, so that another one may help
};

/// Vault's own words in the body of an answer, on one line of at most 300 bytes; empty when it has
/// none.
[[nodiscard]] std::string vault_words(const HttpResponse& response);

}  // namespace dunlin
