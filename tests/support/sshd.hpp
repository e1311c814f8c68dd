#pragma once

#include "support/temporary_folder.hpp"

#include <sys/types.h>

#include <cstdint>
#include <string>

namespace dunlin::test {

/// A key pair made by ssh-keygen. The arguments are its own: "-t rsa -b 4096 -m PEM".
struct KeyPair {
  std::string private_text;
  std::string public_line;  ///< "ssh-ed25519 AAAA… comment"
};
[[nodiscard]] KeyPair make_key(const std::string& arguments, const std::string& passphrase = "");

struct SshdOptions {
  std::string authorized_keys;           ///< lines
  std::string host_keys = "-t ed25519";  ///< ssh-keygen's arguments, several between commas
  std::string extra;                     ///< more lines of sshd_config
};

/// OpenSSH's server on a free port of 127.0.0.1, which refuses SHA-1 signatures. Stopped when it
/// goes out of scope or when the test dies.
class Sshd {
 public:
  explicit Sshd(const SshdOptions& options);
  Sshd(const Sshd&) = delete;
  Sshd& operator=(const Sshd&) = delete;
  ~Sshd();

  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }
  [[nodiscard]] const std::string& user() const noexcept { return user_; }
  /// Its known_hosts lines, one a host key: "[127.0.0.1]:PORT ssh-ed25519 AAAA…".
  [[nodiscard]] std::string known_hosts() const;
  /// Everything it has logged so far.
  [[nodiscard]] std::string log() const;

 private:
  TemporaryFolder folder_;
  std::string user_;
  std::string host_key_lines_;
  std::uint16_t port_ = 0;
  pid_t pid_ = -1;
};

/// A port of 127.0.0.1 that nobody listens on.
[[nodiscard]] std::uint16_t unused_port();

}  // namespace dunlin::test
