#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin::ssh {

/// A server's public key as it stands in a known_hosts file.
struct HostKey {
  std::string type;  ///< "ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"
  std::string blob;  ///< the bytes that base64 shows
  friend bool operator==(const HostKey&, const HostKey&) = default;
};

/// "SHA256:+DiY3wvv…": as ssh-keygen -l and the forges print it.
[[nodiscard]] std::string fingerprint(const HostKey& key);
/// "ssh-ed25519 AAAAC3…": what stands in a known_hosts file after the host.
[[nodiscard]] std::string line_of(const HostKey& key);
/// "host", or "[host]:2222" when the port is not 22.
[[nodiscard]] std::string host_and_port(std::string_view host, std::uint16_t port);

/// The host keys that are trusted. Nothing else ever is: there is no trust on first use.
class KnownHosts {
 public:
  /// The published keys of github.com, gitlab.com and bitbucket.org; docs/host-keys.md names source
  /// and date of each.
  [[nodiscard]] static KnownHosts built_in();
  /// Lines of a known_hosts file (man sshd, "SSH_KNOWN_HOSTS FILE FORMAT"): names, [host]:port,
  /// wildcards, `!`, hashed names, @revoked; comments and empty lines. Text pasted into one
  /// variable may have a literal `\n` for each newline. ErrorCode::configuration names the line.
  [[nodiscard]] static Result<KnownHosts> parse(std::string_view text);

  void add(KnownHosts more);
  /// Trusted for this host, in the order of the lines. When the port is not 22 and no line names
  /// it, the lines of the host without a port count, as with OpenSSH.
  [[nodiscard]] std::vector<HostKey> keys_of(std::string_view host, std::uint16_t port) const;
  /// Named by a @revoked line for this host; it is refused wherever else it is trusted.
  [[nodiscard]] bool is_revoked(std::string_view host, std::uint16_t port,
                                const HostKey& key) const;
  /// Is the host trusted by a certificate authority (@cert-authority)? libssh cannot check that;
  /// the message then says so.
  [[nodiscard]] bool has_authority(std::string_view host, std::uint16_t port) const;

 private:
  enum class Mark { none, revoked, authority };
  struct Line {
    Mark mark = Mark::none;
    std::string hosts;  // as written: patterns between commas, or |1|salt|hash
    HostKey key;
  };
  static Result<Line> parse_line(std::string_view text);
  [[nodiscard]] std::vector<HostKey> marked(Mark mark, std::string_view host,
                                            std::uint16_t port) const;
  std::vector<Line> lines_;
};

}  // namespace dunlin::ssh
