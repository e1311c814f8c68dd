#include "migration/state.hpp"

#include <array>
#include <cstddef>

namespace dunlin {
namespace {

// In the order of the enumeration.
constexpr std::array kTraits = {
    StateTraits{.name = "Pending", .applied = false, .failed = false},
    StateTraits{.name = "Above Target", .applied = false, .failed = false},
    StateTraits{.name = "Below Baseline", .applied = false, .failed = false},
    StateTraits{.name = "Baseline", .applied = true, .failed = false},
    StateTraits{.name = "Ignored (Baseline)", .applied = false, .failed = false},
    StateTraits{.name = "Ignored", .applied = false, .failed = false},
    StateTraits{.name = "Missing", .applied = true, .failed = false},
    StateTraits{.name = "Failed (Missing)", .applied = true, .failed = true},
    StateTraits{.name = "Success", .applied = true, .failed = false},
    StateTraits{.name = "Undone", .applied = true, .failed = false},
    StateTraits{.name = "Available", .applied = false, .failed = false},
    StateTraits{.name = "Failed", .applied = true, .failed = true},
    StateTraits{.name = "Out of Order", .applied = true, .failed = false},
    StateTraits{.name = "Future", .applied = true, .failed = false},
    StateTraits{.name = "Failed (Future)", .applied = true, .failed = true},
    StateTraits{.name = "Outdated", .applied = true, .failed = false},
    StateTraits{.name = "Superseded", .applied = true, .failed = false},
    StateTraits{.name = "Deleted", .applied = true, .failed = false},
};
static_assert(kTraits.size() == static_cast<std::size_t>(State::deleted) + 1);

}  // namespace

const StateTraits& traits(State state) noexcept {
  return kTraits.at(static_cast<std::size_t>(state));
}

}  // namespace dunlin
