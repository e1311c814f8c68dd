#pragma once

#include "database/postgresql/open.hpp"
#include "support/temporary_folder.hpp"

#include <sys/types.h>

#include <memory>
#include <string>
#include <vector>

struct pg_conn;

namespace dunlin::test {

/// A TCP port of 127.0.0.1 on which nothing listens.
int free_port();

/// A private PostgreSQL 15 of this test program: on a Unix socket in a temporary folder, and on a
/// free port of 127.0.0.1. Started when first asked for; it ends, and its folder goes, with the
/// program, also when that is killed: a shell that watches a pipe of ours takes care of it.
///
/// Through the socket everybody is trusted; by TCP the password is asked for (SCRAM).
class PostgresServer {
 public:
  static PostgresServer& instance();
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;

  [[nodiscard]] const std::string& folder() const noexcept { return folder_.path(); }
  [[nodiscard]] int port() const noexcept { return port_; }
  static constexpr const char* user = "postgres";        ///< a superuser
  static constexpr const char* password = "tall-grass";  ///< of it, by TCP

  /// Makes an empty database and returns its name.
  std::string make_database();

  /// How to reach a database through the socket, and by TCP.
  [[nodiscard]] postgresql::ConnectOptions by_socket(const std::string& database) const;
  [[nodiscard]] postgresql::ConnectOptions by_tcp(const std::string& database) const;

 private:
  PostgresServer();

  TemporaryFolder folder_;
  int port_ = 0;
  int lifeline_ = -1;  // closing it ends the server
  pid_t keeper_ = -1;
  int made_ = 0;
};

/// A session of the test's own, beside dunlin's: to look on and to get in the way.
class Onlooker {
 public:
  explicit Onlooker(const std::string& database);
  ~Onlooker();
  Onlooker(const Onlooker&) = delete;
  Onlooker& operator=(const Onlooker&) = delete;
  /// Runs SQL, several statements too; the first column of the last result. A failure fails the
  /// test.
  std::vector<std::string> ask(const std::string& text);
  /// The only value that `text` yields.
  std::string value(const std::string& text);

 private:
  pg_conn* connection_;
};

}  // namespace dunlin::test
