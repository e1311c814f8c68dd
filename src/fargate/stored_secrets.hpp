#pragma once

#include "aws/api.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dunlin::fargate {

/// What Secrets Manager says of a secret without showing it.
struct SecretState {
  enum class Kind { present, missing, going, unknown } kind = Kind::missing;
  std::optional<std::chrono::system_clock::time_point> changed;
  std::string problem;  ///< why it is unknown
};

/// Looks at secrets and stores them; shows no value. For names of the region, or ARNs.
class StoredSecrets {
 public:
  /// `api` outlives the object.
  /// @param key  KMS key of secrets that are made; empty: the account's default one
  StoredSecrets(AwsApi& api, std::string region, std::string key)
      : api_(api), region_(std::move(region)), key_(std::move(key)) {}

  /// DescribeSecret of each, all at once. Error: what is about the credentials or the network.
  Result<std::vector<SecretState>> look(std::span<const std::string> ids);
  /// The text of a secret; nothing when there is none, or none yet.
  Result<std::optional<Secret>> read(const std::string& id);
  /// Makes the secret; false when there is one already, which then stays as it is.
  Result<bool> create(const std::string& id, const std::string& description, const Secret& value);
  /// Puts a new version into one that is there.
  Result<void> renew(const std::string& id, const Secret& value);

 private:
  [[nodiscard]] AwsCall call(const std::string& id, std::string_view operation, Secret body) const;
  AwsApi& api_;
  std::string region_, key_;
};

}  // namespace dunlin::fargate
