#include "aws/sts.hpp"

#include "aws/credential_link.hpp"
#include "aws/endpoint.hpp"
#include "aws/pause.hpp"
#include "aws/query.hpp"
#include "aws/sigv4.hpp"
#include "aws/timestamp.hpp"
#include "aws/xml.hpp"
#include "base/text.hpp"

#include <utility>
#include <vector>

namespace dunlin {
namespace {

constexpr int kAttempts = 3;
constexpr std::chrono::milliseconds kBetween{500};

using Fields = std::vector<std::pair<std::string, std::string_view>>;

/// Fields without a value are left out.
Secret form_of(const Fields& fields) {
  QueryForm form;
  for (const auto& [key, value] : fields) {
    if (!value.empty()) form.add(key, value);
  }
  return form.body();
}

struct Question {
  std::string region;
  const std::string& role_arn;
  Fields fields;
  const AwsCredentials* signer;  ///< null: the question is not signed
};

using Skew = std::chrono::system_clock::duration;

Result<HttpResponse> ask_once(const AwsEdges& edges, const Question& question, Skew skew = {}) {
  const std::string url = DUNLIN_TRY(aws_endpoint(kSts, question.region, edges.environment));
  HttpRequest request{.method = "POST", .url = url + "/", .body = form_of(question.fields)};
  request.headers.push_back(
      {"Content-Type", Secret("application/x-www-form-urlencoded; charset=utf-8")});
  if (question.signer != nullptr) {
    sign(request, *question.signer,
         {.region = question.region, .service = "sts", .at = edges.clock.now() + skew});
  }
  return edges.http.send_one(request);
}

/// What the answer says, or that it says nothing.
struct Answer {
  explicit Answer(const HttpResponse& response) : xml(XmlDocument::parse(response.body.reveal())) {}
  /// The text of the first element of that name; empty when there is none.
  [[nodiscard]] std::string_view operator[](std::string_view name) const {
    return xml ? xml->root().find(name).text() : std::string_view();
  }
  std::optional<XmlDocument> xml;
};

bool is_worth_repeating(const Result<HttpResponse>& response) {
  if (!response) return response.error().code == ErrorCode::source_failed;
  const Answer answer(*response);
  return response->status >= 500 || response->status == 429 || answer["Code"] == "Throttling" ||
         answer["Code"] == "IDPCommunicationError";
}

/// AWS's clock minus ours, when that is why it may have refused a signature.
std::optional<Skew> skew_of(const AwsEdges& edges, const Question& question,
                            const Result<HttpResponse>& response) {
  constexpr auto kTolerated = std::chrono::minutes(4);  // AWS refuses from 5 on
  if (question.signer == nullptr || !response || response->status != 403) return std::nullopt;
  const auto theirs = parse_http_date(response->header("date"));
  if (!theirs || std::chrono::abs(*theirs - edges.clock.now()) < kTolerated) return std::nullopt;
  return *theirs - edges.clock.now();
}

Result<AwsCredentials> ask(const AwsEdges& edges, const Question& question) {
  auto response = ask_once(edges, question);
  for (int attempt = 1; attempt < kAttempts && is_worth_repeating(response); ++attempt) {
    if (!pause(edges.interrupt, kBetween)) break;
    response = ask_once(edges, question);
  }
  if (const auto skew = skew_of(edges, question, response))
    response = ask_once(edges, question, *skew);
  if (!response) {
    Error error = std::move(response).error();
    if (error.code == ErrorCode::source_failed) {
      error.code = ErrorCode::aws_credentials;
      error.message =
          fmt::format("STS cannot be asked for role {}: {}", question.role_arn, error.message);
    }
    return error;
  }
  const Answer answer(*response);
  if (response->status != 200) {
    const std::string code = answer["Code"].empty() ? fmt::format("status {}", response->status)
                                                    : std::string(answer["Code"]);
    return credentials_error(fmt::format("STS gives no credentials for role {}: {} ({})",
                                         question.role_arn, answer["Message"], code),
                             "check the role's trust policy, and that its ARN is right");
  }
  const std::string_view key = answer["AccessKeyId"];
  if (key.empty()) {
    return credentials_error(
        fmt::format("STS answers without credentials for role {}", question.role_arn));
  }
  return AwsCredentials{.access_key = std::string(key),
                        .secret_key = Secret(answer["SecretAccessKey"]),
                        .session_token = Secret(answer["SessionToken"]),
                        .expires = parse_timestamp(answer["Expiration"]),
                        .source = "role " + question.role_arn};
}

std::string_view or_dunlin(const std::string& name) {
  return name.empty() ? std::string_view("dunlin") : std::string_view(name);
}

std::string or_usual(const std::string& region) { return region.empty() ? "us-east-1" : region; }

}  // namespace

Result<AwsCredentials> assume_role_with_web_identity(const AwsEdges& edges,
                                                     const std::string& region,
                                                     const WebIdentity& identity) {
  return ask(edges, {.region = or_usual(region),
                     .role_arn = identity.role_arn,
                     .fields = {{"Action", "AssumeRoleWithWebIdentity"},
                                {"Version", kSts.version},
                                {"RoleArn", identity.role_arn},
                                {"RoleSessionName", or_dunlin(identity.session_name)},
                                {"WebIdentityToken", identity.token.reveal()}},
                     .signer = nullptr});
}

Result<AwsCredentials> assume_role(const AwsEdges& edges, const std::string& region,
                                   const RoleToAssume& role, const AwsCredentials& by) {
  return ask(edges, {.region = or_usual(region),
                     .role_arn = role.role_arn,
                     .fields = {{"Action", "AssumeRole"},
                                {"Version", kSts.version},
                                {"RoleArn", role.role_arn},
                                {"RoleSessionName", or_dunlin(role.session_name)},
                                {"ExternalId", role.external_id},
                                {"DurationSeconds", role.duration_seconds}},
                     .signer = &by});
}

}  // namespace dunlin
