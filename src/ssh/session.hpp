#pragma once

#include "base/byte_stream.hpp"
#include "base/interrupt.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "ssh/known_hosts.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace dunlin::ssh {

/// How messages call the key, and what to do about it.
struct KeyWords {
  std::string name = "deploy key";
  std::string variable = "REPOSITORY_DEPLOY_KEY";
  std::string passphrase_variable = "REPOSITORY_DEPLOY_KEY_PASSPHRASE";
  std::string place = "the repository's deploy keys";  ///< where its public half has to stand
};

struct SessionOptions {
  std::string host;
  std::uint16_t port = 22;
  std::string user = "git";
  Secret key;         ///< the private key as it was pasted; see normalize_private_key
  Secret passphrase;  ///< empty when the key has none
  KeyWords key_words;
  KnownHosts known_hosts;
  int socket = -1;  ///< a connection to the host that stands already; -1: one is made
  std::chrono::milliseconds connect_timeout{15000};  ///< TCP, key exchange and authentication each
  std::chrono::milliseconds silence_timeout{60000};  ///< longest wait for a byte afterwards
  const Interrupt* interrupt = nullptr;              ///< ends every wait; must outlive the session
};

/// An environment variable for a command on the server; without a name it is none.
struct Variable {
  std::string name;
  std::string value;
};

struct SessionState;  // libssh's objects, which show in no interface

/// One authenticated SSH connection. Uses nothing of this machine: no ~/.ssh, no configuration
/// file, no agent. Signs with RSA-SHA2, ECDSA or Ed25519, never with SHA-1.
class Session {
 public:
  /// Connects, compares the host key with those trusted (before anything is authenticated), then
  /// authenticates with the key.
  /// Errors: source_failed (name, TCP, time-out), host_key, deploy_key (unreadable, wrong
  /// passphrase, refused), interrupted.
  [[nodiscard]] static Result<Session> connect(SessionOptions options);
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

  /// Runs a command on the server; the stream is its standard input and output, and `complaint` its
  /// standard error. The stream keeps the connection open and may outlive the Session. A server may
  /// refuse the variable; the command then runs without it.
  [[nodiscard]] Result<std::unique_ptr<ByteStream>> execute(std::string_view command,
                                                            const Variable& variable = {});

  /// For the sources of this room.
  [[nodiscard]] const SessionState& state() const noexcept { return *state_; }

 private:
  explicit Session(std::shared_ptr<SessionState> state);
  std::shared_ptr<SessionState> state_;
};

}  // namespace dunlin::ssh
