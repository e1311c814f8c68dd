#include "job/ending.hpp"

#include "base/alarm.hpp"
#include "base/text.hpp"

#include <cstring>

namespace dunlin {
namespace {

std::string name_of(int signal) {
  const char* const name = sigabbrev_np(signal);  // "TERM"
  return name == nullptr ? fmt::format("signal {}", signal) : fmt::format("SIG{}", name);
}

}  // namespace

Error with_reason(Error error, const Interrupt& interrupt, std::chrono::seconds deadline) {
  if (error.code != ErrorCode::interrupted) return error;
  const int signal = interrupt.signal();
  if (signal == kDeadlinePassed) {
    // 1, not 143: nobody asked for the end; the migration failed to be done in its time.
    error.code = ErrorCode::deadline;
    error.message =
        fmt::format("the deadline of {} s has passed: {}", deadline.count(), error.message);
    error.hint = "raise the option deadline if this needs more time; what was applied stays";
  } else {
    error.message = fmt::format("ended by {}: {}", name_of(signal), error.message);
  }
  return error;
}

int exit_code(const Error& error, const Interrupt& interrupt) {
  const int signal = interrupt.signal();
  if (error.code == ErrorCode::interrupted && signal != 0) return 128 + signal;
  return kind_of(error.code).exit_code;
}

}  // namespace dunlin
