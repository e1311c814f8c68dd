#include "job/wake.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>

namespace dunlin {
namespace {

constexpr auto kLongest = std::chrono::seconds(60);  // a resume takes 15 to 40 s

/// Waits until the connection stands, fails, or is not wanted any more.
void wait_for(int fd, const std::stop_token& stop) {
  const auto deadline = std::chrono::steady_clock::now() + kLongest;
  while (!stop.stop_requested() && std::chrono::steady_clock::now() < deadline) {
    pollfd waiting{.fd = fd, .events = POLLOUT, .revents = 0};
    if (poll(&waiting, 1, 20) != 0) return;
  }
}

void knock(const std::stop_token& stop, const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) return;
  const int fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd >= 0) {
    if (connect(fd, found->ai_addr, found->ai_addrlen) != 0) wait_for(fd, stop);
    close(fd);
  }
  freeaddrinfo(found);
}

}  // namespace

Wake::Wake(std::string host, std::uint16_t port)
    : thread_([host = std::move(host), port](const std::stop_token& stop) {
        knock(stop, host, port);
      }) {}

}  // namespace dunlin
