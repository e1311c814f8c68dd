#pragma once

#include "base/interrupt.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "ssh/forwarder.hpp"
#include "ssh/known_hosts.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin::ssh {

/// An SSH server on the way.
struct Hop {
  std::string user, host;
  std::uint16_t port = 22;
};

/// "user@bastion[:port]", several between commas: the first is reached from here, each next from
/// the one before. An IPv6 address stands in brackets. ErrorCode::configuration.
[[nodiscard]] Result<std::vector<Hop>> parse_hops(std::string_view text);

struct TunnelOptions {
  std::vector<Hop> hops;  ///< at least one
  Secret key;             ///< for every hop, as it was pasted
  Secret passphrase;
  KnownHosts known_hosts;
};

/// A way through bastions, in this process: local ports whose other end is in the network behind
/// them. Host keys are compared as for repositories, each before anything is authenticated.
class Tunnel {
 public:
  /// Errors name the hop: database_unreachable, host_key, deploy_key, interrupted.
  /// @param interrupt  ends every wait while it is opened; outlives the tunnel
  [[nodiscard]] static Result<std::unique_ptr<Tunnel>> open(TunnelOptions options,
                                                            const Interrupt* interrupt);
  /// See Forwarder::listen.
  Result<std::uint16_t> lead(const std::string& host, std::uint16_t port, std::uint16_t local = 0);
  /// What went wrong last on the way; empty if nothing did.
  [[nodiscard]] std::string problem() const;
  /// Readable once the last hop's connection is gone.
  [[nodiscard]] int broken_fd() const noexcept { return forwarders_.back()->broken_fd(); }

 private:
  Tunnel() = default;
  /// In the order of the hops; each later one lives in a stream of the one before.
  std::vector<std::unique_ptr<Forwarder>> forwarders_;

 public:
  Tunnel(const Tunnel&) = delete;
  Tunnel& operator=(const Tunnel&) = delete;
  ~Tunnel();
};

}  // namespace dunlin::ssh
