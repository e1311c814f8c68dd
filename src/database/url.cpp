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

/// The word that ends at the first colon; empty without one. Anything else may be a password.
std::string_view word_before_colon(std::string_view text) {
  constexpr std::string_view kLetters =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-";
  const auto end = text.find_first_not_of(kLetters);
  return end == std::string_view::npos || text[end] != ':' ? "" : text.substr(0, end);
}

/// " to handle jdbc:mysql" of "jdbc:mysql://host/db".
std::string unhandled(std::string_view url) {
  const auto scheme = word_before_colon(url);
  if (scheme.empty()) return ": the url has no scheme";
  const auto kind = scheme == "jdbc" ? word_before_colon(url.substr(5)) : "";
  return fmt::format(" to handle {}{}{}", scheme, kind.empty() ? "" : ":", kind);
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
               .message = fmt::format("No Flyway database plugin found{}. See "
                                      "https://rd.gt/423f9a6 for troubleshooting",
                                      unhandled(url)),
               .hint =
                   "dunlin speaks jdbc:postgresql://HOST:5432/DB, postgresql://HOST/DB, "
                   "jdbc:sqlite:PATH and sqlite:PATH"};
}

std::pair<std::string_view, std::string_view> cut(std::string_view text, char separator) {
  const auto at = text.find(separator);
  if (at == std::string_view::npos) return {text, {}};
  return {text.substr(0, at), text.substr(at + 1)};
}

}  // namespace dunlin
