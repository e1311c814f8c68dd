#pragma once

#include "database/progress.hpp"
#include "migration/error_override.hpp"

namespace dunlin {

/// What progress hears of an error or a warning that counts as less than an error.
[[nodiscard]] Note note_of(const ErrorOverride& entry, const Said& said);

}  // namespace dunlin
