#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace dunlin {

/// What differs between a script and the text that was applied, as far as its checksum tells.
struct Difference {
  enum class Kind : std::uint8_t {
    line_ends,
    mark,
    trailing_blanks,
    indentation,
    encoding,
    content
  };
  Kind kind = Kind::content;
  std::string words;  ///< "only blanks at the ends of lines"
  std::string next;   ///< what to do, a clause: "restore the script ..."
};

/// A script as it is now.
struct PresentScript {
  std::string_view name;     ///< "V1__a.sql"
  std::string_view bytes;    ///< as in the file
  std::string_view charset;  ///< in which they were read: "UTF-8"
  std::string_view text;     ///< what they are in it, UTF-8
};

/// The earlier text is gone, only its checksum is left: what could have become the present text
/// (without its blanks at line ends, read in another charset, a line less, ...) is summed, and what
/// gives that checksum is the answer; `content` if nothing does. A wrong answer needs a collision,
/// of which there are as many in 2^32 as variants are tried: below one in 10,000 for 100,000 lines.
/// Texts above 4 MiB are not tried line by line.
/// @param applied  another checksum than that of the present text
[[nodiscard]] Difference difference_from(std::int32_t applied, const PresentScript& present);

}  // namespace dunlin
