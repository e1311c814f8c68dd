#pragma once

#include "support/temporary_folder.hpp"

#include <sys/types.h>

#include <string>

namespace dunlin::test {

/// A PgBouncer before the test server, on a port of 127.0.0.1; trusts everybody. Ends with this
/// object, or with the program.
class PgBouncer {
 public:
  /// @param mode  "session", "transaction" or "statement"
  explicit PgBouncer(const std::string& mode);
  ~PgBouncer();
  PgBouncer(const PgBouncer&) = delete;
  PgBouncer& operator=(const PgBouncer&) = delete;
  [[nodiscard]] int port() const noexcept { return port_; }

 private:
  TemporaryFolder folder_;
  int port_;
  pid_t process_ = -1;
};

}  // namespace dunlin::test
