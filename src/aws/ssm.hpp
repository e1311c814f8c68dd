#pragma once

#include "aws/api.hpp"

#include <span>
#include <string>
#include <vector>

namespace dunlin {

/// Parameters of AWS Systems Manager's Parameter Store, decrypted, by name ("/app/password"), name
/// with version or label ("/app/password:3") or ARN (then asked in the ARN's own region).
class ParameterStore {
 public:
  /// `api` outlives the object. `region` is for names; it may be empty when only ARNs are asked.
  ParameterStore(AwsApi& api, std::string region);
  /// GetParameters, ten names a call as AWS allows, all calls at once; values in the order of the
  /// names. An Error names the parameter and has secret_unavailable, aws_credentials or
  /// configuration.
  std::vector<Result<Secret>> fetch(std::span<const std::string> names);

 private:
  AwsApi& api_;
  std::string region_;
};

}  // namespace dunlin
