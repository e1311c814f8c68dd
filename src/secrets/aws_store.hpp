#pragma once

#include "aws/secrets_manager.hpp"
#include "aws/ssm.hpp"
#include "secrets/store.hpp"

#include <string>

namespace dunlin {

/// One session with AWS: one credential chain, one corrected clock, for every service that holds
/// secrets. Costs nothing before the first use.
class AwsSession {
 public:
  AwsSession(AwsEdges edges, std::string region, std::string profile = {});
  [[nodiscard]] CredentialChain& credentials() noexcept { return chain_; }
  [[nodiscard]] AwsApi& api() noexcept { return api_; }
  [[nodiscard]] const std::string& region() const noexcept { return region_; }

 private:
  std::string region_;
  CredentialChain chain_;
  AwsApi api_;
};

/// ${secret:...} at AWS Secrets Manager. See SecretsManager for what an id may be.
class AwsSecretStore final : public SecretStore {
 public:
  explicit AwsSecretStore(AwsSession& session)
      : secrets_manager_(session.api(), session.region()) {}
  std::vector<Result<Secret>> fetch(std::span<const std::string> ids) override;

 private:
  SecretsManager secrets_manager_;
};

/// ${ssm:...}: parameters of AWS Systems Manager.
class AwsParameterStore final : public SecretStore {
 public:
  explicit AwsParameterStore(AwsSession& session) : parameters_(session.api(), session.region()) {}
  std::vector<Result<Secret>> fetch(std::span<const std::string> ids) override;

 private:
  ParameterStore parameters_;
};

}  // namespace dunlin
