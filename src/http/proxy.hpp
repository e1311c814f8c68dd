#pragma once

#include "base/environment.hpp"

#include <string>
#include <string_view>

namespace dunlin {

/// Which proxy the environment names for one scheme.
struct ProxyChoice {
  std::string url;     ///< empty: none; may hold a password, so it is never shown
  std::string except;  ///< hosts to be asked directly, comma-separated, as no_proxy has them
  bool operator==(const ProxyChoice&) const = default;
};

/// Reads https_proxy or http_proxy, then all_proxy, and no_proxy: each in small letters first, then
/// in capitals. HTTP_PROXY is not read under CGI (REQUEST_METHOD is set), where a client could set
/// it by a header.
[[nodiscard]] ProxyChoice proxy_for(std::string_view scheme, const Environment& environment);

}  // namespace dunlin
