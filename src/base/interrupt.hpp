#pragma once

#include <atomic>

namespace dunlin {

/// A request to stop (SIGTERM, SIGINT), seen by everything that waits: poll `fd()` beside your own
/// descriptor, and look at `requested()` before starting something long. One a process, made in
/// main and handed down; tests make their own and call `request`.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  /// Asks everything to stop. Async-signal-safe: one atomic store and one write.
  void request(int signal) noexcept;
  /// Readable as soon as a stop is requested, and from then on.
  [[nodiscard]] int fd() const noexcept { return fd_; }
  [[nodiscard]] bool requested() const noexcept { return signal_.load() != 0; }
  /// SIGINT, SIGTERM, or 0 while nothing is requested.
  [[nodiscard]] int signal() const noexcept { return signal_.load(); }

 private:
  std::atomic<int> signal_ = 0;
  int fd_ = -1;
};

}  // namespace dunlin
