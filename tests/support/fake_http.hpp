#pragma once

#include "http/client.hpp"

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace dunlin::test {

/// What a request was, for tests to look at.
struct Sent {
  std::string method, url, body;
  Proxy proxy;
  std::vector<std::pair<std::string, std::string>> headers;
  /// Empty when there is no such header.
  [[nodiscard]] std::string header(const std::string& name) const {
    for (const auto& [key, value] : headers) {
      if (key == name) return value;
    }
    return {};
  }
};

/// An HttpClient that answers by a function and keeps what was sent.
class FakeHttp final : public HttpClient {
 public:
  using Answer = std::function<Result<HttpResponse>(const Sent&)>;
  explicit FakeHttp(Answer answer) : answer_(std::move(answer)) {}
  std::vector<Result<HttpResponse>> send(std::span<const HttpRequest> requests) override {
    std::vector<Result<HttpResponse>> answers;
    for (const HttpRequest& request : requests) {
      Sent each{request.method, request.url, std::string(request.body.reveal()), request.proxy, {}};
      for (const HttpHeader& header : request.headers) {
        each.headers.emplace_back(header.name, std::string(header.value.reveal()));
      }
      sent.push_back(each);
      answers.push_back(answer_(each));
    }
    return answers;
  }
  std::vector<Sent> sent;

 private:
  Answer answer_;
};

inline HttpResponse answer(int status, std::string_view body,
                           std::vector<std::pair<std::string, std::string>> headers = {}) {
  return {.status = status, .headers = std::move(headers), .body = Secret(body)};
}

inline Error no_answer(std::string message) {
  return {.code = ErrorCode::source_failed, .message = std::move(message)};
}

}  // namespace dunlin::test
