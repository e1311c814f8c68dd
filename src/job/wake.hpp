#pragma once

#include <cstdint>
#include <string>
#include <thread>

namespace dunlin {

/// Opens a TCP connection to a host in the background and drops it again: enough for a paused
/// Aurora Serverless cluster to begin to wake while secrets and scripts are fetched. What becomes
/// of it is nobody's business; the real connection says what is wrong.
class Wake {
 public:
  Wake(std::string host, std::uint16_t port);

 private:
  std::jthread thread_;
};

}  // namespace dunlin
