#include "ssh/tunnel.hpp"

#include "base/text.hpp"

#include <charconv>
#include <optional>
#include <utility>

namespace dunlin::ssh {
namespace {

Error bad_hop(std::string_view text, std::string_view why) {
  return {.code = ErrorCode::configuration,
          .message = fmt::format("sshTunnel: {} {}", text, why),
          .hint = "write USER@BASTION or USER@BASTION:PORT, several hops between commas"};
}

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (problem != std::errc() || end != text.data() + text.size() || port == 0) return std::nullopt;
  return port;
}

Result<Hop> parse_hop(std::string_view text) {
  const auto at = text.find('@');
  if (at == std::string_view::npos || at == 0) return bad_hop(text, "names no user");
  Hop hop{.user = std::string(text.substr(0, at)), .host = {}};
  if (hop.user.contains(':')) return bad_hop("a hop", "holds a password");
  auto place = text.substr(at + 1);
  const auto bracket = place.starts_with('[') ? place.find(']') : std::string_view::npos;
  const auto colon = place.find(':', bracket == std::string_view::npos ? 0 : bracket);
  if (colon != std::string_view::npos) {
    const auto port = port_of(place.substr(colon + 1));
    if (!port) return bad_hop(text, "has no valid port");
    hop.port = *port;
    place = place.substr(0, colon);
  }
  if (place.starts_with('[') && place.ends_with(']')) place = place.substr(1, place.size() - 2);
  hop.host = place;
  if (hop.host.empty()) return bad_hop(text, "names no host");
  return hop;
}

Error of_tunnel(Error error) {
  // What fails is the way to the database; keys have codes of their own.
  if (error.code == ErrorCode::source_failed) error.code = ErrorCode::database_unreachable;
  error.message = "SSH tunnel: " + error.message;
  return error;
}

}  // namespace

Result<std::vector<Hop>> parse_hops(std::string_view text) {
  std::vector<Hop> hops;
  for (const auto& one : split_list(text)) hops.push_back(DUNLIN_TRY(parse_hop(one)));
  if (hops.empty()) return bad_hop("an empty text", "names no bastion");
  return hops;
}

Tunnel::~Tunnel() {
  while (!forwarders_.empty()) forwarders_.pop_back();  // the inner ones first
}

Result<std::unique_ptr<Tunnel>> Tunnel::open(TunnelOptions options, const Interrupt* interrupt) {
  std::unique_ptr<Tunnel> tunnel(new Tunnel);
  for (const auto& hop : options.hops) {
    SessionOptions session{.host = hop.host,
                           .port = hop.port,
                           .user = hop.user,
                           .key = options.key.duplicate(),
                           .passphrase = options.passphrase.duplicate(),
                           .key_words = {.name = "key of the SSH tunnel",
                                         .variable = "SSH_TUNNEL_KEY",
                                         .passphrase_variable = "SSH_TUNNEL_KEY_PASSPHRASE",
                                         .place = "the bastion's authorized_keys"},
                           .known_hosts = options.known_hosts,
                           .interrupt = interrupt};
    if (!tunnel->forwarders_.empty())
      session.socket = DUNLIN_TRY(tunnel->forwarders_.back()->dial(hop.host, hop.port));
    auto connected = Session::connect(std::move(session));
    if (!connected) {
      auto error = of_tunnel(std::move(connected).error());
      if (const auto problem = tunnel->problem();
          !problem.empty() && error.code == ErrorCode::database_unreachable)
        error.message = "SSH tunnel: " + problem;
      return error;
    }
    tunnel->forwarders_.push_back(std::make_unique<Forwarder>(*std::move(connected)));
  }
  return tunnel;
}

Result<std::uint16_t> Tunnel::lead(const std::string& host, std::uint16_t port,
                                   std::uint16_t local) {
  return forwarders_.back()->listen(local, host, port);
}

std::string Tunnel::problem() const {
  for (const auto& forwarder : forwarders_)
    if (auto problem = forwarder->problem(); !problem.empty()) return problem;
  return {};
}

}  // namespace dunlin::ssh
