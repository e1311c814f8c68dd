#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <span>
#include <string>
#include <vector>

namespace dunlin {

/// A place that holds secrets by id: AWS Secrets Manager, Vault, or a file.
class SecretStore {
 public:
  virtual ~SecretStore() = default;
  /// Fetches all ids at once (each should be named once) and returns their texts in the same order.
  /// An Error has secret_unavailable or aws_credentials and names the id, never the text.
  virtual std::vector<Result<Secret>> fetch(std::span<const std::string> ids) = 0;
  /// What a reference without a key stands for, out of what `fetch` gave for its id.
  [[nodiscard]] virtual Secret whole(const Secret& fetched) const { return fetched.duplicate(); }
};

}  // namespace dunlin
