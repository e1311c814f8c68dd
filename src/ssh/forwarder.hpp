#pragma once

#include "base/result.hpp"
#include "ssh/session.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace dunlin::ssh {

/// Carries streams of bytes through one SSH connection, on a thread of its own, until it goes.
class Forwarder {
 public:
  /// @param session  nobody else uses it from here on
  explicit Forwarder(Session session);
  Forwarder(const Forwarder&) = delete;
  Forwarder& operator=(const Forwarder&) = delete;
  ~Forwarder();

  /// A descriptor whose other end is host:port as the SSH server reaches it; the caller's. When the
  /// server cannot reach it the stream ends at once, and problem() says why.
  /// ErrorCode::source_failed when there are no descriptors left.
  Result<int> dial(std::string host, std::uint16_t port);
  /// Takes connections on `local` of 127.0.0.1 (0: any that is free) and leads each to host:port.
  /// Returns the port. ErrorCode::configuration when it is taken.
  Result<std::uint16_t> listen(std::uint16_t local, std::string host, std::uint16_t port);

  /// Why the last stream that failed did so, or why the connection is gone; empty if all is well.
  [[nodiscard]] std::string problem() const;
  /// Readable once the connection is gone, and never before.
  [[nodiscard]] int broken_fd() const noexcept;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace dunlin::ssh
