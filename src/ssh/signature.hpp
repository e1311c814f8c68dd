#pragma once

#include "ssh/known_hosts.hpp"
#include "ssh/public_key.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace dunlin::ssh {

/// A detached signature as `ssh-keygen -Y sign` makes it (PROTOCOL.sshsig of OpenSSH).
struct Signature {
  HostKey key;             ///< whose it claims to be
  std::string namespace_;  ///< what it was made for: "git"
  std::string hash;        ///< "sha512" or "sha256"
  std::string reserved;
  std::string signature;  ///< the signature blob

  /// From "-----BEGIN SSH SIGNATURE-----" and base64; nothing when it is damaged.
  [[nodiscard]] static std::optional<Signature> parse(std::string_view armoured);
  /// Is it one of `key` over the message?
  [[nodiscard]] Verdict over(std::string_view message) const;
};

}  // namespace dunlin::ssh
