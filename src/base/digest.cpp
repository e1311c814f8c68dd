#include "base/digest.hpp"

#include "base/handle.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstdint>
#include <stdexcept>

namespace dunlin {
namespace {

using Context = Handle<EVP_MD_CTX, EVP_MD_CTX_free>;
using Digest = std::array<unsigned char, EVP_MAX_MD_SIZE>;

std::string text_of(const Digest& digest, unsigned size) {
  return {digest.begin(), digest.begin() + size};
}

// Digests of bytes in memory fail only when memory is exhausted: an exception, as for any other.
void check(bool fine) {
  if (!fine) throw std::runtime_error("OpenSSL cannot compute a digest");
}

std::string digest_of(const EVP_MD* kind, std::span<const std::string_view> parts) {
  const Context context(EVP_MD_CTX_new());
  check(context != nullptr && EVP_DigestInit_ex(context.get(), kind, nullptr) == 1);
  for (const auto part : parts)
    check(EVP_DigestUpdate(context.get(), part.data(), part.size()) == 1);
  Digest digest{};
  unsigned size = 0;
  check(EVP_DigestFinal_ex(context.get(), digest.data(), &size) == 1);
  return text_of(digest, size);
}

std::string hmac_of(const EVP_MD* kind, std::string_view key, std::string_view text) {
  Digest digest{};
  unsigned size = 0;
  check(HMAC(kind, key.data(), static_cast<int>(key.size()),
             reinterpret_cast<const unsigned char*>(text.data()), text.size(), digest.data(),
             &size) != nullptr);
  return text_of(digest, size);
}

constexpr std::string_view kLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

}  // namespace

std::string sha1(std::span<const std::string_view> parts) { return digest_of(EVP_sha1(), parts); }

std::string sha256(std::string_view text) { return digest_of(EVP_sha256(), {&text, 1}); }

std::string sha512(std::string_view text) { return digest_of(EVP_sha512(), {&text, 1}); }

std::string hmac_sha1(std::string_view key, std::string_view text) {
  return hmac_of(EVP_sha1(), key, text);
}

std::string hmac_sha256(std::string_view key, std::string_view text) {
  return hmac_of(EVP_sha256(), key, text);
}

std::string base64(std::string_view bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  std::uint32_t bits = 0;
  int held = 0;
  for (const char byte : bytes) {
    bits = bits << 8U | static_cast<unsigned char>(byte);
    for (held += 8; held >= 6; held -= 6) text += kLetters[bits >> (held - 6) & 63U];
  }
  if (held > 0) text += kLetters[bits << (6 - held) & 63U];
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::optional<std::string> base64_decode(std::string_view text) {
  std::string bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t bits = 0;
  int held = 0;
  std::size_t letters = 0;
  bool ended = false;
  for (const char letter : text) {
    if (letter == ' ' || letter == '\n' || letter == '\r' || letter == '\t') continue;
    if (letter == '=') {
      ended = true;
      continue;
    }
    const auto value = kLetters.find(letter);
    if (ended || value == std::string_view::npos) return std::nullopt;
    bits = bits << 6U | static_cast<std::uint32_t>(value);
    ++letters;
    if (held += 6; held >= 8) bytes += static_cast<char>(bits >> (held -= 8) & 255U);
  }
  if (letters % 4 == 1) return std::nullopt;
  return bytes;
}

}  // namespace dunlin
