#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace dunlin {

/// Is this the name of a charset that decode() can read here? An Error (configuration) if not.
/// @param charset  as Java knows it, in any letter case: "UTF-8", "latin1", "windows-1252", "GBK"
Result<void> check_charset(std::string_view charset);

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
