#pragma once

#include "base/interrupt.hpp"

#include <string>
#include <thread>

namespace dunlin {

/// Opens a TCP connection to a host in the background and drops it again: enough for a paused
/// Aurora Serverless cluster to begin to wake while secrets and scripts are fetched. What becomes
/// of it is nobody's business; the real connection says what is wrong.
class Wake {
 public:
  /// `port` is a number or a service's name.
  Wake(std::string host, std::string port);
  Wake(const Wake&) = delete;
  Wake& operator=(const Wake&) = delete;
  ~Wake();

 private:
  Interrupt stop_;
  std::jthread thread_;
};

}  // namespace dunlin
