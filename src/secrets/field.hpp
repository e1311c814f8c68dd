#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace dunlin {

/// Which kinds of JSON values do for a field.
enum class FieldKind {
  string,  ///< as passwords have to be
  scalar,  ///< a number or a truth too, as text: RDS writes its port as a number
};

/// The member `key` of the JSON object that the secret `id` holds. Fails with secret_unavailable
/// when the text is no JSON object, lacks the key (the keys that are there are named, no value
/// is), or has another kind of value there.
[[nodiscard]] Result<Secret> json_field(const Secret& secret, std::string_view id,
                                        std::string_view key, FieldKind wanted = FieldKind::string);

/// A secret with which to log in to a database, in the shape that RDS gives to its own secrets.
struct DatabaseSecret {
  std::string username;  ///< empty when the secret has none; so host, port and name
  Secret password;
  std::string host;
  std::optional<int> port;
  std::string name;  ///< of the database: "dbname"
};

/// Only `password` has to be there. Fails as json_field does, and when a port is out of range.
[[nodiscard]] Result<DatabaseSecret> parse_database_secret(const Secret& secret,
                                                           std::string_view id);

}  // namespace dunlin
