#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

namespace dunlin::ssh {

/// A private key as libssh and OpenSSL want it: a header line, lines of base64 of 64 letters, a
/// footer line, each ended by '\n'.
struct PrivateKeyText {
  Secret text;
  bool encrypted = false;  ///< a passphrase is needed
};

/// Reads a private key however it was pasted into a secret: with literal `\n`, spaces or nothing
/// for newlines, indented, CRLF, quoted, without the last newline, or base64 of the whole. PEM
/// PKCS#1, SEC 1, PKCS#8 and OpenSSH's own format. ErrorCode::deploy_key says what stands there
/// instead: a public key, PuTTY's format, a truncated key, a certificate, nothing.
[[nodiscard]] Result<PrivateKeyText> normalize_private_key(const Secret& pasted);

}  // namespace dunlin::ssh
