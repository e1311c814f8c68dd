#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// Digests and base64, as raw bytes in strings. OpenSSL stands behind them.
namespace dunlin {

/// 20 bytes, of the parts one after the other. For Git's object names and hashed known hosts.
[[nodiscard]] std::string sha1(std::span<const std::string_view> parts);
[[nodiscard]] std::string hmac_sha1(std::string_view key, std::string_view text);
/// 32 bytes.
[[nodiscard]] std::string sha256(std::string_view text);
/// 64 bytes.
[[nodiscard]] std::string sha512(std::string_view text);
[[nodiscard]] std::string hmac_sha256(std::string_view key, std::string_view text);

/// With `=` at the end where they belong.
[[nodiscard]] std::string base64(std::string_view bytes);
/// Takes text with or without `=` at the end and with white space anywhere; nothing if any other
/// letter stands in it or a letter is missing.
[[nodiscard]] std::optional<std::string> base64_decode(std::string_view text);

}  // namespace dunlin
