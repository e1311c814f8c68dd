#pragma once

#include "base/result.hpp"
#include "ssh/known_hosts.hpp"

#include <cstdint>
#include <string_view>

namespace dunlin::ssh {

/// The trust decision: is the key that the host shows one of those that are trusted for it? Made
/// before anything of ours is sent but the wish to talk. ErrorCode::host_key shows the fingerprints
/// of both, or of the unknown one with the line that would trust it.
[[nodiscard]] Result<void> check_host_key(const KnownHosts& known, std::string_view host,
                                          std::uint16_t port, const HostKey& shown);

}  // namespace dunlin::ssh
