#include "migration/checksum.hpp"

#include <zlib.h>

#include <bit>

namespace dunlin {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Where the line ends: at the first CR or LF, or with the text. A loop of one test per byte is
// several times faster than string_view::find_first_of, which asks memchr for each byte.
std::size_t end_of_line(std::string_view text) noexcept {
  std::size_t at = 0;
  while (at < text.size() && text[at] != '\n' && text[at] != '\r') ++at;
  return at;
}

}  // namespace

std::int32_t checksum(std::string_view text) noexcept {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  uLong sum = crc32(0, nullptr, 0);
  while (!text.empty()) {
    const std::size_t length = end_of_line(text);
    // zlib takes unsigned bytes; reading char as unsigned char is allowed
    if (length > 0) sum = crc32_z(sum, reinterpret_cast<const Bytef*>(text.data()), length);
    text.remove_prefix(length < text.size() ? length + 1 : length);
  }
  return std::bit_cast<std::int32_t>(static_cast<std::uint32_t>(sum));
}

}  // namespace dunlin
