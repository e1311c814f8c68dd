#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"
#include "config/configuration.hpp"
#include "fargate/context.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin::fargate {

enum class SecretKind { deploy_key, registry_token, database_password };

/// One secret that the job or its task reads.
struct NeededSecret {
  SecretKind kind = SecretKind::database_password;
  std::string id;       ///< its name or ARN
  std::string what;     ///< "password of sqladmin"
  std::string command;  ///< that stores it: "database-password sqladmin"
  std::string user;     ///< whose password it is, or who logs in to the registry; else empty
};

/// What the job reads with this configuration: of the deploy key, the registry's login, and the
/// passwords of DB_USER and DB_ROLES those that are used. References to other secrets are not
/// among them.
[[nodiscard]] std::vector<NeededSecret> needed_secrets(const Configuration& configuration);

[[nodiscard]] NeededSecret deploy_key_secret(const Configuration& configuration);
[[nodiscard]] NeededSecret registry_secret(const Configuration& configuration);
[[nodiscard]] NeededSecret password_secret(const Configuration& configuration,
                                           const std::string& user);

/// A deploy key, as far as it may be shown.
struct KeyPair {
  Secret private_text;
  std::string public_line;  ///< empty when a passphrase hides it
  std::string fingerprint;
};

/// What storing a secret touches beside AWS.
struct SecretTools {
  /// The value, from --from-file, the terminal, where it is not shown, or standard input to its
  /// end.
  std::function<Result<Secret>(std::string_view question)> read;
  std::function<Result<KeyPair>(std::string_view comment)> make_key;
  /// Of a private key as it was pasted; deploy_key says what is wrong with it.
  std::function<Result<KeyPair>(const Secret& pasted, std::string_view comment)> read_key;
};

/// How a value comes about, and what becomes of one that is there.
struct PutOptions {
  enum class Value { read, generated } value = Value::read;
  enum class Existing { kept, overwritten } existing = Existing::kept;
};

/// `dunlin fargate secrets`: which of the needed secrets are there.
/// @returns 0
Result<int> print_secrets(const Configuration& configuration, const Context& context);

/// `dunlin fargate secrets put NAME [USER]`: stores deploy-key, registry-token or
/// database-password. A secret that is there is not overwritten unless asked; the same value is
/// nothing to do, and so is generating one that is there. Prints the public half of a deploy key.
/// @param words  behind `put`
/// @returns 0
/// Errors: usage, configuration, deploy_key, aws_failed, aws_credentials.
Result<int> put_secret(const std::vector<std::string>& words, const PutOptions& options,
                       const Configuration& configuration, const SecretTools& tools,
                       const Context& context);

}  // namespace dunlin::fargate
