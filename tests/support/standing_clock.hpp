#pragma once

#include "base/clock.hpp"

namespace dunlin::test {

/// Stands still until a test moves it.
class StandingClock final : public Clock {
 public:
  explicit StandingClock(std::chrono::system_clock::time_point at) : at_(at) {}
  [[nodiscard]] std::chrono::system_clock::time_point now() const override { return at_; }
  [[nodiscard]] std::chrono::steady_clock::time_point steady() const override {
    return std::chrono::steady_clock::time_point(at_.time_since_epoch());
  }
  void advance(std::chrono::seconds by) { at_ += by; }

 private:
  std::chrono::system_clock::time_point at_;
};

}  // namespace dunlin::test
