#pragma once

#include "base/environment.hpp"
#include "base/interrupt.hpp"
#include "http/client.hpp"

#include <memory>
#include <string>

namespace dunlin {

struct HttpOptions {
  std::string ca_bundle;  ///< path of a PEM file; empty: SSL_CERT_FILE, else the system's own
  std::string user_agent = "dunlin";
  /// Requests beyond it wait their turn on a kept-alive connection, or share it where the server
  /// speaks HTTP/2. A handshake costs more CPU than a dozen small requests.
  int connections_per_host = 1;
};

/// HttpClient on libcurl: http and https only. Nothing is set up before the first request, and no
/// certificates are read before the first https one. For one thread at a time.
class CurlClient final : public HttpClient {
 public:
  /// Both references outlive the client. Proxies and SSL_CERT_FILE come from `environment`;
  /// `interrupt` ends a `send` that is under way.
  CurlClient(const Environment& environment, const Interrupt& interrupt, HttpOptions options = {});
  ~CurlClient() override;
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;

  std::vector<Result<HttpResponse>> send(std::span<const HttpRequest> requests) override;

 private:
  struct Engine;
  const Environment& environment_;
  const Interrupt& interrupt_;
  HttpOptions options_;
  std::unique_ptr<Engine> engine_;
};

}  // namespace dunlin
