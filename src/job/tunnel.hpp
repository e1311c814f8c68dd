#pragma once

#include "base/interrupt.hpp"
#include "base/result.hpp"
#include "config/configuration.hpp"
#include "database/postgresql/open.hpp"
#include "secrets/resolver.hpp"
#include "ssh/tunnel.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

namespace dunlin {

/// Puts the repository's deploy key in the place of sshTunnelKey when only that is set.
Result<void> add_tunnel_key(Configuration& configuration, Resolver& resolver);

/// What option sshTunnel asks for; nothing when it is not set. ErrorCode::configuration.
Result<std::optional<ssh::TunnelOptions>> tunnel_of(const Configuration& configuration);

/// Leads a connection through the tunnel: hostaddr and port become local ones, and host stays, so
/// that TLS goes on comparing the certificate with the database's own name (libpq 15, 34.1.2).
/// @param local  the port to take for the first host; 0: any that is free
/// Returns that port. ErrorCode::configuration for a target that is a socket in a folder.
Result<std::uint16_t> lead_through(ssh::Tunnel& tunnel, postgresql::Target& target,
                                   std::uint16_t local = 0);

/// "HOST:PORT" of a target, for messages.
[[nodiscard]] std::string place_of(const postgresql::Target& target);

/// `dunlin tunnel`: keeps a tunnel to the database open until a signal ends it, which is success.
/// ErrorCode::database_unreachable when the connection breaks. `say` prints a line.
Result<int> keep_tunnel(const Configuration& configuration, const Interrupt& interrupt,
                        const std::function<void(std::string_view)>& say);

}  // namespace dunlin
