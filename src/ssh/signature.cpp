#include "ssh/signature.hpp"

#include "base/digest.hpp"
#include "base/text.hpp"
#include "ssh/wire.hpp"

namespace dunlin::ssh {
namespace {

constexpr std::string_view kBegin = "-----BEGIN SSH SIGNATURE-----";
constexpr std::string_view kEnd = "-----END SSH SIGNATURE-----";
constexpr std::string_view kMagic = "SSHSIG";
constexpr std::uint32_t kVersion = 1;

}  // namespace

std::optional<Signature> Signature::parse(std::string_view armoured) {
  armoured = trim(armoured);
  if (!armoured.starts_with(kBegin) || !armoured.ends_with(kEnd) ||
      armoured.size() < kBegin.size() + kEnd.size())
    return std::nullopt;
  armoured.remove_prefix(kBegin.size());
  armoured.remove_suffix(kEnd.size());
  const auto blob = base64_decode(armoured);
  if (!blob) return std::nullopt;
  WireReader reader(*blob);
  if (reader.bytes(kMagic.size()) != kMagic || reader.number() != kVersion) return std::nullopt;
  const auto key = reader.string();
  const auto name = reader.string();
  const auto reserved = reader.string();
  const auto hash = reader.string();
  const auto signature = reader.string();
  if (!signature || !reader.at_end()) return std::nullopt;  // what came before is there then
  const auto type = WireReader(*key).string();
  if (!type) return std::nullopt;
  return Signature{.key = {.type = std::string(*type), .blob = std::string(*key)},
                   .namespace_ = std::string(*name),
                   .hash = std::string(*hash),
                   .reserved = std::string(*reserved),
                   .signature = std::string(*signature)};
}

Verdict Signature::over(std::string_view message) const {
  if (hash != "sha512" && hash != "sha256") return Verdict::unsupported;
  const auto digest = hash == "sha512" ? sha512(message) : sha256(message);
  const auto data = std::string(kMagic) + wire_string(namespace_) + wire_string(reserved) +
                    wire_string(hash) + wire_string(digest);
  return verify(key.blob, signature, data);
}

}  // namespace dunlin::ssh
