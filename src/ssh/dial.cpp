#include "ssh/dial.hpp"

#include "base/descriptor.hpp"
#include "base/lookup.hpp"
#include "base/text.hpp"

#include <fcntl.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

namespace dunlin::ssh {
namespace {

Error cannot_connect(const std::string& host, std::uint16_t port, std::string_view why) {
  return {
      .code = ErrorCode::source_failed,
      .message = fmt::format("cannot connect to {}:{}: {}", host, port, why),
      .hint = "check the address, and that the network lets port " + std::to_string(port) + " out"};
}

Result<std::shared_ptr<const addrinfo>> addresses_of(const std::string& host, std::uint16_t port,
                                                     const Patience& patience) {
  auto lookup = look_up(host, std::to_string(port), patience.deadline, patience.interrupt);
  if (lookup.end == Lookup::End::found) return std::move(lookup.addresses);
  if (lookup.end == Lookup::End::interrupted)
    return Error{.code = ErrorCode::interrupted, .message = "stopped"};
  return Error{.code = ErrorCode::source_failed,
               .message = fmt::format("cannot find the address of {}: {}", host, lookup.reason),
               .hint = "check the host name and the name servers"};
}

// 0 once connected, else an errno.
Result<int> connect_one(int fd, const addrinfo& address, const Patience& patience) {
  if (connect(fd, address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  if (!DUNLIN_TRY(wait_for(fd, POLLOUT, patience))) return ETIMEDOUT;
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

}  // namespace

Result<bool> wait_for(int fd, short events, const Patience& patience) {
  while (true) {
    if (patience.interrupt != nullptr && patience.interrupt->requested())
      return Error{.code = ErrorCode::interrupted, .message = "stopped"};
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        patience.deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    std::array<pollfd, 2> watched = {pollfd{fd, events, 0}, pollfd{-1, POLLIN, 0}};
    if (patience.interrupt != nullptr) watched[1].fd = patience.interrupt->fd();
    // One millisecond more, so that a wait never ends just before its deadline; an hour at most.
    const auto slice = static_cast<int>(std::min<std::int64_t>(left.count() + 1, 3'600'000));
    if (poll(watched.data(), watched.size(), slice) < 0 && errno != EINTR) {
      return Error{.code = ErrorCode::source_failed,
                   .message = fmt::format("cannot wait for the server: {}", reason_of(errno))};
    }
    if (watched[0].revents != 0) return true;
  }
}

Result<int> dial(const std::string& host, std::uint16_t port, const Patience& patience) {
  const auto addresses = DUNLIN_TRY(addresses_of(host, port, patience));
  int last_error = ECONNREFUSED;
  for (const auto* address = addresses.get(); address != nullptr; address = address->ai_next) {
    Descriptor fd(socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
                         address->ai_protocol));
    if (!fd) {
      last_error = errno;
      continue;
    }
    last_error = DUNLIN_TRY(connect_one(fd.get(), *address, patience));
    if (last_error == 0) {
      const int on = 1;  // requests are short and wait for their answer
      setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      return fd.release();
    }
  }
  return cannot_connect(host, port,
                        last_error == ETIMEDOUT ? "no answer in time" : reason_of(last_error));
}

}  // namespace dunlin::ssh
