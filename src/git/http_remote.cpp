#include "base/digest.hpp"
#include "base/text.hpp"
#include "git/limits.hpp"
#include "git/remote.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <utility>

namespace dunlin::git {
namespace {

// The body of an answer.
class BodyStream final : public ByteStream {
 public:
  explicit BodyStream(Secret body) : body_(std::move(body)) {}
  Result<std::size_t> read(std::span<char> buffer) override {
    const auto left = body_.reveal().substr(at_);
    const auto count = std::min(left.size(), buffer.size());
    std::ranges::copy(left.substr(0, count), buffer.begin());
    at_ += count;
    return count;
  }
  Result<void> write(std::string_view) override {
    return Error{.code = ErrorCode::internal, .message = "an HTTP answer cannot be written to"};
  }

 private:
  Secret body_;
  std::size_t at_ = 0;
};

class HttpRemote final : public Remote {
 public:
  HttpRemote(HttpClient& client, RepositoryUrl url, const Secret& token)
      : client_(client), url_(std::move(url)), token_(trim(token.reveal())) {}

  Result<void> start(Protocol protocol) override {
    protocol_ = protocol;
    auto response =
        DUNLIN_TRY(send(request_to("/info/refs?service=git-upload-pack", Limits().refs)));
    DUNLIN_TRY(check(response, "application/x-git-upload-pack-advertisement"));
    answer_.emplace(std::move(response.body));
    return {};
  }

  Result<void> ask(std::string_view request, std::size_t most) override {
    auto post = request_to("/git-upload-pack", most);
    post.method = "POST";
    post.headers.push_back(
        {.name = "Content-Type", .value = Secret("application/x-git-upload-pack-request")});
    post.body = Secret(request);
    auto response = send(std::move(post));
    if (!response && response.error().message.contains("sends more than")) {
      return Error{.code = ErrorCode::source_failed,
                   .message = fmt::format("the Git server sends {}", kBeyond)};
    }
    if (!response) return std::move(response).error();
    DUNLIN_TRY(check(*response, "application/x-git-upload-pack-result"));
    answer_.emplace(std::move(response->body));
    return {};
  }

  ByteStream& answer() override { return *answer_; }
  [[nodiscard]] bool is_http() const override { return true; }

 private:
  [[nodiscard]] HttpRequest request_to(std::string_view suffix, std::size_t most) const {
    // Built from the parts, so that a user name in the address does not travel in it.
    const bool plain = url_.text.starts_with("http:");
    const auto host = url_.host.contains(':') ? "[" + url_.host + "]" : url_.host;
    HttpRequest request{.url = fmt::format("{}://{}:{}{}{}", plain ? "http" : "https", host,
                                           url_.port, url_.path, suffix),
                        .timeout = std::chrono::minutes(5),
                        .largest_body = most};
    if (protocol_ == Protocol::v2)
      request.headers.push_back({.name = "Git-Protocol", .value = Secret("version=2")});
    request.headers.push_back({.name = "User-Agent", .value = Secret("git/2 (dunlin)")});
    if (!token_.empty()) {
      const auto user = url_.user.empty() ? "x-access-token" : url_.user;
      request.headers.push_back(
          {.name = "Authorization",
           .value = Secret("Basic " + base64(user + ":" + std::string(token_.reveal())))});
    }
    return request;
  }

  Result<HttpResponse> send(HttpRequest request) {
    auto answers = client_.send({&request, 1});
    if (answers.size() == 1) return std::move(answers.front());
    return Error{.code = ErrorCode::internal, .message = "the HTTP client gave no answer"};
  }

  // What an answer means that is not the one hoped for; nothing if it is.
  [[nodiscard]] std::optional<std::pair<std::string, std::string>> problem_with(
      const HttpResponse& response, std::string_view content_type) const {
    const auto status = response.status;
    if (is_refusal(status) && token_.empty()) {
      return {{"the server asks for a token",
               "name the secret that holds it in REPOSITORY_TOKEN_SECRET, or refer to it in "
               "REPOSITORY_TOKEN"}};
    }
    if (is_refusal(status))
      return {{"the server refused the token", "check that it may read this repository"}};
    if (status == 404) {
      return {{"there is no such repository, or the token may not see it",
               "check owner and path, and what the token is for"}};
    }
    if (status >= 300 && status < 400) {
      return {{fmt::format("the repository has moved to {}", response.header("location")),
               "write the new address into REPOSITORY_URL"}};
    }
    if (status != 200)
      return {{fmt::format("the server answered with HTTP status {}", status), "try again later"}};
    if (response.header("content-type") != content_type) {
      return {{"this is no Git repository: the server answered with something else",
               "check the address"}};
    }
    return std::nullopt;
  }

  static bool is_refusal(int status) { return status == 401 || status == 403; }

  [[nodiscard]] Result<void> check(const HttpResponse& response,
                                   std::string_view content_type) const {
    auto problem = problem_with(response, content_type);
    if (!problem) return {};
    return Error{
        .code = is_refusal(response.status) ? ErrorCode::deploy_key : ErrorCode::source_failed,
        .message = fmt::format("{}: {}", url_.text, problem->first),
        .hint = std::move(problem->second)};
  }

  HttpClient& client_;
  RepositoryUrl url_;
  Secret token_;
  Protocol protocol_ = Protocol::v0;
  std::optional<BodyStream> answer_;
};

}  // namespace

std::unique_ptr<Remote> http_remote(HttpClient& client, const RepositoryUrl& url, Secret token) {
  return std::make_unique<HttpRemote>(client, url, token);
}

}  // namespace dunlin::git
