#pragma once

#include "secrets/store.hpp"

#include <map>
#include <string>

namespace dunlin {

/// Secrets in a file, for a laptop and for demonstrations: id -> value, in JSON when the name ends
/// in .json, in TOML otherwise. A value is a string, or a table or object, whose JSON is the
/// secret.
class FileStore final : public SecretStore {
 public:
  /// Nothing is read before the first `fetch`.
  explicit FileStore(std::string path) : path_(std::move(path)) {}
  /// Errors have secret_unavailable and name the file and the id, with the ids that look like it.
  std::vector<Result<Secret>> fetch(std::span<const std::string> ids) override;

 private:
  Result<std::map<std::string, Secret>> read() const;
  std::string path_;
};

}  // namespace dunlin
