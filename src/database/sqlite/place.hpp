#pragma once

#include "base/error.hpp"
#include "migration/step.hpp"

#include <cstddef>
#include <optional>

namespace dunlin::sqlite {

/// The error with where it arose: file, line and column in the trail, and the line with a caret.
/// @param offset  bytes from the start of the statement; absent: the statement as a whole
Error at_place(Error error, const PreparedText& source, const sql::Statement& statement,
               std::optional<std::size_t> offset);

}  // namespace dunlin::sqlite
