#pragma once

#include <cstdint>
#include <string_view>

namespace dunlin {

/// What `info` says of a migration. Names as Flyway shows them.
enum class State : std::uint8_t {
  pending,
  above_target,
  below_baseline,
  baseline,
  baseline_ignored,
  ignored,
  missing_success,
  missing_failed,
  success,
  undone,
  available,  ///< an undo script that could run: it has no line, but infoOfState knows the name
  failed,
  out_of_order,
  future_success,
  future_failed,
  outdated,
  superseded,
  deleted,
};

struct StateTraits {
  std::string_view name;  ///< "Below Baseline"
  bool applied;           ///< it is (or was) in the database
  bool failed;
};

[[nodiscard]] const StateTraits& traits(State state) noexcept;

}  // namespace dunlin
