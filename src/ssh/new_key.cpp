#include "ssh/new_key.hpp"

#include "base/digest.hpp"
#include "base/handle.hpp"
#include "base/text.hpp"
#include "ssh/known_hosts.hpp"

#include <libssh/libssh.h>

#include <string.h>  // explicit_bzero

namespace dunlin::ssh {
namespace {

constexpr std::string_view kType = "ssh-ed25519";

void wipe_and_free(char* text) noexcept {
  explicit_bzero(text, strlen(text));
  ssh_string_free_char(text);
}

using Key = Handle<ssh_key_struct, ssh_key_free>;
using PrivateText = Handle<char, wipe_and_free>;
using PublicText = Handle<char, ssh_string_free_char>;

Error failed(std::string_view step) {
  return {.code = ErrorCode::internal,
          .message = fmt::format("the deploy key cannot be made: {} failed", step)};
}

}  // namespace

Result<NewKey> make_key(std::string_view comment) {
  ssh_key key = nullptr;
  if (ssh_pki_generate(SSH_KEYTYPE_ED25519, 0, &key) != SSH_OK) return failed("generating it");
  const Key owned(key);
  char* private_text = nullptr;
  if (ssh_pki_export_privkey_base64(key, nullptr, nullptr, nullptr, &private_text) != SSH_OK) {
    return failed("writing its private half");
  }
  const PrivateText private_half(private_text);
  char* public_text = nullptr;
  if (ssh_pki_export_pubkey_base64(key, &public_text) != SSH_OK) {
    return failed("writing its public half");
  }
  const PublicText public_half(public_text);
  const HostKey shown{.type = std::string(kType),
                      .blob = base64_decode(public_half.get()).value_or("")};
  return NewKey{.private_text = Secret(private_half.get()),
                .public_line = fmt::format("{} {} {}", kType, public_half.get(), comment),
                .fingerprint = fingerprint(shown)};
}

}  // namespace dunlin::ssh
