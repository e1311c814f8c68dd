#pragma once

#include "base/interrupt.hpp"
#include "base/result.hpp"
#include "database/progress.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;
struct pg_result;

namespace dunlin::postgresql {

struct CloseConnection {
  void operator()(pg_conn* connection) const noexcept;
};
struct ClearReply {
  void operator()(pg_result* reply) const noexcept;
};
using Connection = std::unique_ptr<pg_conn, CloseConnection>;
using Reply = std::unique_ptr<pg_result, ClearReply>;

using Deadline = std::chrono::steady_clock::time_point;

/// What a server says about a failure, or beside a result.
struct ServerMessage {
  std::string severity, sqlstate, message, detail, hint, context;
  std::size_t position = 0;  ///< characters into the statement, from 1; 0 when not known
};

/// One connection, kept in pipeline mode and non-blocking: the owner of the socket, and what waits
/// on it. Does not move, since libpq keeps its address.
class Link {
 public:
  std::shared_ptr<const void> route;  ///< see ConnectOptions

  Link(Connection connection, const Interrupt* interrupt);
  Link(const Link&) = delete;
  Link& operator=(const Link&) = delete;

  /// nullptr once the connection is lost or closed.
  [[nodiscard]] pg_conn* get() const noexcept { return connection_.get(); }
  [[nodiscard]] bool alive() const noexcept { return connection_ != nullptr; }
  /// Closes the socket; `reason` is what error messages say from then on.
  void close(std::string reason) noexcept;
  [[nodiscard]] const std::string& reason() const noexcept { return reason_; }
  /// The error of everything that is asked of a connection that is gone.
  [[nodiscard]] Error lost() const;

  /// True while the server is in no transaction (neither a good nor a failed one).
  [[nodiscard]] bool idle() const noexcept;

  [[nodiscard]] bool interrupted() const noexcept {
    return interrupt_ != nullptr && interrupt_->requested();
  }
  [[nodiscard]] const Interrupt* interrupt() const noexcept { return interrupt_; }

  /// The server's words since the last call.
  std::vector<ServerNotice> take_notices();

  /// How error messages name the server: "HOST:PORT".
  std::string place;

 private:
  static void note(void* link, const pg_result* reply) noexcept;

  Connection connection_;
  const Interrupt* interrupt_;
  std::string reason_;
  std::vector<ServerNotice> notices_;
};

enum class Wake { ready, interrupted, timed_out };
enum class For { reading, reading_and_writing, writing };

/// Waits until the socket can be used so, `until` has come, or a stop is requested (interrupt may
/// be null, and then nothing stops the wait).
Wake wait(int socket, For what, std::optional<Deadline> until, const Interrupt* interrupt);
/// Waits until `until`; false if a stop was requested.
bool pause(Deadline until, const Interrupt* interrupt);

/// The fields of an error or a notice.
ServerMessage message_of(const pg_result& reply);

/// The texts of a reply's rows.
Rows rows_of(const pg_result& reply);
std::vector<std::string> columns_of(const pg_result& reply);

/// Asks the server again and again to cancel what runs, from a thread of its own since libpq's
/// request blocks: a request that arrives between two statements is ignored. Stops when destroyed.
class Canceller {
 public:
  explicit Canceller(pg_conn& connection);
  ~Canceller();
  Canceller(const Canceller&) = delete;
  Canceller& operator=(const Canceller&) = delete;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace dunlin::postgresql
