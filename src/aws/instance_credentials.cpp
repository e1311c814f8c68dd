#include "aws/instance_credentials.hpp"

#include "base/text.hpp"

#include <charconv>

namespace dunlin {
namespace {

constexpr std::string_view kRoles = "/latest/meta-data/iam/security-credentials/";
constexpr std::string_view kSource = "the instance's metadata service";

std::string base_url(const Environment& environment) {
  if (auto url = environment.find("AWS_EC2_METADATA_SERVICE_ENDPOINT")) {
    while (url->ends_with('/')) url->pop_back();
    return *url;
  }
  const auto mode = environment.find("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE").value_or("");
  return equals_ignoring_case(mode, "IPv6") ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
}

std::chrono::milliseconds patience(const Environment& environment) {
  const std::string text = environment.find("AWS_METADATA_SERVICE_TIMEOUT").value_or("1");
  int seconds = 1;
  std::from_chars(text.data(), text.data() + text.size(), seconds);
  return std::chrono::seconds(seconds > 0 ? seconds : 1);
}

HttpRequest request_for(const Environment& environment, const char* method, std::string url) {
  const auto time = patience(environment);
  return HttpRequest{.method = method,
                     .url = std::move(url),
                     .connect_timeout = time,
                     .timeout = time,
                     .proxy = Proxy::never};
}

Result<HttpResponse> get(const AwsEdges& edges, const std::string& url, const Secret& token) {
  HttpRequest request = request_for(edges.environment, "GET", url);
  request.headers.push_back({"X-aws-ec2-metadata-token", token.duplicate()});
  auto response = edges.http.send_one(request);
  if (response || response.error().code == ErrorCode::interrupted) return response;
  return credentials_error(
      fmt::format("{} cannot be asked: {}", kSource, response.error().message));
}

}  // namespace

Result<Link> instance_credentials(const AwsEdges& edges) {
  const auto disabled = edges.environment.find("AWS_EC2_METADATA_DISABLED");
  if (disabled && equals_ignoring_case(*disabled, "true")) {
    return skip("AWS_EC2_METADATA_DISABLED is set");
  }
  const std::string base = base_url(edges.environment);
  HttpRequest request = request_for(edges.environment, "PUT", base + "/latest/api/token");
  request.headers.push_back({"X-aws-ec2-metadata-token-ttl-seconds", Secret("21600")});
  const auto token = edges.http.send_one(request);
  if (!token && token.error().code == ErrorCode::interrupted) return token.error();
  if (!token || token->status != 200) {
    return skip(fmt::format("no instance metadata at {}", base.substr(base.find("://") + 3)));
  }

  const auto roles = DUNLIN_TRY(get(edges, base + std::string(kRoles), token->body));
  if (roles.status == 404) return skip("the instance has no role");
  const std::string_view list = trim(roles.body.reveal());
  const std::string role(trim(list.substr(0, list.find('\n'))));
  if (roles.status != 200 || role.empty()) {
    return credentials_error(
        fmt::format("{} answers with status {} for its roles", kSource, roles.status));
  }
  const auto answer = DUNLIN_TRY(get(edges, base + std::string(kRoles) + role, token->body));
  if (answer.status != 200) {
    return credentials_error(
        fmt::format("{} answers with status {} for role {}", kSource, answer.status, role));
  }
  return Link{.found = DUNLIN_TRY(parse_credentials(answer.body.reveal(), std::string(kSource))),
              .skipped = {}};
}

}  // namespace dunlin
