#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace dunlin {

/// Is this the name of a charset that decode() can read here? An Error (configuration) if not.
/// @param charset  as Java knows it, in any letter case: "UTF-8", "latin1", "windows-1252", "GBK"
Result<void> check_charset(std::string_view charset);

/// A charset found out from bytes, and what a person should know of it.
struct DetectedCharset {
  std::string_view name;
  std::string doubt;  ///< why it may be another one; empty when it is rather certain
};
/// Finds out whether a script is UTF-8, UTF-16 or ISO-8859-1 (option detectEncoding). As Flyway: a
/// mark of UTF-16 decides, then what can be read as UTF-8 is, else it is ISO-8859-1 (observed with
/// Flyway 11). Beyond Flyway, UTF-16 without a mark is seen by its zeros, and what is none of the
/// three, such as bytes with NULs, is an Error (script_unreadable).
Result<DetectedCharset> detect_charset(std::string_view bytes);

/// The bytes of a file as UTF-8. Strict as Java's decoders: a byte that means nothing in the
/// charset is an error (script_unreadable, with line and column), never a replacement character.
/// A byte order mark stays, as U+FEFF, but for UTF-16, whose mark tells the order of bytes.
/// UTF-8, US-ASCII, ISO-8859-1, windows-1252 and UTF-16 (BE, LE) are read by dunlin itself, any
/// other by the C library's iconv; a static binary may lack its tables, which check_charset tells.
/// @param bytes  UTF-8 is handed back without a copy
Result<std::string> decode(std::string bytes, std::string_view charset);

/// Where the first byte is that is not UTF-8; npos if all is well formed.
[[nodiscard]] std::size_t find_invalid_utf8(std::string_view text) noexcept;

}  // namespace dunlin
