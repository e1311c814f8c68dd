#pragma once

#include "base/interrupt.hpp"

#include <poll.h>

#include <chrono>

namespace dunlin {

/// Waits, unless a stop is or gets requested: false then.
[[nodiscard]] inline bool pause(const Interrupt& interrupt, std::chrono::milliseconds time) {
  pollfd stop{.fd = interrupt.fd(), .events = POLLIN, .revents = 0};
  poll(&stop, 1, static_cast<int>(time.count()));
  return !interrupt.requested();
}

}  // namespace dunlin
