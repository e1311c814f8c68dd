#pragma once

#include "base/error.hpp"

#include <string>

namespace dunlin {

/// A failure as people read it: the message, the lines with the caret, and what to do next.
[[nodiscard]] std::string error_text(const Error& error);

/// SQL failures as one line and the rest: "Failed to execute script V1__a.sql" is what people grep
/// for, so it stays the beginning.
[[nodiscard]] std::string headline(const Error& error);

}  // namespace dunlin
