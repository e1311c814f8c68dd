#pragma once

#include "base/error.hpp"
#include "base/result.hpp"
#include "base/text.hpp"
#include "ssh/known_hosts.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// What files of known hosts and of allowed signers have in common: lines of words, one of them the
/// type of a public key, and the next its blob in base64.
namespace dunlin::ssh {

/// The next word, taken from the line; blanks between double quotes belong to it.
[[nodiscard]] std::string take_word(std::string_view& line);
/// Is it "ssh-ed25519" or of that kind, which no host, principal or option is?
[[nodiscard]] bool is_key_type(std::string_view word);
/// The key of the type that was taken, its blob being the next word.
[[nodiscard]] Result<HostKey> take_key(std::string type, std::string_view& line);

/// What is wrong with a line; read_lines() says with which, and how to write it.
[[nodiscard]] Error bad_line(std::string why);

/// What `read` makes of each line but empty ones and comments; a literal `\n` will do for a
/// newline. ErrorCode::configuration names the first bad line.
/// @param what  names the text: "known hosts"
/// @param hint  says how a line is written
template <class Line>
[[nodiscard]] Result<std::vector<Line>> read_lines(std::string_view text, std::string_view what,
                                                   std::string_view hint,
                                                   Result<Line> (*read)(std::string_view)) {
  std::vector<Line> lines;
  int number = 0;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);  // a byte order mark
  for (const auto& raw : split(replace_all(text, "\\n", "\n"), '\n')) {
    ++number;
    const auto trimmed = trim(raw);
    if (trimmed.empty() || trimmed.starts_with('#')) continue;
    auto line = read(trimmed);
    if (!line) {
      auto error = std::move(line).error();
      error.message = fmt::format("{}, line {}: {}", what, number, error.message);
      error.hint = hint;
      return error;
    }
    lines.push_back(*std::move(line));
  }
  return lines;
}

}  // namespace dunlin::ssh
