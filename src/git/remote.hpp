#pragma once

#include "base/byte_stream.hpp"
#include "base/interrupt.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "git/url.hpp"
#include "http/client.hpp"
#include "ssh/session.hpp"

#include <cstddef>
#include <memory>
#include <string_view>

namespace dunlin::git {

/// Which protocol to ask the server for; it may answer with the older one.
enum class Protocol { v0, v2 };

/// A conversation with `git upload-pack`, however it is carried.
class Remote {
 public:
  virtual ~Remote() = default;
  /// Begins; what can then be read is the server's advertisement.
  virtual Result<void> start(Protocol protocol) = 0;
  /// Sends a request; what can then be read is its answer. An answer of more than `most` bytes may
  /// be an error that ends with kBeyond.
  virtual Result<void> ask(std::string_view request, std::size_t most) = 0;
  /// What the server says; valid until the next start or ask.
  [[nodiscard]] virtual ByteStream& answer() = 0;
  /// Over HTTP a service line precedes the advertisement.
  [[nodiscard]] virtual bool is_http() const { return false; }
};

/// The same server process to the end, over SSH. `options` say host, port, user, key and pins.
[[nodiscard]] std::unique_ptr<Remote> ssh_remote(ssh::SessionOptions options,
                                                 const RepositoryUrl& url);

/// `git upload-pack` as a child process on a repository of this machine; needs the program git.
[[nodiscard]] std::unique_ptr<Remote> local_remote(const RepositoryUrl& url,
                                                   const Interrupt* interrupt);

/// Smart HTTP: each request stands alone. The token goes as the password of Basic authentication,
/// which GitHub, GitLab and Bitbucket take, and never over plain http to another machine.
[[nodiscard]] std::unique_ptr<Remote> http_remote(HttpClient& client, const RepositoryUrl& url,
                                                  Secret token);

}  // namespace dunlin::git
