#include "ssh/key_lines.hpp"

#include "base/digest.hpp"
#include "ssh/wire.hpp"

#include <algorithm>
#include <array>

namespace dunlin::ssh {

std::string take_word(std::string_view& line) {
  line = trim(line);
  bool is_quoted = false;
  std::size_t size = 0;
  for (; size < line.size() && (is_quoted || (line[size] != ' ' && line[size] != '\t')); ++size)
    if (line[size] == '"') is_quoted = !is_quoted;
  std::string word(line.substr(0, size));
  line.remove_prefix(size);
  return word;
}

bool is_key_type(std::string_view word) {
  constexpr std::array<std::string_view, 4> starts = {"ssh-", "ecdsa-sha2-", "sk-", "rsa-sha2-"};
  return std::ranges::any_of(starts, [&](auto start) { return word.starts_with(start); });
}

Result<HostKey> take_key(std::string type, std::string_view& line) {
  auto blob = base64_decode(take_word(line));
  WireReader reader(blob ? std::string_view(*blob) : "");
  // The type is repeated inside the blob.
  if (reader.string() != type || reader.at_end())
    return bad_line(fmt::format("the {} key is damaged", type));
  return HostKey{.type = std::move(type), .blob = *std::move(blob)};
}

Error bad_line(std::string why) {
  return {.code = ErrorCode::configuration, .message = std::move(why)};
}

}  // namespace dunlin::ssh
