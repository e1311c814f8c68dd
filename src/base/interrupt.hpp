#pragma once

#include <atomic>

namespace dunlin {

/// A request to stop (SIGTERM, SIGINT), seen by everything that waits: poll `fd()` beside your own
/// descriptor, and look at `requested()` before starting something long. One a process, made in
/// main and handed down; tests make their own and call `request`.
class Interrupt {
 public:
  Interrupt();
  /// For a part of the work that may be called off alone: it also sees what is requested of
  /// `whole`, which outlives it and hears nothing of a request to the part.
  explicit Interrupt(const Interrupt* whole);
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  /// Asks everything to stop. Async-signal-safe: one atomic store and one write.
  void request(int signal) noexcept;
  /// Readable as soon as a stop is requested, and from then on.
  [[nodiscard]] int fd() const noexcept { return fd_; }
  [[nodiscard]] bool requested() const noexcept { return signal() != 0; }
  /// SIGINT, SIGTERM, or 0 while nothing is requested.
  [[nodiscard]] int signal() const noexcept {
    const int own = signal_.load();
    return own == 0 && whole_ != nullptr ? whole_->signal() : own;
  }

 private:
  const Interrupt* whole_ = nullptr;
  std::atomic<int> signal_ = 0;
  int event_ = -1;  ///< counts the requests
  int fd_ = -1;     ///< the same, or what watches it together with the whole's
};

}  // namespace dunlin
