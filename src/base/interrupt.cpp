#include "base/interrupt.hpp"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <system_error>

namespace dunlin {

Interrupt::Interrupt() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (fd_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

Interrupt::~Interrupt() { close(fd_); }

void Interrupt::request(int signal) noexcept {
  signal_.store(signal);
  const std::uint64_t one = 1;
  // Only a full counter can make this fail, and then the descriptor is readable already.
  [[maybe_unused]] const auto written = write(fd_, &one, sizeof one);
}

}  // namespace dunlin
