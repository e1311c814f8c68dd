#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace dunlin::git {

enum class Transport { ssh, https, local };

/// Where a repository is. Holds no credentials.
struct RepositoryUrl {
  Transport transport = Transport::local;
  std::string user;        ///< empty when the address names none
  std::string host;        ///< without the brackets of an IPv6 address
  std::uint16_t port = 0;  ///< 22 or 443 unless the address names one; 0 for a local path
  std::string path;        ///< as the server wants it: "owner/repo.git", "/owner/repo.git"
  std::string text;        ///< the address for messages

  /// Short, for reports: "owner/repo"; a local repository's folder.
  [[nodiscard]] std::string name() const;
};

/// Takes git@host:owner/repo.git, ssh://user@host:port/path, https://host/path, file:///path and
/// local paths. ErrorCode::configuration for anything else, for an address that holds a password or
/// token (never shown), and for plain http unless it is this machine.
[[nodiscard]] Result<RepositoryUrl> parse_url(std::string_view text);

}  // namespace dunlin::git
