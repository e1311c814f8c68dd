#pragma once

#include "base/result.hpp"
#include "base/secret.hpp"

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace dunlin {

struct HttpHeader {
  std::string name;
  Secret value;  ///< Authorization and tokens travel here, so every value is kept as a secret
};

enum class Proxy {
  by_environment,  ///< https_proxy, http_proxy, all_proxy, no_proxy; in capitals too
  never,           ///< link-local services, such as those that hand out AWS credentials
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;  ///< http or https; holds no credentials
  std::vector<HttpHeader> headers;
  Secret body;
  std::chrono::milliseconds connect_timeout{5000};
  std::chrono::milliseconds timeout{30000};  ///< for the whole exchange
  std::size_t largest_body = 64UL << 20U;    ///< bytes; a longer answer is an error
  Proxy proxy = Proxy::by_environment;
};

struct HttpResponse {
  int status = 0;                                            ///< 200, 404, ...
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
  Secret body;
  /// Empty when there is no such header. `name` in lower case.
  [[nodiscard]] std::string_view header(std::string_view name) const noexcept;
};

/// Sends HTTP requests. libcurl stands behind it; tests hand in a fake.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  /// Sends all at once, over kept-alive connections, and returns the answers in the same order.
  /// Any status is an answer; an Error means that there was none (DNS, TCP, TLS, time-out). It
  /// carries ErrorCode::source_failed, or interrupted; callers put their own code in place of the
  /// first. Redirects are answers like any other: they are not followed.
  virtual std::vector<Result<HttpResponse>> send(std::span<const HttpRequest> requests) = 0;
  /// One request.
  Result<HttpResponse> send_one(const HttpRequest& request);
};

}  // namespace dunlin
