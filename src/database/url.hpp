#pragma once

#include "base/result.hpp"

#include <string_view>
#include <utility>

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

/// What stands before the first separator, and what after it: {"foreign_keys", "on"} of
/// "foreign_keys=on". All of it and nothing if there is none.
[[nodiscard]] std::pair<std::string_view, std::string_view> cut(std::string_view text,
                                                                char separator);

}  // namespace dunlin
