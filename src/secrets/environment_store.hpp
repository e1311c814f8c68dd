#pragma once

#include "base/environment.hpp"
#include "secrets/store.hpp"

#include <string>
#include <string_view>

namespace dunlin {

/// Secrets in environment variables, as CI systems hand them over: an id is looked up as it is,
/// then as a variable's name (see variable_of_secret).
class EnvironmentStore final : public SecretStore {
 public:
  /// `environment` outlives the object.
  explicit EnvironmentStore(const Environment& environment) : environment_(environment) {}
  std::vector<Result<Secret>> fetch(std::span<const std::string> ids) override;

 private:
  const Environment& environment_;
};

/// Capitals, and underscores for what is neither letter nor digit:
/// "postgresql@db@sqladmin" is POSTGRESQL_DB_SQLADMIN.
[[nodiscard]] std::string variable_of_secret(std::string_view id);

}  // namespace dunlin
