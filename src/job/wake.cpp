#include "job/wake.hpp"

#include "base/handle.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <csignal>

namespace dunlin {
namespace {

constexpr int kLongest = 60'000;  // ms; a resume takes 15 to 40 s

/// Waits until the connection stands, fails, or is not wanted any more.
void wait_for(int fd, const Interrupt& stop) {
  std::array watched{pollfd{.fd = fd, .events = POLLOUT, .revents = 0},
                     pollfd{.fd = stop.fd(), .events = POLLIN, .revents = 0}};
  poll(watched.data(), watched.size(), kLongest);
}

void knock(const Interrupt& stop, const std::string& host, const std::string& port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), port.c_str(), &hints, &found) != 0) return;
  const Handle<addrinfo, freeaddrinfo> addresses(found);
  const int fd = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return;
  if (connect(fd, found->ai_addr, found->ai_addrlen) != 0) wait_for(fd, stop);
  close(fd);
}

}  // namespace

Wake::Wake(std::string host, std::string port)
    : thread_(
          [this, host = std::move(host), port = std::move(port)] { knock(stop_, host, port); }) {}

Wake::~Wake() { stop_.request(SIGTERM); }

}  // namespace dunlin
