#pragma once

#include "base/error.hpp"
#include "base/interrupt.hpp"

#include <chrono>

namespace dunlin {

/// The error of work that was stopped, with what stopped it at its front: a signal by its name, or
/// the deadline, which has a code of its own. Any other error as it is.
[[nodiscard]] Error with_reason(Error error, const Interrupt& interrupt,
                                std::chrono::seconds deadline);

/// 128 + the number of the signal, as shells have it; else what the code says.
[[nodiscard]] int exit_code(const Error& error, const Interrupt& interrupt);

}  // namespace dunlin
