#include "ssh/trust.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace dunlin::ssh {
namespace {

Error refuse(std::string message, std::string hint) {
  return {.code = ErrorCode::host_key, .message = std::move(message), .hint = std::move(hint)};
}

std::string shown_as(const HostKey& key) { return key.type + " " + fingerprint(key); }

std::string fingerprints_of(const std::vector<HostKey>& keys) {
  std::vector<std::string> texts(keys.size());
  std::ranges::transform(keys, texts.begin(), shown_as);
  return join(texts, ", ");
}

Error unknown(const std::string& place, bool has_authority, const HostKey& shown) {
  return refuse(
      fmt::format("the host key of {} is not known: it shows {}{}", place, shown_as(shown),
                  has_authority
                      ? "; a @cert-authority line names it, but certificates of hosts are "
                        "not supported"
                      : ""),
      fmt::format("compare it with the one the host's owner publishes; if it is the same, add this "
                  "line to KNOWN_HOSTS: {} {}",
                  place, line_of(shown)));
}

}  // namespace

Result<void> check_host_key(const KnownHosts& known, std::string_view host, std::uint16_t port,
                            const HostKey& shown) {
  const auto place = host_and_port(host, port);
  const auto trusted = known.keys_of(host, port);
  if (known.is_revoked(host, port, shown)) {
    return refuse(fmt::format("the host key of {} is revoked: {}", place, shown_as(shown)),
                  "do not connect; ask the host's owner");
  }
  if (trusted.empty()) return unknown(place, known.has_authority(host, port), shown);
  if (std::ranges::find(trusted, shown) != trusted.end()) return {};
  return refuse(
      fmt::format("the host key of {} is not the one that is trusted: it shows {}, trusted is {}",
                  place, shown_as(shown), fingerprints_of(trusted)),
      "somebody may be listening in; only if the host's owner has published the new key, put it "
      "into KNOWN_HOSTS");
}

}  // namespace dunlin::ssh
