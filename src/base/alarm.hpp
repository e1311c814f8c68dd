#pragma once

#include "base/interrupt.hpp"

#include <chrono>
#include <condition_variable>
#include <csignal>
#include <mutex>
#include <thread>

namespace dunlin {

/// The signal in the name of which a deadline stops the work.
inline constexpr int kDeadlinePassed = SIGALRM;

/// Stops everything when a time has passed since it was made; gone before, it does nothing.
class Alarm {
 public:
  /// @param interrupt  outlives the object
  Alarm(std::chrono::seconds time, Interrupt& interrupt)
      : thread_([this, until = std::chrono::steady_clock::now() + time,
                 &interrupt](const std::stop_token& gone) {
          std::unique_lock lock(mutex_);
          changed_.wait_until(lock, gone, until, [] { return false; });
          if (!gone.stop_requested() && !interrupt.requested()) interrupt.request(kDeadlinePassed);
        }) {}

 private:
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::jthread thread_;  // last: it uses the above
};

}  // namespace dunlin
