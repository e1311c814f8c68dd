#pragma once

#include "database/postgresql/session.hpp"

namespace dunlin::postgresql {

/// Takes the advisory lock of options.table and waits for it as told. configuration: a pooler would
/// keep the lock after we have gone; lock_timeout: somebody else held it until the end, who is
/// named.
Result<void> take_lock(Session& session, const LockOptions& options, Progress& progress);
/// Takes it again on the same session after a script gave all locks back.
Result<void> retake_lock(Session& session, Progress& progress);
void release_lock(Session& session) noexcept;

/// Raises division_by_zero unless this session holds the key.
[[nodiscard]] Query lock_proof(std::int64_t key);
/// Where the lock is held by another session than the working one: asks that one. Else does
/// nothing, since the proof travels with the work.
Result<void> prove_elsewhere(Session& session);
/// The Error for a proof that failed.
[[nodiscard]] Error lock_is_gone();

/// Who holds tables that the statement's text names, as far as that can be known afterwards.
[[nodiscard]] std::vector<Blocker> table_holders(Link& link, std::string_view statement);
/// "pid 4711 (user root, application psql, client local, idle for 20 s)".
[[nodiscard]] std::string describe(const Blocker& blocker);
/// The same with its last query and the statement that would end it: one line.
[[nodiscard]] std::string holder_text(const Blocker& blocker);

}  // namespace dunlin::postgresql
