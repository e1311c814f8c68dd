#pragma once

#include "base/error.hpp"
#include "fargate/task.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace dunlin::fargate {

/// How a stopped task ended.
struct Ending {
  /// What `dunlin fargate run` exits with: the container's own exit code when it has one; else 137
  /// when its memory ran out, 130 when somebody stopped it, and 3 when AWS did not or could not
  /// run it.
  int exit_code = 0;
  std::optional<Error> problem;  ///< absent: the container ended with 0
};

/// In words, with the next step. Sees only its arguments.
/// @param task       one that is_stopped()
/// @param container  the name of the one that counts
[[nodiscard]] Ending ending_of(const Task& task, std::string_view container);

/// Why RunTask started nothing: an entry of its `failures` (Amazon ECS Developer Guide, "API
/// failure reasons").
[[nodiscard]] Error not_started(std::string_view reason, std::string_view detail);

}  // namespace dunlin::fargate
