#pragma once

#include "base/result.hpp"
#include "engine/session.hpp"

#include <optional>
#include <utility>

namespace dunlin {

/// Holds the lock that keeps migrators of one history table apart, and gives it back.
class MigrationLock {
 public:
  [[nodiscard]] static Result<MigrationLock> take(Session& session);
  ~MigrationLock();
  MigrationLock(MigrationLock&& other) noexcept
      : session_(std::exchange(other.session_, nullptr)) {}
  MigrationLock& operator=(MigrationLock&&) = delete;

 private:
  explicit MigrationLock(Session& session) : session_(&session) {}
  Session* session_;
};

/// Makes what is missing of the schemas (unless createSchemas is off), with Flyway's callbacks.
/// @returns the names that were made, quoted and joined by commas; empty if there were none
Result<std::string> create_schemas(Session& session);

/// Makes the history table if it is not there. With a baseline its row comes first, then the marker
/// of the schemas that were made.
/// @returns whether the table was made
Result<bool> create_history(Session& session, const std::optional<HistoryRow>& baseline,
                            const std::string& created_schemas);

/// Elapsed time since a moment of the session's clock.
[[nodiscard]] std::chrono::milliseconds since(const Session& session,
                                              std::chrono::steady_clock::time_point start);

}  // namespace dunlin
