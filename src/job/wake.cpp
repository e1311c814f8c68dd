#include "job/wake.hpp"

#include "base/descriptor.hpp"
#include "base/lookup.hpp"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
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
  const auto lookup = look_up(
      host, port, std::chrono::steady_clock::now() + std::chrono::milliseconds(kLongest), &stop);
  if (lookup.end != Lookup::End::found) return;
  const auto* const found = lookup.addresses.get();
  const Descriptor fd(socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd) return;
  if (connect(fd.get(), found->ai_addr, found->ai_addrlen) != 0) wait_for(fd.get(), stop);
}

}  // namespace

Wake::Wake(std::string host, std::string port)
    : thread_(
          [this, host = std::move(host), port = std::move(port)] { knock(stop_, host, port); }) {}

Wake::~Wake() { stop_.request(SIGTERM); }

}  // namespace dunlin
