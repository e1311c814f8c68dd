#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <string>
#include <string_view>

namespace dunlin::ssh {

struct NewKey {
  Secret private_text;  ///< a new one in OpenSSH's own format, without a passphrase; ended by '\n'
  std::string public_line;  ///< "ssh-ed25519 AAAAC3… comment", as a forge takes it
  std::string fingerprint;  ///< "SHA256:…", as a forge shows it
};

/// A fresh Ed25519 key pair, made in this process and written nowhere.
/// @param comment  ends the public line, so that who reads the forge's list knows what it is for;
///     one line
[[nodiscard]] Result<NewKey> make_key(std::string_view comment);

/// The halves of a private key however it was pasted (see normalize_private_key), of any type. A
/// passphrase hides the public half: then line and fingerprint are empty. deploy_key says what is
/// wrong with a text that is no key.
[[nodiscard]] Result<NewKey> read_key(const Secret& pasted, std::string_view comment);

}  // namespace dunlin::ssh
