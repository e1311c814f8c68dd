#pragma once

#include "base/result.hpp"
#include "database/postgresql/open.hpp"
#include "database/progress.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin::postgresql {

/// A parsed URL of a PostgreSQL database.
struct Url {
  Target target;
  /// For people and reports: a JDBC URL as it was given, the values of secrets as `********`; for
  /// libpq's forms "jdbc:postgresql://HOST:PORT/DB".
  std::string shown;
  std::vector<Note> notes;  ///< parameters that have no effect: debug if harmless, else warning
};

/// Names and values of the option jdbcProperties.
using Properties = std::map<std::string, std::string, std::less<>>;

/// Understands
/// - `jdbc:postgresql://host[:port][,host2…]/db?parameters` and `jdbc:postgresql:db`, read as
///   Flyway's driver (pgjdbc 42) does: `+` is a blank, unknown parameters are passed over;
/// - libpq's `postgresql://user:password@host/db?…` and `host=… dbname=…`, read by libpq itself.
/// The user and the password from elsewhere (-user, -password) are the caller's to put in: they
/// win over those of the URL. configuration says what is wrong with it, and quotes nothing of it
/// that might be part of a password.
/// @param properties  parameters of pgjdbc from elsewhere; those of the URL win
Result<Url> parse_url(std::string_view url, const Properties& properties = {});

}  // namespace dunlin::postgresql
