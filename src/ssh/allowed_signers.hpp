#pragma once

#include "base/result.hpp"
#include "ssh/known_hosts.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin::ssh {

/// Who may sign (man ssh-keygen, "ALLOWED SIGNERS"): the file that Git's gpg.ssh.allowedSignersFile
/// names.
class AllowedSigners {
 public:
  /// Lines: principals, options (namespaces, valid-after, valid-before, cert-authority), key.
  /// Comments and empty lines; a literal `\n` for each newline will do. Times without a Z are UTC
  /// too. ErrorCode::configuration names the line.
  [[nodiscard]] static Result<AllowedSigners> parse(std::string_view text);

  /// The principals of the key's line, "ada@example.org", if it may sign in `name` (a namespace)
  /// at that time; else what stands in the way, as an Error whose message completes "the key ...".
  [[nodiscard]] Result<std::string> who(const HostKey& key, std::string_view name,
                                        std::chrono::sys_seconds when) const;

 private:
  using Time = std::optional<std::chrono::sys_seconds>;
  struct Line {
    std::string principals;
    std::string namespaces;  // patterns between commas; empty: all
    Time valid_after, valid_before;
    bool is_authority = false;
    HostKey key;
  };
  static Result<Line> parse_line(std::string_view text);
  static Result<void> read_option(std::string_view option, Line& line);
  std::vector<Line> lines_;
};

}  // namespace dunlin::ssh
