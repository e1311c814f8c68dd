#pragma once

#include "base/result.hpp"

#include <string_view>

namespace dunlin {

/// Which implementation of Database a URL asks for.
enum class UrlKind {
  postgresql,  ///< jdbc:postgresql:, postgresql://, postgres://, or libpq's "host=… dbname=…"
  sqlite,      ///< jdbc:sqlite:, sqlite:
};

/// Looks at the scheme only; postgresql::parse_url and sqlite::parse_url read the rest.
/// configuration for an empty text and for schemes of other databases. The messages begin as
/// Flyway's do (oracle case config-no-url) and show the scheme alone, since the rest may hold a
/// password.
Result<UrlKind> kind_of_url(std::string_view url);

}  // namespace dunlin
