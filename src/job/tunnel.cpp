#include "job/tunnel.hpp"

#include "base/text.hpp"
#include "database/postgresql/url.hpp"
#include "database/url.hpp"
#include "job/repositories.hpp"
#include "ssh/lines.hpp"

#include <poll.h>

#include <array>
#include <charconv>
#include <utility>
#include <vector>

namespace dunlin {
namespace {

std::string value_of(const postgresql::Parameters& parameters, std::string_view keyword,
                     std::string_view otherwise) {
  std::string value(otherwise);
  for (const auto& [name, text] : parameters)
    if (name == keyword && !text.empty()) value = text;
  return value;
}

Error no_tcp(std::string_view host) {
  return {.code = ErrorCode::configuration,
          .message = fmt::format("sshTunnel leads to a TCP port, and the database's host is {}",
                                 host.empty() ? "not known" : host),
          .hint = "name the host as the bastion reaches it: jdbc:postgresql://HOST:5432/DB"};
}

std::uint16_t number_of(std::string_view port) {
  std::uint16_t number = 0;
  std::from_chars(port.data(), port.data() + port.size(), number);
  return number;
}

/// What psql takes to go through the tunnel, and what pgAdmin's fields are called.
std::string psql_line(const postgresql::Target& target) {
  std::string text;
  for (const std::string_view keyword : {"host", "hostaddr", "port", "dbname", "user", "sslmode"}) {
    const auto value = value_of(target.parameters, keyword, "");
    if (!value.empty()) text += fmt::format("{}{}={}", text.empty() ? "" : " ", keyword, value);
  }
  return fmt::format("psql \"{}\"", text);
}

}  // namespace

Result<void> add_tunnel_key(Configuration& configuration, Resolver& resolver) {
  if (configuration.text("sshTunnel").empty() || configuration.has("sshTunnelKey")) return {};
  for (const auto& [from, to] : {std::pair{"repository.deployKey", "sshTunnelKey"},
                                 {"repository.deployKeyPassphrase", "sshTunnelKeyPassphrase"}}) {
    const Secret value = DUNLIN_TRY(repository_secret(configuration, from, resolver));
    if (value.empty() || configuration.has(to)) continue;
    DUNLIN_TRY(configuration.put_below({.key = to,
                                        .values = {std::string(value.reveal())},
                                        .origin = from,
                                        .is_confidential = true,
                                        .is_literal = true}));
  }
  return {};
}

Result<std::optional<ssh::TunnelOptions>> tunnel_of(const Configuration& configuration) {
  const std::string text = configuration.text("sshTunnel");
  if (text.empty()) return std::optional<ssh::TunnelOptions>();
  ssh::TunnelOptions options{
      .hops = DUNLIN_TRY(ssh::parse_hops(text)),
      .key = configuration.secret("sshTunnelKey").duplicate(),
      .passphrase = configuration.secret("sshTunnelKeyPassphrase").duplicate(),
      .known_hosts = ssh::KnownHosts::built_in()};
  if (options.key.empty()) {
    return Error{.code = ErrorCode::configuration,
                 .message = "sshTunnel needs a key, and none is set",
                 .hint = "set sshTunnelKey to a reference: ${secret:ID} or ${file:PATH}"};
  }
  const auto lines = DUNLIN_TRY(
      ssh::lines_of(configuration.text("repository.knownHosts"), "known hosts", "KNOWN_HOSTS"));
  options.known_hosts.add(DUNLIN_TRY(ssh::KnownHosts::parse(lines)));
  return std::optional(std::move(options));
}

Result<std::uint16_t> lead_through(ssh::Tunnel& tunnel, postgresql::Target& target,
                                   std::uint16_t local) {
  const auto hosts = split(value_of(target.parameters, "host", ""), ',');
  const auto ports = split(value_of(target.parameters, "port", "5432"), ',');
  std::vector<std::string> addresses;
  std::vector<std::string> local_ports;
  std::uint16_t first = 0;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    const auto host = std::string(trim(hosts[i]));
    if (host.empty() || host.starts_with('/') || host.starts_with('@')) return no_tcp(host);
    const auto port = number_of(ports.size() == hosts.size() ? ports[i] : ports.front());
    const auto taken = DUNLIN_TRY(tunnel.lead(host, port, i == 0 ? local : std::uint16_t{0}));
    if (i == 0) first = taken;
    addresses.emplace_back("127.0.0.1");
    local_ports.push_back(std::to_string(taken));
  }
  if (addresses.empty()) return no_tcp("");
  target.parameters.emplace_back("hostaddr", join(addresses, ","));
  target.parameters.emplace_back("port", join(local_ports, ","));
  return first;
}

std::string place_of(const postgresql::Target& target) {
  return fmt::format("{}:{}", value_of(target.parameters, "host", ""),
                     value_of(target.parameters, "port", "5432"));
}

Result<int> keep_tunnel(const Configuration& configuration, const Interrupt& interrupt,
                        const std::function<void(std::string_view)>& say) {
  auto options = DUNLIN_TRY(tunnel_of(configuration));
  if (!options) {
    return Error{.code = ErrorCode::configuration,
                 .message = "tunnel is asked for, and sshTunnel names no bastion",
                 .hint = "set -sshTunnel=USER@BASTION"};
  }
  if (DUNLIN_TRY(kind_of_url(configuration.text("url"))) != UrlKind::postgresql)
    return no_tcp("a file");
  auto url = DUNLIN_TRY(
      postgresql::parse_url(configuration.text("url"), configuration.map("jdbcProperties")));
  if (configuration.has("user"))
    url.target.parameters.emplace_back("user", configuration.text("user"));
  const auto place = place_of(url.target);
  const auto tunnel = DUNLIN_TRY(ssh::Tunnel::open(*std::move(options), &interrupt));
  const auto local = DUNLIN_TRY(lead_through(
      *tunnel, url.target, static_cast<std::uint16_t>(configuration.integer("sshTunnelPort"))));
  say(fmt::format("127.0.0.1:{} leads to {} through {}, until Ctrl-C or SIGTERM", local, place,
                  configuration.text("sshTunnel")));
  say(psql_line(url.target));
  std::array watched{pollfd{interrupt.fd(), POLLIN, 0}, pollfd{tunnel->broken_fd(), POLLIN, 0}};
  while (poll(watched.data(), watched.size(), -1) < 0) {
  }
  if (interrupt.requested()) return 0;
  return Error{.code = ErrorCode::database_unreachable,
               .message = "SSH tunnel: " + tunnel->problem(),
               .hint = "open it again"};
}

}  // namespace dunlin
