#include "migration/checksum.hpp"
#include "migration/encoding.hpp"

#include <string>

#include "fuzz.hpp"

using dunlin::fuzz::require;
using namespace dunlin;

// The name of the charset stands on the first line; the bytes are read in all others too.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = fuzz::text(data, size);
  const auto line_end = input.find('\n');
  const std::string name(input.substr(0, line_end));
  const std::string bytes(line_end == std::string_view::npos ? "" : input.substr(line_end + 1));
  for (const std::string& charset :
       {name, std::string("UTF-8"), std::string("US-ASCII"), std::string("windows-1252"),
        std::string("UTF-16"), std::string("UTF-16LE"), std::string("EUC-JP")}) {
    const auto text = decode(bytes, charset);
    if (!text) {
      require(!text.error().message.empty());
      continue;
    }
    require(find_invalid_utf8(*text) == std::string::npos);
    static_cast<void>(checksum(*text));
  }
  return 0;
}
