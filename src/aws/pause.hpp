#pragma once

#include "base/interrupt.hpp"

#include <poll.h>

#include <algorithm>
#include <chrono>
#include <random>

namespace dunlin {

/// Waits, unless a stop is or gets requested: false then.
[[nodiscard]] inline bool pause(const Interrupt& interrupt, std::chrono::milliseconds time) {
  pollfd stop{.fd = interrupt.fd(), .events = POLLIN, .revents = 0};
  poll(&stop, 1, static_cast<int>(time.count()));
  return !interrupt.requested();
}

/// How long to wait before trying again: a random part of first * 2^(attempt - 1), at most
/// `longest`.
/// @param attempt  the number of those that failed, from 1
[[nodiscard]] inline std::chrono::milliseconds random_wait(int attempt,
                                                           std::chrono::milliseconds first,
                                                           std::chrono::milliseconds longest) {
  // A seed of its own for each process is the point: many tasks start in the same second. Nothing
  // secret comes of it, so that few bits of seed will do.
  thread_local std::minstd_rand generator{std::random_device{}()};  // NOLINT(cert-msc51-cpp)
  const auto most = std::min(first * (1L << std::min(attempt - 1, 20)), longest);
  const double part = std::uniform_real_distribution<double>(0, 1)(generator);
  return std::chrono::duration_cast<std::chrono::milliseconds>(most * part);
}

}  // namespace dunlin
