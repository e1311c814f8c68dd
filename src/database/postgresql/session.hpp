#pragma once

#include "database/database.hpp"
#include "database/postgresql/link.hpp"
#include "database/postgresql/open.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dunlin::postgresql {

/// The session as it was when it began; blocks put it back.
struct Start {
  std::string role;  ///< "none" unless SET ROLE was in force
  std::string search_path;
  std::string read_only;  ///< default_transaction_read_only: "on" or "off"
  bool pooled = false;  ///< a pooler stands between: the next transaction may be on another session
  bool on_standby = false;  ///< the server takes no changes
};

/// The advisory lock while it is held.
struct HeldLock {
  LockOptions options;
  std::int64_t key = 0;
  std::unique_ptr<Link> link;  ///< the session that holds it, if not the working one
  bool in_transaction = false;
};

/// All that a session with a server knows and owns.
struct Session {
  ConnectOptions options;
  std::unique_ptr<Link> link;
  Facts facts;
  Start start;
  std::optional<HeldLock> lock;
};

/// What sets the session up, with the name of each variable and its value.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> session_settings(
    const ConnectOptions& options);

/// A query that sets variables of the session, or of the transaction.
enum class Scope { session, transaction };
[[nodiscard]] Query setting(const std::vector<std::pair<std::string, std::string>>& variables,
                            Scope scope);

}  // namespace dunlin::postgresql
