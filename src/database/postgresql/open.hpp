#pragma once

#include "base/interrupt.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "database/database.hpp"

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace dunlin::postgresql {

/// libpq's keywords with their values (PostgreSQL manual 34.1.2), the password not among them. A
/// keyword may stand twice: the later value counts.
using Parameters = std::vector<std::pair<std::string, std::string>>;

/// Where to connect to, and as whom.
struct Target {
  Parameters parameters;  ///< host, port, dbname, user, sslmode, options, ...
  Secret password;        ///< empty: none is sent (trust, certificate, ~/.pgpass)
  Secret key_password;    ///< opens the client's key (libpq's sslpassword); usually empty
};

/// What stands between us and the server.
enum class Pooler {
  detect,   ///< look for one; a session lock through it is refused
  session,  ///< the user asserts that it keeps one server session for each client session
};

struct ConnectOptions {
  Target target;
  std::string shown_url;    ///< names the database in facts and messages; empty: made from target
  std::string shown_place;  ///< "HOST:PORT" likewise, where target's are those of a tunnel's end
  std::chrono::seconds connect_timeout{10};  ///< for each try; a `connect_timeout` in target wins
  /// How long to go on trying while the server seems to be waking (see reason_to_wait), one note a
  /// try; 0: not at all.
  std::chrono::seconds connect_deadline{0};
  int connect_retries = 0;  ///< tries after the first, 1 s, 2 s, 4 s ... apart
  std::chrono::seconds connect_retries_interval{120};  ///< the longest time between two tries
  std::string application_name = "dunlin";             ///< unless target names one
  std::string init_sql;  ///< run right after connecting, statements separated by `;`

  Limits limits;
  /// The time-out for tables also around migrations without a transaction, where it may leave an
  /// invalid index behind.
  bool table_lock_timeout_everywhere = false;

  bool asynchronous_commits = true;      ///< inside a window; what is reported is durable anyway
  std::size_t window_bytes = 1U << 20U;  ///< of statements; a larger script is a window of its own

  bool transactional_lock = false;  ///< Flyway's other lock, in a transaction of a second session
  Pooler pooler = Pooler::detect;
  std::optional<Target> lock_target;  ///< where to hold the lock if target is behind a pooler

  /// What the connection leads through, such as a tunnel; kept as long as a session lives.
  std::shared_ptr<const void> route;
  /// Makes the password anew for each try, for the host and port it is tried at; for those that
  /// are valid only for minutes. Empty: target's password is used.
  std::function<Result<Secret>(const std::string& host, const std::string& port)>
      password_for_connect;
  const Interrupt* interrupt = nullptr;  ///< outlives the session; absent: nothing interrupts
};

/// Connects, sets the session up and reads its facts: one round trip after authentication.
/// database_unreachable names the stage that failed (name, TCP, time-out, TLS, start-up, no such
/// database); login_refused; interrupted; sql_failed if initSql failed. No message holds the
/// password. `progress` hears of tries that failed while others are left.
Result<std::unique_ptr<Database>> open(ConnectOptions options, Progress& progress);

}  // namespace dunlin::postgresql
