// All calls are sent, the replies are judged one by one, and those worth repeating are sent again
// together after one wait. The lists of codes are those of the SDKs (botocore/retries/standard.py,
// AWS SDKs and Tools Reference Guide, "Retry behavior").
#include "aws/api.hpp"

#include "aws/pause.hpp"
#include "aws/sigv4.hpp"
#include "aws/timestamp.hpp"
#include "base/join_secrets.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace dunlin {
namespace {

using Codes = std::span<const std::string_view>;

constexpr std::array<std::string_view, 14> kThrottling = {
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottledException",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "TransactionInProgressException",
    "RequestLimitExceeded",
    "BandwidthLimitExceeded",
    "LimitExceededException",
    "RequestThrottled",
    "SlowDown",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
};
constexpr std::array<std::string_view, 4> kTransient = {
    "RequestTimeout", "RequestTimeoutException", "InternalServiceError", "InternalServerError"};
constexpr std::array<std::string_view, 7> kSkewed = {
    "RequestTimeTooSkewed",  "RequestExpired", "InvalidSignatureException",
    "SignatureDoesNotMatch", "AuthFailure",    "RequestInTheFuture",
    "IncompleteSignature"};
constexpr std::array<std::string_view, 2> kExpired = {"ExpiredToken", "ExpiredTokenException"};
constexpr std::array<std::string_view, 12> kAboutCredentials = {
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "ExpiredToken",
    "ExpiredTokenException",
    "AuthFailure",
    "OptInRequired",
};
constexpr std::string_view kJsonType = "application/x-amz-json-1.1";
constexpr std::string_view kFormType = "application/x-www-form-urlencoded; charset=utf-8";
constexpr auto kTolerated = std::chrono::minutes(4);  // AWS refuses from 5 on

bool holds(Codes codes, std::string_view code) {
  return std::ranges::find(codes, code) != codes.end();
}

/// The first line, cut: a refused signature is explained by the whole request, tokens included.
std::string one_line(std::string_view text) {
  const std::string_view line = trim(text.substr(0, text.find_first_of("\r\n")));
  return std::string(line.substr(0, 400));
}

/// "com.amazonaws.secretsmanager#ResourceNotFoundException:http://..." has its code in the middle.
std::string bare_code(std::string_view text) {
  text = text.substr(0, text.find(':'));
  const auto hash = text.rfind('#');
  return std::string(hash == std::string_view::npos ? text : text.substr(hash + 1));
}

/// What is sent.
Secret body_of(const AwsCall& call) {
  if (!call.service.json.empty()) return call.body.duplicate();
  std::vector<Secret> form;
  form.emplace_back(fmt::format("Action={}&Version={}", call.operation, call.service.version));
  if (!call.body.empty()) form.emplace_back("&");
  form.push_back(call.body.duplicate());
  return joined(form);
}

AwsFault fault_of(const HttpResponse& response) {
  AwsFault fault{.status = response.status,
                 .code = bare_code(response.header("x-amzn-errortype")),
                 .message = {}};
  const auto document = JsonDocument::parse(response.body.reveal());
  if (document) {
    const JsonNode root = document->root();
    if (fault.code.empty()) fault.code = bare_code(root["__type"].text());
    if (fault.code.empty()) fault.code = bare_code(root["code"].text());
    fault.message = one_line(root["message"].text());
    if (fault.message.empty()) fault.message = one_line(root["Message"].text());
  }
  // <ErrorResponse><Error>, and EC2's <Response><Errors><Error>. Some answer in XML whatever the
  // protocol: emulators, and front ends of AWS.
  if (const auto xml = XmlDocument::parse(response.body.reveal())) {
    if (fault.code.empty()) fault.code = xml->root().find("Code").text();
    if (fault.message.empty()) fault.message = one_line(xml->root().find("Message").text());
  }
  if (fault.code.empty()) fault.code = fmt::format("status {}", response.status);
  return fault;
}

Error refused(const AwsFault& fault, const AwsCredentials& credentials) {
  const bool expired = holds(kExpired, fault.code);
  return Error{.code = ErrorCode::aws_credentials,
               .message = fmt::format("AWS refuses the credentials of {}: {} ({})",
                                      credentials.source, fault.message, fault.code),
               .hint = expired ? "they are temporary and have run out: get new ones"
                               : "check the key, and AWS_SESSION_TOKEN if they are temporary"};
}

Error unreadable(const AwsCall& call, std::string_view failing, std::string_view format) {
  return Error{.code = ErrorCode::aws_failed,
               .message = fmt::format("{}: {} answers {} with what is no {}", failing,
                                      call.service.shown, call.operation, format)};
}

int attempts_of(const Environment& environment, int otherwise) {
  const auto text = environment.find("AWS_MAX_ATTEMPTS");
  if (!text) return otherwise;
  int number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  return error == std::errc{} && number > 0 ? number : otherwise;
}

}  // namespace

struct AwsApi::Attempt {
  const AwsCall* call = nullptr;
  std::optional<Result<AwsReply>> outcome;
  Verdict verdict = Verdict::final;
};

AwsApi::AwsApi(AwsEdges edges, CredentialChain& chain, RetryPolicy policy)
    : edges_(edges), chain_(chain), policy_(policy) {
  policy_.attempts = attempts_of(edges.environment, policy.attempts);
}

Result<HttpRequest> AwsApi::request_for(const AwsCall& call) {
  const std::string url = DUNLIN_TRY(aws_endpoint(call.service, call.region, edges_.environment));
  const auto credentials = DUNLIN_TRY(chain_.get());
  HttpRequest request{.method = "POST", .url = url + "/", .body = body_of(call)};
  const bool is_json = !call.service.json.empty();
  request.headers.push_back({"Content-Type", Secret(is_json ? kJsonType : kFormType)});
  if (is_json) {
    const std::string target = fmt::format("{}.{}", call.service.json, call.operation);
    request.headers.push_back({"X-Amz-Target", Secret(target)});
  }
  sign(request, *credentials,
       {.region = call.region,
        .service = std::string(call.service.name),
        .at = edges_.clock.now() + skew_});
  return request;
}

AwsApi::Verdict AwsApi::judge(const AwsFault& fault, const HttpResponse& response,
                              std::chrono::system_clock::duration signed_with) {
  if (holds(kThrottling, fault.code) || fault.status == 429) return Verdict::again_slowly;
  if (fault.status >= 500 || holds(kTransient, fault.code)) return Verdict::again;
  if (holds(kExpired, fault.code)) {
    chain_.forget();
    return Verdict::again_now;
  }
  if (!holds(kSkewed, fault.code)) return Verdict::final;
  const auto theirs = parse_http_date(response.header("date"));
  if (!theirs) return Verdict::final;
  const auto ours = edges_.clock.now();
  if (std::chrono::abs(*theirs - (ours + signed_with)) < kTolerated) return Verdict::final;
  skew_ = *theirs - ours;
  return Verdict::again_now;
}

void AwsApi::send(std::vector<Attempt*>& pending) {
  std::vector<HttpRequest> requests;
  std::vector<Attempt*> sent;
  for (Attempt* attempt : pending) {
    attempt->verdict = Verdict::final;
    if (auto request = request_for(*attempt->call)) {
      requests.push_back(std::move(*request));
      sent.push_back(attempt);
    } else {
      attempt->outcome = std::move(request).error();
    }
  }
  const auto signed_with = skew_;
  auto responses = edges_.http.send(requests);
  for (std::size_t i = 0; i < sent.size(); ++i) {
    Attempt& attempt = *sent[i];
    if (!responses[i]) {
      Error error = std::move(responses[i]).error();
      const bool stopped = error.code == ErrorCode::interrupted;
      if (!stopped) error.code = ErrorCode::aws_failed;
      attempt.verdict = stopped ? Verdict::final : Verdict::again;
      attempt.outcome = std::move(error);
    } else if (responses[i]->status == 200) {
      attempt.outcome = AwsReply{.body = std::move(responses[i]->body), .fault = {}};
    } else {
      AwsFault fault = fault_of(*responses[i]);
      attempt.verdict = judge(fault, *responses[i], signed_with);
      attempt.outcome = AwsReply{.body = Secret(), .fault = std::move(fault)};
    }
  }
}

std::chrono::milliseconds AwsApi::wait_before(int attempt,
                                              const std::vector<Attempt*>& pending) const {
  const auto has = [&](Verdict verdict) {
    return std::ranges::any_of(pending, [&](const Attempt* a) { return a->verdict == verdict; });
  };
  const auto first = has(Verdict::again_slowly) ? policy_.first_after_throttling
                     : has(Verdict::again)      ? policy_.first
                                                : std::chrono::milliseconds(0);
  return random_wait(attempt, first, policy_.longest);
}

Result<AwsReply> AwsApi::settle(Result<AwsReply> outcome) {
  const bool about_credentials =
      outcome && outcome->fault && holds(kAboutCredentials, outcome->fault->code);
  if (!about_credentials) return outcome;
  const auto credentials = DUNLIN_TRY(chain_.get());
  return refused(*outcome->fault, *credentials);
}

std::vector<Result<AwsReply>> AwsApi::call(std::span<const AwsCall> calls) {
  std::vector<Attempt> all(calls.size());
  std::vector<Attempt*> pending(calls.size());
  for (std::size_t i = 0; i < calls.size(); ++i) {
    all[i].call = &calls[i];
    pending[i] = &all[i];
  }
  for (int attempt = 1; !pending.empty(); ++attempt) {
    send(pending);
    std::erase_if(pending, [](const Attempt* each) { return each->verdict == Verdict::final; });
    if (pending.empty() || attempt >= policy_.attempts) break;
    if (!pause(edges_.interrupt, wait_before(attempt, pending))) break;
  }
  std::vector<Result<AwsReply>> replies;
  replies.reserve(all.size());
  for (Attempt& each : all) replies.push_back(settle(std::move(*each.outcome)));
  return replies;
}

Result<Secret> AwsApi::ask(const AwsCall& call, std::string_view failing) {
  auto replies = this->call({&call, 1});
  auto& reply = replies.front();
  if (!reply) {
    Error error = std::move(reply).error();
    if (error.code == ErrorCode::aws_failed) {
      error.message = fmt::format("{}: {}", failing, error.message);
    }
    return error;
  }
  if (reply->fault) return aws_error(call, *reply->fault, failing);
  return std::move(reply->body);
}

Result<JsonDocument> AwsApi::ask_json(const AwsCall& call, std::string_view failing) {
  const Secret body = DUNLIN_TRY(ask(call, failing));
  auto document = JsonDocument::parse(body.reveal());
  if (!document) return unreadable(call, failing, "JSON");
  return std::move(*document);
}

Result<XmlDocument> AwsApi::ask_xml(const AwsCall& call, std::string_view failing) {
  const Secret body = DUNLIN_TRY(ask(call, failing));
  auto document = XmlDocument::parse(body.reveal());
  if (!document) return unreadable(call, failing, "XML");
  return std::move(*document);
}

}  // namespace dunlin
