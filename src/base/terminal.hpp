#pragma once

#include "base/interrupt.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

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

/// Reads a secret from standard input: at a terminal one line, after the question, which is not
/// shown as it is typed; anything else to its end, at most 64 KiB. An empty question stands for a
/// text of several lines, which is not for a terminal.
/// Errors: configuration; interrupted.
[[nodiscard]] Result<Secret> read_secret(std::string_view question, const Interrupt& interrupt);

}  // namespace dunlin
