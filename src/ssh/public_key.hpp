#pragma once

#include <string_view>

namespace dunlin::ssh {

/// What became of a check.
enum class Verdict { good, bad, unsupported };

/// Does the signature (a signature blob: RFC 4253, 6.6) over `data` belong to the key (a public key
/// blob)? Knows Ed25519, ECDSA on the three NIST curves, RSA of 2048 bits or more with SHA-2, and
/// the keys of security tokens (sk-...), which must have been touched. Never SHA-1.
[[nodiscard]] Verdict verify(std::string_view key, std::string_view signature,
                             std::string_view data);

}  // namespace dunlin::ssh
