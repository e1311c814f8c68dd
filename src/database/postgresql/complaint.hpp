#pragma once

#include "base/error.hpp"
#include "database/postgresql/link.hpp"
#include "migration/step.hpp"

/// From a server's words to an Error that a person can act on.
namespace dunlin::postgresql {

/// A failure outside of any script.
[[nodiscard]] Error complaint(const ServerMessage& message);
/// A failure of a statement of a script: with file, line, column, the line and a caret.
[[nodiscard]] Error complaint(const ServerMessage& message, const PreparedText& source,
                              const sql::Statement& statement);

}  // namespace dunlin::postgresql
