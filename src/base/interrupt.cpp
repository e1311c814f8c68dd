#include "base/interrupt.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace dunlin {

namespace {

int checked(int result, const char* what) {
  if (result < 0) throw std::system_error(errno, std::generic_category(), what);
  return result;
}

void watch(int watcher, int fd) {
  epoll_event readable{.events = EPOLLIN, .data = {.fd = fd}};
  checked(epoll_ctl(watcher, EPOLL_CTL_ADD, fd, &readable), "epoll_ctl");
}

}  // namespace

Interrupt::Interrupt()
    : event_(checked(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK), "eventfd")), fd_(event_) {}

Interrupt::Interrupt(const Interrupt* whole) : Interrupt() {
  whole_ = whole;
  fd_ = checked(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
  watch(fd_, event_);
  watch(fd_, whole->fd());
}

Interrupt::~Interrupt() {
  if (fd_ != event_) close(fd_);
  close(event_);
}

void Interrupt::request(int signal) noexcept {
  signal_.store(signal);
  const std::uint64_t one = 1;
  // Only a full counter can make this fail, and then the descriptor is readable already.
  [[maybe_unused]] const auto written = write(event_, &one, sizeof one);
}

}  // namespace dunlin
