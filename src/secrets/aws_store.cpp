#include "secrets/aws_store.hpp"

namespace dunlin {

AwsSession::AwsSession(AwsEdges edges, std::string region, std::string profile)
    : region_(std::move(region)),
      chain_(edges, {.profile = std::move(profile), .region = region_}),
      api_(edges, chain_) {}

std::vector<Result<Secret>> AwsSecretStore::fetch(std::span<const std::string> ids) {
  return secrets_manager_.fetch(ids);
}

std::vector<Result<Secret>> AwsParameterStore::fetch(std::span<const std::string> ids) {
  return parameters_.fetch(ids);
}

}  // namespace dunlin
