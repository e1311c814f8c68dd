#pragma once

#include <cstdint>
#include <string_view>

namespace dunlin {

/// The checksum of a script as Flyway stores it: CRC-32 over its lines as UTF-8, without line ends
/// (LF, CRLF or CR) and without a byte order mark at the very start. Blank lines, the kind of line
/// ends and a mark therefore make no difference, any other byte does. docs/checksums.md.
/// A versioned script is summed as it stands in the file, a repeatable one after its placeholders
/// are replaced (observed with Flyway 11, scenarios checksum-placeholder-*).
/// @param text  UTF-8, as decode() returns it; may be empty, which gives 0
[[nodiscard]] std::int32_t checksum(std::string_view text) noexcept;

}  // namespace dunlin
