#pragma once

#include "aws/api.hpp"

#include <span>
#include <string>
#include <vector>

namespace dunlin {

/// Secrets of AWS Secrets Manager by id: a name or an ARN (then asked in the ARN's own region),
/// followed by `?stage=AWSPREVIOUS`, `?version=UUID` or `?binary`, several joined by `&`, if
/// another version or the bytes of a binary secret are wanted.
class SecretsManager {
 public:
  /// `api` outlives the object. `region` is for names; it may be empty when only ARNs are asked.
  SecretsManager(AwsApi& api, std::string region);
  /// One GetSecretValue for each id, all at once; texts in the same order. An Error names the id
  /// and has secret_unavailable, aws_credentials or configuration.
  std::vector<Result<Secret>> fetch(std::span<const std::string> ids);

 private:
  AwsApi& api_;
  std::string region_;
};

/// How an id is taken apart; shown to tests.
struct SecretId {
  std::string name;  ///< or ARN
  std::string stage, version;
  enum class Form { text, bytes } form = Form::text;
};
[[nodiscard]] Result<SecretId> parse_secret_id(std::string_view id);

}  // namespace dunlin
