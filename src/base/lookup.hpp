#pragma once

#include "base/handle.hpp"
#include "base/interrupt.hpp"

#include <netdb.h>

#include <chrono>
#include <memory>
#include <string>

namespace dunlin {

/// What became of asking for the addresses of a name.
struct Lookup {
  enum class End { found, failed, timed_out, interrupted } end = End::failed;
  int status = 0;                             ///< of getaddrinfo: EAI_NONAME, ...
  std::string reason;                         ///< why not, in the system's words
  std::shared_ptr<const addrinfo> addresses;  ///< for streams; null unless found
};

/// getaddrinfo that hears a stop: a name server that does not answer holds nobody up. The asking
/// itself goes on behind, on a thread that ends when it does.
/// @param port       a number, a service's name, or empty
/// @param interrupt  may be null
[[nodiscard]] Lookup look_up(const std::string& host, const std::string& port,
                             std::chrono::steady_clock::time_point deadline,
                             const Interrupt* interrupt);

}  // namespace dunlin
