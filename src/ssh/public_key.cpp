// OpenSSL checks; this file reads SSH's encodings of keys and signatures (RFC 4253, 5656, 8332,
// 8709, and PROTOCOL.u2f of OpenSSH) and puts them as OpenSSL wants them.
#include "ssh/public_key.hpp"

#include "base/digest.hpp"
#include "base/handle.hpp"
#include "ssh/wire.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace dunlin::ssh {
namespace {

using Key = Handle<EVP_PKEY, EVP_PKEY_free>;
using KeyContext = Handle<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using Number = Handle<BIGNUM, BN_free>;
using Parameters = Handle<OSSL_PARAM, OSSL_PARAM_free>;
using Builder = Handle<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using DigestContext = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using EcSignature = Handle<ECDSA_SIG, ECDSA_SIG_free>;

constexpr int kLeastRsaBits = 2048;
constexpr unsigned char kTouched = 1;  // the flag "user present" of a security token

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

Number number_of(std::string_view bytes) {
  return Number(BN_bin2bn(bytes_of(bytes), static_cast<int>(bytes.size()), nullptr));
}

Key key_from(const char* kind, Builder builder) {
  const Parameters parameters(OSSL_PARAM_BLD_to_param(builder.get()));
  const KeyContext context(EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr));
  EVP_PKEY* key = nullptr;
  if (parameters == nullptr || context == nullptr || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters.get()) != 1)
    return nullptr;
  return Key(key);
}

bool is_signed(const Key& key, const EVP_MD* digest, std::string_view signature,
               std::string_view data) {
  const DigestContext context(EVP_MD_CTX_new());
  return key != nullptr && context != nullptr &&
         EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(data),
                          data.size()) == 1;
}

Verdict verdict(bool fine) { return fine ? Verdict::good : Verdict::bad; }

Verdict verify_ed25519(WireReader key, std::string_view signature, std::string_view data) {
  const auto point = key.string();
  if (!point || point->size() != 32) return Verdict::bad;
  const Key raw(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(*point), point->size()));
  return verdict(is_signed(raw, nullptr, signature, data));
}

Verdict verify_rsa(WireReader key, const EVP_MD* digest, std::string_view signature,
                   std::string_view data) {
  const auto exponent = key.string();
  const auto modulus = key.string();
  if (!exponent || !modulus) return Verdict::bad;
  const Number e = number_of(*exponent);
  const Number n = number_of(*modulus);
  Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get());
  OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get());
  const Key rsa = key_from("RSA", std::move(builder));
  if (rsa != nullptr && EVP_PKEY_get_bits(rsa.get()) < kLeastRsaBits) return Verdict::unsupported;
  // A signer may leave out leading zeros.
  std::string padded(signature);
  const auto size = rsa == nullptr ? 0 : static_cast<std::size_t>(EVP_PKEY_get_size(rsa.get()));
  if (padded.size() < size) padded.insert(0, size - padded.size(), '\0');
  return verdict(is_signed(rsa, digest, padded, data));
}

struct Curve {
  std::string_view name;  // SSH's
  const char* group;      // OpenSSL's
  const EVP_MD* digest;
};

std::optional<Curve> curve_of(std::string_view name) {
  const std::array curves = {Curve{"nistp256", "P-256", EVP_sha256()},
                             Curve{"nistp384", "P-384", EVP_sha384()},
                             Curve{"nistp521", "P-521", EVP_sha512()}};
  for (const auto& curve : curves)
    if (curve.name == name) return curve;
  return std::nullopt;
}

// r and s, each a string, as OpenSSL's DER.
std::string der_of(std::string_view signature) {
  WireReader reader(signature);
  const auto r = reader.string();
  const auto s = reader.string();
  if (!r || !s || !reader.at_end()) return {};
  const EcSignature pair(ECDSA_SIG_new());
  if (ECDSA_SIG_set0(pair.get(), number_of(*r).release(), number_of(*s).release()) != 1) return {};
  const int size = i2d_ECDSA_SIG(pair.get(), nullptr);
  if (size <= 0) return {};
  std::string der(static_cast<std::size_t>(size), '\0');
  auto* end = reinterpret_cast<unsigned char*>(der.data());
  i2d_ECDSA_SIG(pair.get(), &end);
  return der;
}

Verdict verify_ecdsa(WireReader key, std::string_view signature, std::string_view data) {
  const auto name = key.string();
  const auto point = key.string();
  const auto curve = name ? curve_of(*name) : std::nullopt;
  if (!curve || !point) return Verdict::unsupported;
  Builder builder(OSSL_PARAM_BLD_new());
  OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, curve->group, 0);
  OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point->data(),
                                   point->size());
  const Key ec = key_from("EC", std::move(builder));
  return verdict(is_signed(ec, curve->digest, der_of(signature), data));
}

// What a security token signs: it sees digests only, and adds its flags and a counter.
std::optional<std::string> signed_by_token(std::string_view application, WireReader rest,
                                           std::string_view data) {
  const auto flags = rest.bytes(1);
  const auto counter = rest.bytes(4);
  if (!flags || !counter || !rest.at_end()) return std::nullopt;
  if ((static_cast<unsigned char>(flags->front()) & kTouched) == 0) return std::nullopt;
  return sha256(application) + std::string(*flags) + std::string(*counter) + sha256(data);
}

Verdict verify_token(std::string_view type, std::string_view key_blob, WireReader signature,
                     std::string_view data) {
  WireReader key(key_blob);
  key.string();  // its type
  const WireReader own = key;
  const bool is_ecdsa = type.starts_with("sk-ecdsa");
  if (is_ecdsa) key.string();  // the curve
  key.string();                // the point
  const auto application = key.string();
  const auto raw = signature.string();
  if (!application || !raw) return Verdict::bad;
  const auto text = signed_by_token(*application, signature, data);
  if (!text) return Verdict::bad;
  return is_ecdsa ? verify_ecdsa(own, *raw, *text) : verify_ed25519(own, *raw, *text);
}

Verdict verify_plain(std::string_view type, std::string_view algorithm, const WireReader& key,
                     std::string_view raw, std::string_view data) {
  if (type == "ssh-rsa" && algorithm == "rsa-sha2-512")
    return verify_rsa(key, EVP_sha512(), raw, data);
  if (type == "ssh-rsa" && algorithm == "rsa-sha2-256")
    return verify_rsa(key, EVP_sha256(), raw, data);
  if (type == "ssh-rsa") return Verdict::unsupported;
  if (type != algorithm) return Verdict::bad;
  if (type == "ssh-ed25519") return verify_ed25519(key, raw, data);
  return type.starts_with("ecdsa-sha2-") ? verify_ecdsa(key, raw, data) : Verdict::unsupported;
}

}  // namespace

Verdict verify(std::string_view key, std::string_view signature, std::string_view data) {
  WireReader key_reader(key);
  WireReader signature_reader(signature);
  const auto type = key_reader.string();
  const auto algorithm = signature_reader.string();
  if (!type || !algorithm) return Verdict::bad;
  if (*type == "sk-ssh-ed25519@openssh.com" || *type == "sk-ecdsa-sha2-nistp256@openssh.com") {
    if (*type != *algorithm) return Verdict::bad;
    return verify_token(*type, key, signature_reader, data);
  }
  const auto raw = signature_reader.string();
  if (!raw || !signature_reader.at_end()) return Verdict::bad;
  return verify_plain(*type, *algorithm, key_reader, *raw, data);
}

}  // namespace dunlin::ssh
