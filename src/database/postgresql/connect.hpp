#pragma once

#include "base/error.hpp"
#include "database/postgresql/link.hpp"
#include "database/postgresql/open.hpp"

#include <memory>
#include <string>
#include <string_view>

namespace dunlin::postgresql {

/// How far a connection had come when it failed.
enum class Stage { connecting, talking };

/// What an attempt to connect knows of itself, for its error.
struct Attempt {
  std::string url;    ///< "jdbc:postgresql://HOST:PORT/DB"
  std::string user;   ///< empty: the system's
  std::string place;  ///< "HOST:PORT"
};

/// The Error for what libpq says (verbose, so that it holds the SQLSTATE) of a failed attempt.
/// Pure.
[[nodiscard]] Error connect_error(const Attempt& attempt, std::string_view complaint);
/// The Error for a server that did not answer within `time`.
[[nodiscard]] Error connect_timeout(const Attempt& attempt, Stage stage, std::chrono::seconds time);

/// Is it such a one?
[[nodiscard]] bool is_silence(const Error& error);

/// What the server seems to be doing that is worth waiting for, as a sentence about it: resuming,
/// starting up, out of connections. Empty for all that waiting does not mend: a refused login, TLS,
/// a name that does not exist, no such database.
[[nodiscard]] std::string_view reason_to_wait(const Error& error);

/// The keyword's last value in `parameters`; empty if it is not there.
[[nodiscard]] std::string value_of(const Parameters& parameters, std::string_view keyword);
[[nodiscard]] Attempt attempt_of(const Parameters& parameters);

/// May another try come to a better end?
[[nodiscard]] bool is_worth_a_retry(const Error& error);

/// Connects without blocking on anything but the resolver, so that a stop is heard.
Result<std::unique_ptr<Link>> connect(const Target& target, const ConnectOptions& options,
                                      Progress& progress);

}  // namespace dunlin::postgresql
