#pragma once

#include "base/result.hpp"
#include "database/postgresql/session.hpp"

namespace dunlin::postgresql {

/// Connects as session.options say, runs initSql and sets the session up: one round trip after
/// authentication. The errors of open().
Result<void> begin(Session& session, Progress& progress);

/// Begins a session anew whose connection was lost, on the same terms; for about a minute, with
/// pauses that grow from 1 s to 8 s. It holds no lock then. database_unreachable also where a
/// standby answers in the place of a primary server, and where the lock stands on a connection of
/// its own: whoever gets that lock does not know if the lost session has ended.
Result<void> begin_again(Session& session, Progress& progress);

}  // namespace dunlin::postgresql
