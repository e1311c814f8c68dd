#pragma once

#include "base/interrupt.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace dunlin {

/// Asks the person at the terminal and gives the line that was typed, without its end. Nothing when
/// nobody is there to ask, nothing comes any more, or a stop is requested meanwhile.
using Ask = std::function<std::optional<std::string>(std::string_view question)>;

/// Asks on standard error and reads standard input, where both are a terminal; else nobody is
/// there.
/// @param interrupt  outlives the function
[[nodiscard]] Ask ask_at_terminal(const Interrupt& interrupt);

}  // namespace dunlin
