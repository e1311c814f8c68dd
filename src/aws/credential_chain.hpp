#pragma once

#include "aws/credentials.hpp"
#include "aws/edges.hpp"
#include "base/result.hpp"

#include <memory>
#include <string>

namespace dunlin {

struct CredentialOptions {
  /// Empty: AWS_PROFILE, else "default". Otherwise this profile comes before the environment.
  std::string profile;
  std::string region;  ///< where STS is asked; empty: AWS_REGION, else AWS_DEFAULT_REGION
};

/// Finds AWS credentials where the SDKs do and in their order: environment, web identity, profiles
/// of the shared files, the container's endpoint, the instance's metadata. The first that is
/// configured decides: if it fails, the next is not asked. Nothing is looked up before `get`.
/// For one thread at a time.
class CredentialChain {
 public:
  explicit CredentialChain(AwsEdges edges, CredentialOptions options = {});
  /// The credentials found at first, found anew when less than 5 minutes are left of them. Fails
  /// with aws_credentials; when none is configured, the hint lists what was looked at.
  Result<std::shared_ptr<const AwsCredentials>> get();
  /// AWS says they have expired: the next `get` looks anew.
  void forget() noexcept { current_.reset(); }

 private:
  Result<AwsCredentials> find();
  AwsEdges edges_;
  CredentialOptions options_;
  std::string region_;
  std::shared_ptr<const AwsCredentials> current_;
};

}  // namespace dunlin
