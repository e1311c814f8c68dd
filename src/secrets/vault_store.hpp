#pragma once

#include "secrets/store.hpp"
#include "secrets/vault_client.hpp"

#include <string>
#include <string_view>

namespace dunlin {

/// A secret of the KV engine, version 2, as a reference names it.
struct VaultId {
  std::string path;   ///< below the mount: "app/db"; as written, not encoded
  std::string mount;  ///< empty: the usual one
  int version = 0;    ///< 0: the newest
};

/// "app/db?version=3&mount=kv". Slashes around the path are left out. Error: configuration.
[[nodiscard]] Result<VaultId> parse_vault_id(std::string_view id);

/// ${secret:...} at HashiCorp Vault or OpenBao, KV version 2. What `fetch` gives is the secret's
/// data as a JSON object.
class VaultStore final : public SecretStore {
 public:
  VaultStore(VaultOptions options, VaultEdges edges, RetryPolicy policy = {})
      : client_(std::move(options), edges, policy) {}
  std::vector<Result<Secret>> fetch(std::span<const std::string> ids) override;
  /// Of data with one member that member's value, else the JSON of all.
  [[nodiscard]] Secret whole(const Secret& fetched) const override;

 private:
  struct Asked;
  [[nodiscard]] Asked asked(VaultId id) const;
  std::vector<Result<HttpResponse>> read(std::span<const std::string> paths);
  Result<Secret> value_of(const Asked& asked, Result<HttpResponse> answer);
  Error denied(const Asked& asked);
  Error not_found(const Asked& asked, const HttpResponse& answer);
  Error without_mount(const Asked& asked, std::string message, std::string hint);
  VaultClient client_;
};

}  // namespace dunlin
