#include "base/lookup.hpp"

#include "base/descriptor.hpp"
#include "base/error.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <mutex>
#include <thread>

namespace dunlin {
namespace {

Lookup ask(const std::string& host, const std::string& port, int flags) {
  addrinfo wanted{};
  wanted.ai_family = AF_UNSPEC;
  wanted.ai_socktype = SOCK_STREAM;
  wanted.ai_flags = flags;
  addrinfo* found = nullptr;
  Lookup lookup{
      .status = getaddrinfo(host.c_str(), port.empty() ? nullptr : port.c_str(), &wanted, &found)};
  if (lookup.status == 0) {
    lookup.end = Lookup::End::found;
    lookup.addresses = {found, freeaddrinfo};
  } else {
    lookup.reason = lookup.status == EAI_SYSTEM ? reason_of(errno) : gai_strerror(lookup.status);
  }
  return lookup;
}

/// Shared with the thread that asks, which may outlive whoever waits.
struct Question {
  Question() : answered(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

  Descriptor answered;
  std::mutex mutex;
  Lookup lookup;
};

int milliseconds_until(std::chrono::steady_clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
      deadline - std::chrono::steady_clock::now());
  return static_cast<int>(std::clamp<std::int64_t>(left.count() + 1, 0, 3'600'000));
}

}  // namespace

Lookup look_up(const std::string& host, const std::string& port,
               std::chrono::steady_clock::time_point deadline, const Interrupt* interrupt) {
  if (auto number = ask(host, port, AI_NUMERICHOST); number.end == Lookup::End::found)
    return number;
  const auto question = std::make_shared<Question>();
  std::thread([question, host, port] {
    auto lookup = ask(host, port, AI_ADDRCONFIG);
    const std::lock_guard guard(question->mutex);
    question->lookup = std::move(lookup);
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = write(question->answered.get(), &one, sizeof one);
  }).detach();
  std::array watched{pollfd{question->answered.get(), POLLIN, 0},
                     pollfd{interrupt != nullptr ? interrupt->fd() : -1, POLLIN, 0}};
  while (poll(watched.data(), watched.size(), milliseconds_until(deadline)) < 0 && errno == EINTR) {
  }
  if (watched[1].revents != 0) return {.end = Lookup::End::interrupted, .reason = "stopped"};
  if (watched[0].revents == 0)
    return {.end = Lookup::End::timed_out, .reason = "the name server does not answer"};
  const std::lock_guard guard(question->mutex);
  return question->lookup;
}

}  // namespace dunlin
