// The signature stands in a header of the commit, gpgsig, whose further lines begin with a blank;
// what is signed is the commit without that header (gitformat-signature).
#include "git/signature.hpp"

#include "base/text.hpp"
#include "ssh/signature.hpp"

#include <charconv>
#include <chrono>

namespace dunlin::git {
namespace {

constexpr std::string_view kNamespace = "git";

struct Parted {
  std::string signature;  // without the blanks; empty if there is none
  std::string payload;
  int signatures = 0;
};

enum class In { payload, signature, other };

// Headers of signatures by either hash are no part of what is signed.
In kind_of_header(std::string_view line) {
  if (line.starts_with("gpgsig ")) return In::signature;
  return line.starts_with("gpgsig-sha256 ") ? In::other : In::payload;
}

Parted part(std::string_view text) {
  Parted parted;
  In in = In::payload;
  while (!text.empty() && text.front() != '\n') {
    const auto line = text.substr(0, std::min(text.find('\n'), text.size() - 1) + 1);
    text.remove_prefix(line.size());
    const bool is_header = !line.starts_with(' ');
    if (is_header) in = kind_of_header(line);
    if (is_header && in == In::signature) ++parted.signatures;
    if (in == In::payload) parted.payload += line;
    if (in == In::signature) parted.signature += line.substr(line.find(' ') + 1);
  }
  parted.payload += text;
  return parted;
}

std::chrono::sys_seconds time_of(std::string_view payload) {
  const auto at = payload.find("\ncommitter ");
  const auto line = payload.substr(at == std::string_view::npos ? payload.size() : at + 1);
  const auto seconds = line.substr(std::min(line.find("> "), line.size()));
  std::int64_t value = 0;
  if (seconds.size() > 2)
    std::from_chars(seconds.data() + 2, seconds.data() + seconds.size(), value);
  return std::chrono::sys_seconds(std::chrono::seconds(value));
}

Error refused(const Commit& commit, std::string_view why, std::string hint) {
  return {.code = ErrorCode::commit_refused,
          .message = fmt::format("commit {} by {} {}", commit.id, commit.author, why),
          .hint = std::move(hint)};
}

}  // namespace

Result<std::string> signer_of(const Commit& commit, const ssh::AllowedSigners& signers) {
  const Parted parted = part(commit.text);
  if (parted.signatures == 0)
    return refused(commit, "is not signed", "sign it: git commit -S with gpg.format=ssh");
  if (parted.signature.contains("BEGIN PGP") || parted.signature.contains("BEGIN SIGNED MESSAGE")) {
    return refused(commit, "is signed by OpenPGP or X.509, which is not checked here",
                   "sign with an SSH key: gpg.format=ssh");
  }
  const auto signature = ssh::Signature::parse(parted.signature);
  if (parted.signatures > 1 || !signature)
    return refused(commit, "has a signature that cannot be read", "sign it again");
  const auto key = signature->key.type + " " + ssh::fingerprint(signature->key);
  if (signature->namespace_ != kNamespace) {
    return refused(commit,
                   fmt::format("has a signature made for {}, not for git", signature->namespace_),
                   "sign it with git");
  }
  switch (signature->over(parted.payload)) {
    case ssh::Verdict::good:
      break;
    case ssh::Verdict::bad:
      return refused(commit, fmt::format("has a signature of {} that is not its own", key),
                     "do not use it; somebody may have changed the commit");
    case ssh::Verdict::unsupported:
      return refused(commit, fmt::format("has a signature of a kind that is not checked: {}", key),
                     "sign with an Ed25519, ECDSA or RSA key (2048 bits, SHA-2), no certificate");
  }
  auto who = signers.who(signature->key, kNamespace, time_of(parted.payload));
  if (who) return who;
  return refused(commit, fmt::format("is signed, but the key {} {}", key, who.error().message),
                 "if it may sign, add its line to allowedSigners");
}

}  // namespace dunlin::git
