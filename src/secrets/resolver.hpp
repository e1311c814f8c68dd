#pragma once

#include "base/environment.hpp"
#include "base/redactor.hpp"
#include "secrets/reference.hpp"
#include "secrets/store.hpp"

#include <map>
#include <span>
#include <string>
#include <string_view>

namespace dunlin {

/// Puts values in the place of references: ${secret:ID}, ${secret:ID#key}, ${ssm:NAME},
/// ${env:NAME},
/// ${file:PATH}. Each is fetched once and kept; what comes out is never looked through again, so a
/// secret that holds "${env:X}" stays as it is. What is fetched is learned by the redactor, but for
/// plain things: a variable whose name does not sound secret, and the user, host, port and name of
/// the database in a secret's JSON.
class Resolver {
 public:
  /// All outlive the object. A store that is null is an error only when it is asked.
  Resolver(SecretStore* secrets, SecretStore* parameters, const Environment& environment,
           Redactor& redactor);

  /// Fetches everything that `texts` refer to and that is not here yet, all at once. Returns the
  /// first failure in the order of the texts; the others can be had by `resolve`.
  Result<void> prefetch(std::span<const std::string> texts);
  /// `text` with its references resolved; fetches what is missing. Errors: configuration for a
  /// malformed reference, an unset variable or an unreadable file; secret_unavailable or
  /// aws_credentials from the stores.
  Result<Secret> resolve(std::string_view text);
  /// As resolve, but fetched anew: for a password that the database refuses, since it may just
  /// have been rotated.
  Result<Secret> resolve_anew(std::string_view text);
  /// The secret that `text` names, one reference without a key, in the form its store holds it:
  /// Vault gives JSON even where there is one member only.
  Result<Secret> document(std::string_view text);
  /// Hides the value of something that is named like a secret: "API_TOKEN", "password".
  void learn_if_secret(std::string_view name, std::string_view value);

 private:
  enum class Form { value, document };
  using Source = std::pair<ReferenceKind, std::string>;  // a reference without its key
  void fetch(ReferenceKind kind, std::span<const std::string> names);
  Result<Secret> read(const Reference& reference) const;
  Result<Secret> value_of(const Reference& reference, Form form = Form::value);
  Result<Secret> assemble(std::string_view text, Form form);
  [[nodiscard]] SecretStore* store_of(ReferenceKind kind) const {
    return kind == ReferenceKind::secret ? secrets_ : parameters_;
  }
  SecretStore* secrets_;
  SecretStore* parameters_;
  const Environment& environment_;
  Redactor& redactor_;
  std::map<Source, Result<Secret>> fetched_;
};

}  // namespace dunlin
