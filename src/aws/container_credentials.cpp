#include "aws/container_credentials.hpp"

#include "aws/pause.hpp"
#include "aws/secret_file.hpp"
#include "base/text.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <cstring>

namespace dunlin {
namespace {

constexpr std::string_view kSource = "the container's credentials endpoint";
constexpr int kAttempts = 3;
constexpr std::chrono::milliseconds kBetween{500};

std::string_view host_of(std::string_view url) {
  std::string_view place = url.substr(url.find("://") + 3);
  place = place.substr(0, place.find_first_of("/?#"));
  if (place.contains('@')) return {};  // "http://127.0.0.1@elsewhere/"
  if (place.starts_with('[')) return place.substr(1, place.find(']') - 1);
  return place.substr(0, place.find(':'));
}

bool is_loopback(std::string_view host) {
  const std::string text(host);
  in_addr four{};
  if (inet_pton(AF_INET, text.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24U) == 127;
  in6_addr six{};
  return inet_pton(AF_INET6, text.c_str(), &six) == 1 &&
         std::memcmp(&six, &in6addr_loopback, sizeof six) == 0;
}

Result<std::string> address(const Environment& environment) {
  if (const auto relative = environment.find("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")) {
    return "http://169.254.170.2" + *relative;
  }
  const auto full = environment.find("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (!full) return std::string{};
  if (!may_ask_for_credentials(*full)) {
    return credentials_error(
        fmt::format("AWS_CONTAINER_CREDENTIALS_FULL_URI names {} over http", host_of(*full)),
        "use https, a loopback address, 169.254.170.2, 169.254.170.23 or [fd00:ec2::23]");
  }
  return *full;
}

/// Empty when the endpoint wants none.
Result<Secret> token(const Environment& environment) {
  const auto path = environment.find("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  if (!path) return Secret(environment.find("AWS_CONTAINER_AUTHORIZATION_TOKEN").value_or(""));
  const auto text = read_secret_file(*path);
  if (text) return Secret(trim(text->reveal()));
  return credentials_error(fmt::format(
      "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE {} cannot be read: {}", *path, text.error().message));
}

Result<AwsCredentials> ask(const AwsEdges& edges, const HttpRequest& request) {
  auto response = DUNLIN_TRY(edges.http.send_one(request));
  if (response.status == 200) {
    return parse_credentials(response.body.reveal(), std::string(kSource));
  }
  return credentials_error(fmt::format("{} answers with status {}", kSource, response.status),
                           "check that the task has a task role (not only an execution role)");
}

}  // namespace

bool may_ask_for_credentials(std::string_view url) {
  constexpr std::array<std::string_view, 4> kKnown = {"localhost", "169.254.170.2",
                                                      "169.254.170.23", "fd00:ec2::23"};
  if (url.starts_with("https://")) return true;
  if (!url.starts_with("http://")) return false;
  const std::string_view host = host_of(url);
  return is_loopback(host) || std::ranges::find(kKnown, host) != kKnown.end();
}

Result<Link> container_credentials(const AwsEdges& edges) {
  const std::string url = DUNLIN_TRY(address(edges.environment));
  if (url.empty()) {
    return skip(
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and AWS_CONTAINER_CREDENTIALS_FULL_URI are not "
        "set");
  }
  HttpRequest request{.url = url,
                      .connect_timeout = std::chrono::seconds(2),
                      .timeout = std::chrono::seconds(5),
                      .proxy = Proxy::never};
  request.headers.push_back({"Accept", Secret("application/json")});
  Secret secret = DUNLIN_TRY(token(edges.environment));
  if (!secret.empty()) request.headers.push_back({"Authorization", std::move(secret)});

  Result<AwsCredentials> answer = ask(edges, request);
  for (int attempt = 1; attempt < kAttempts && !answer; ++attempt) {
    if (!pause(edges.interrupt, kBetween)) break;
    answer = ask(edges, request);
  }
  if (answer) return Link{.found = std::move(*answer), .skipped = {}};
  Error error = std::move(answer).error();
  if (error.code == ErrorCode::source_failed) {
    error.message = fmt::format("{} cannot be asked: {}", kSource, error.message);
    error.code = ErrorCode::aws_credentials;
  }
  return error;
}

}  // namespace dunlin
