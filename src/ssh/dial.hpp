#pragma once

#include "base/interrupt.hpp"
#include "base/result.hpp"

#include <poll.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace dunlin::ssh {

/// A point in time after which a wait is over.
using Deadline = std::chrono::steady_clock::time_point;

/// What ends a wait besides the thing waited for.
struct Patience {
  Deadline deadline;
  const Interrupt* interrupt = nullptr;
};

/// Waits until `fd` has one of `events` (POLLIN, POLLOUT). False when the deadline passed.
/// ErrorCode::interrupted when a stop was requested.
[[nodiscard]] Result<bool> wait_for(int fd, short events, const Patience& patience);

/// Opens a TCP connection, trying each address of the name in turn. The descriptor is the caller's
/// and does not block. ErrorCode::source_failed names host and port; a time-out says so.
[[nodiscard]] Result<int> dial(const std::string& host, std::uint16_t port,
                               const Patience& patience);

}  // namespace dunlin::ssh
