#include "database/postgresql/url.hpp"

#include "base/handle.hpp"
#include "base/text.hpp"
#include "database/postgresql/jdbc_parameters.hpp"
#include "database/url.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace dunlin::postgresql {
namespace {

constexpr std::string_view kJdbc = "jdbc:postgresql:";

Error bad(std::string message, std::string hint) {
  return {.code = ErrorCode::configuration, .message = std::move(message), .hint = std::move(hint)};
}

bool is_port(std::string_view text) {
  int port = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
  return problem == std::errc{} && end == text.data() + text.size() && port > 0 && port < 65536;
}

struct Address {
  std::string host, port;
};

/// "host", "host:5433", "[::1]:5433"; nothing at all is localhost.
Result<Address> address(std::string_view text) {
  Address result{.host = "localhost", .port = "5432"};
  const auto colon = text.rfind(':');
  const auto bracket = text.rfind(']');
  const bool has_port =
      colon != std::string_view::npos && (bracket == std::string_view::npos || bracket < colon);
  std::string_view host = text.substr(0, has_port ? colon : text.size());
  const std::string_view port = has_port ? text.substr(colon + 1) : "";
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (!host.empty()) result.host = host;
  if (port.empty()) return result;
  if (!is_port(port)) {
    // What stands there may be the tail of a password with a colon: it is not shown.
    return bad("the database URL has no port number after the host's colon",
               "write jdbc:postgresql://HOST:5432/DB, an IPv6 address as [::1]:5432");
  }
  result.port = port;
  return result;
}

/// Who writes `user=me;password=...` means two parameters; what was taken for one value is shown.
Result<void> check_values(const Parameters& parameters) {
  for (const auto& [name, value] : parameters) {
    if (!lower(value).contains("password=")) continue;
    return bad(fmt::format("{} holds a password= in the database URL", name),
               "parameters of a URL are parted by &, as in ?user=NAME&password=...");
  }
  return {};
}

Result<void> take_hosts(Url& url, std::string_view authority) {
  std::vector<std::string> hosts;
  std::vector<std::string> ports;
  for (const auto& one : split(authority, ',')) {
    Address parsed = DUNLIN_TRY(address(trim(one)));
    hosts.push_back(std::move(parsed.host));
    ports.push_back(std::move(parsed.port));
  }
  if (hosts.empty()) {
    hosts.emplace_back("localhost");
    ports.emplace_back("5432");
  }
  url.target.parameters.emplace_back("host", join(hosts, ","));
  url.target.parameters.emplace_back("port", join(ports, ","));
  return {};
}

/// As java.net.URLDecoder, which pgjdbc uses: `+` is a blank.
std::string form_decode(std::string_view text) {
  return percent_decode(replace_all(text, "+", " "));
}

std::string shown_jdbc(std::string_view before_query, std::string_view query) {
  std::string shown(before_query);
  char separator = '?';
  for (const auto& parameter : split(query, '&')) {
    const auto [name, value] = cut(parameter, '=');
    const bool hide = hides_value(name) && !value.empty();
    shown += separator + std::string(name);
    if (parameter.contains('=')) shown += "=" + std::string(hide ? "********" : value);
    separator = '&';
  }
  return shown;
}

Result<Url> parse_jdbc(std::string_view text, const Properties& properties) {
  Url url;
  const auto [before_query, query] = cut(text, '?');
  std::string_view place = before_query.substr(kJdbc.size());
  if (place.contains('@')) {
    return bad("a jdbc:postgresql: URL cannot hold user:password@",
               "leave it out and use -user and -password, or write postgresql:// without jdbc:; an "
               "@ in a database's name is written %40");
  }
  if (place.starts_with("//")) {
    const auto [authority, database] = cut(place.substr(2), '/');
    DUNLIN_TRY(take_hosts(url, authority));
    place = database;
  } else {
    DUNLIN_TRY(take_hosts(url, ""));
    if (place.starts_with('/')) place.remove_prefix(1);
  }
  // Without a name the database is called as the user is; libpq does the same.
  if (!place.empty()) url.target.parameters.emplace_back("dbname", form_decode(place));
  JdbcParameters parameters(url);
  DUNLIN_TRY(parameters.take(properties));
  for (const auto& parameter : split(query, '&')) {
    const auto [name, value] = cut(parameter, '=');
    if (name.empty()) continue;
    const std::string decoded = form_decode(value);
    if (!hides_value(name)) DUNLIN_TRY(check_values({{std::string(name), decoded}}));
    DUNLIN_TRY(parameters.take(form_decode(name), decoded));
  }
  parameters.finish();
  DUNLIN_TRY(check_values(url.target.parameters));
  url.shown = shown_jdbc(before_query, query);
  return url;
}

/// libpq's complaint without what it quotes of the text, which may be part of a password.
std::string without_quotations(std::string_view complaint) {
  std::string result(trim(complaint));
  for (auto open = result.find('"'); open != std::string::npos; open = result.find('"', open)) {
    const auto close = result.find('"', open + 1);
    if (close == std::string::npos) return result.substr(0, open);
    const bool is_mark = close == open + 2;  // expected ":" or "/"
    if (is_mark) {
      open = close + 1;
      continue;
    }
    result.replace(open, close - open + 1, "…");
    open += std::string_view("…").size();
  }
  if (result.ends_with(": …")) result.resize(result.size() - std::string_view(": …").size());
  return result;
}

using Options = Handle<PQconninfoOption, PQconninfoFree>;
using Message = Handle<char, PQfreemem>;

/// The last value given for a keyword.
std::string value_of(const Parameters& parameters, std::string_view name, std::string otherwise) {
  for (const auto& [key, value] : parameters) {
    if (key == name && !value.empty()) otherwise = value;
  }
  return otherwise;
}

std::string shown_libpq(const Parameters& parameters) {
  const auto hosts = split(value_of(parameters, "host", "localhost"), ',');
  const auto ports = split(value_of(parameters, "port", "5432"), ',');
  std::vector<std::string> places;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    std::string host = hosts[i].empty() ? "localhost" : hosts[i];
    if (host.contains(':')) host = fmt::format("[{}]", host);
    if (host.starts_with('/')) host = percent_encode(host);  // the folder of a socket
    places.push_back(
        fmt::format("{}:{}", host, ports.size() == hosts.size() ? ports[i] : ports.front()));
  }
  return fmt::format("{}//{}/{}", kJdbc, join(places, ","), value_of(parameters, "dbname", ""));
}

/// libpq ends the password at its first / or @, and takes the rest of it for a host or a name.
Result<void> check_userinfo(std::string_view text) {
  const auto start = text.find("://");
  if (!text.starts_with("postgres") || start == std::string_view::npos) return {};
  std::string_view place = text.substr(start + 3);
  const auto end = place.find_first_of("@/");
  if (end != std::string_view::npos) place.remove_prefix(end + 1);
  if (!cut(place, '?').first.contains('@')) return {};
  return bad("the database URL has more than one part that could end at its @",
             "a / or @ in a password is written %2F or %40");
}

Result<void> check_ports(const Parameters& parameters) {
  for (const auto& port : split(value_of(parameters, "port", "5432"), ',')) {
    if (port.empty() || is_port(trim(port))) continue;
    return bad("the database URL has no port number after the host's colon",
               "write postgresql://USER@HOST:5432/DB; a / or @ in a password is written %2F or "
               "%40, a ? %3F");
  }
  return {};
}

Result<Url> parse_libpq(std::string_view text, const Properties& properties) {
  DUNLIN_TRY(check_userinfo(text));
  std::string copy(text);  // libpq wants an end mark
  char* complaint = nullptr;
  const Options options(PQconninfoParse(copy.c_str(), &complaint));
  explicit_bzero(copy.data(), copy.size());
  const Message owned(complaint);
  if (!options) {
    return bad("the database URL cannot be read: " +
                   without_quotations(complaint == nullptr ? "out of memory" : complaint),
               "write postgresql://USER@HOST:5432/DB?sslmode=verify-full; %XX for special letters");
  }
  Url url;
  JdbcParameters parameters(url);
  DUNLIN_TRY(parameters.take(properties));
  parameters.finish();
  for (auto* option = options.get(); option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    const std::string_view name = option->keyword;
    if (name == "password" || name == "sslpassword") {
      auto& secret = name == "password" ? url.target.password : url.target.key_password;
      secret = Secret(option->val);
      explicit_bzero(option->val, secret.reveal().size());
    } else {
      url.target.parameters.emplace_back(name, option->val);
    }
  }
  DUNLIN_TRY(check_values(url.target.parameters));
  DUNLIN_TRY(check_ports(url.target.parameters));
  url.shown = shown_libpq(url.target.parameters);
  return url;
}

}  // namespace

Result<Url> parse_url(std::string_view url, const Properties& properties) {
  url = trim(url);
  return url.starts_with(kJdbc) ? parse_jdbc(url, properties) : parse_libpq(url, properties);
}

}  // namespace dunlin::postgresql
