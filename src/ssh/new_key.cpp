#include "ssh/new_key.hpp"

#include "base/digest.hpp"
#include "base/handle.hpp"
#include "base/join_secrets.hpp"
#include "base/text.hpp"
#include "ssh/known_hosts.hpp"
#include "ssh/private_key.hpp"

#include <libssh/libssh.h>

#include <array>
#include <cstring>  // explicit_bzero

namespace dunlin::ssh {
namespace {

void wipe_and_free(char* text) noexcept {
  explicit_bzero(text, strlen(text));
  ssh_string_free_char(text);
}

using Key = Handle<ssh_key_struct, ssh_key_free>;
using PrivateText = Handle<char, wipe_and_free>;
using PublicText = Handle<char, ssh_string_free_char>;

Error failed(std::string_view step) {
  return {.code = ErrorCode::deploy_key,
          .message = fmt::format("the deploy key is of no use: {} failed", step)};
}

/// Line and fingerprint of the public half.
Result<void> add_public_half(ssh_key key, std::string_view comment, NewKey& made) {
  char* text = nullptr;
  if (ssh_pki_export_pubkey_base64(key, &text) != SSH_OK) return failed("writing its public half");
  const PublicText owned(text);
  const char* const type = ssh_key_type(key) == SSH_KEYTYPE_ECDSA_P256 ||
                                   ssh_key_type(key) == SSH_KEYTYPE_ECDSA_P384 ||
                                   ssh_key_type(key) == SSH_KEYTYPE_ECDSA_P521
                               ? ssh_pki_key_ecdsa_name(key)
                               : ssh_key_type_to_char(ssh_key_type(key));
  made.public_line = fmt::format("{} {}{}{}", type, text, comment.empty() ? "" : " ", comment);
  made.fingerprint = fingerprint(HostKey{.type = type, .blob = base64_decode(text).value_or("")});
  return {};
}

}  // namespace

Result<NewKey> make_key(std::string_view comment) {
  ssh_key key = nullptr;
  if (ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &key) != SSH_OK) return failed("generating it");
  const Key owned(key);
  char* text = nullptr;
  if (ssh_pki_export_privkey_base64(key, nullptr, nullptr, nullptr, &text) != SSH_OK) {
    return failed("writing its private half");
  }
  const PrivateText private_half(text);
  NewKey made{.private_text = Secret(private_half.get()), .public_line = {}, .fingerprint = {}};
  DUNLIN_TRY(add_public_half(key, comment, made));
  return made;
}

Result<NewKey> read_key(const Secret& pasted, std::string_view comment) {
  PrivateKeyText text = DUNLIN_TRY(normalize_private_key(pasted));
  NewKey read{.private_text = std::move(text.text), .public_line = {}, .fingerprint = {}};
  if (text.encrypted) return read;
  // libssh wants an end of the text, which a Secret has not.
  const std::array<Secret, 2> pieces = {read.private_text.duplicate(),
                                        Secret(std::string_view("\0", 1))};
  const Secret ended = joined(pieces);
  const char* const key_text = ended.reveal().data();
  ssh_key key = nullptr;
  if (ssh_pki_import_privkey_base64(key_text, "", nullptr, nullptr, &key) != SSH_OK) {
    return failed("reading it");
  }
  const Key owned(key);
  DUNLIN_TRY(add_public_half(key, comment, read));
  return read;
}

}  // namespace dunlin::ssh
