#include "database/url.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace dunlin {
namespace {

struct Scheme {
  std::string_view prefix;
  UrlKind kind;
};

constexpr std::array kSchemes = {
    Scheme{"jdbc:postgresql:", UrlKind::postgresql},
    Scheme{"postgresql://", UrlKind::postgresql},
    Scheme{"postgres://", UrlKind::postgresql},
    Scheme{"jdbc:sqlite:", UrlKind::sqlite},
    Scheme{"sqlite:", UrlKind::sqlite},
};

/// "jdbc:mysql" of "jdbc:mysql://host/db"; a text without a colon as a whole, if it is a word.
std::string scheme_of(std::string_view url) {
  const std::size_t start = url.starts_with("jdbc:") ? 5 : 0;
  const auto end = url.find_first_of(":/@?= ", start);
  return std::string(url.substr(0, end));
}

/// `host=db.example dbname=app`: a keyword of libpq's before the first `=`.
bool is_keyword_string(std::string_view url) {
  constexpr std::array kFirst = {"host", "hostaddr", "port",    "dbname",
                                 "user", "password", "service", "sslmode"};
  const auto name = trim(url.substr(0, url.find('=')));
  return url.contains('=') &&
         std::ranges::any_of(kFirst, [&](std::string_view known) { return known == name; });
}

}  // namespace

Result<UrlKind> kind_of_url(std::string_view url) {
  url = trim(url);
  if (url.empty()) {
    return Error{.code = ErrorCode::configuration,
                 .message =
                     "Unable to connect to the database. Configure the url, user and "
                     "password!",
                 .hint =
                     "write -url=jdbc:postgresql://HOST:5432/DB or -url=jdbc:sqlite:PATH, or "
                     "set FLYWAY_URL"};
  }
  for (const auto& [prefix, kind] : kSchemes) {
    if (url.starts_with(prefix)) return kind;
  }
  if (is_keyword_string(url)) return UrlKind::postgresql;
  // The address is what Flyway's own message names; its users search for these words.
  return Error{.code = ErrorCode::configuration,
               .message = fmt::format("No Flyway database plugin found to handle {}. See "
                                      "https://rd.gt/423f9a6 for troubleshooting",
                                      scheme_of(url)),
               .hint =
                   "dunlin speaks jdbc:postgresql://HOST:5432/DB, postgresql://HOST/DB, "
                   "jdbc:sqlite:PATH and sqlite:PATH"};
}

}  // namespace dunlin
