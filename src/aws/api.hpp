#pragma once

#include "aws/credential_chain.hpp"
#include "aws/edges.hpp"
#include "aws/endpoint.hpp"
#include "aws/json.hpp"
#include "aws/xml.hpp"
#include "base/result.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dunlin {

/// One call of an operation, in the protocol that the service speaks.
struct AwsCall {
  AwsService service;
  std::string region;
  std::string operation;  ///< "GetSecretValue"
  /// JSON, or what QueryForm gives; the latter without Action and Version, which are added. Wiped,
  /// so it may hold a secret: json_quoted(const Secret&) and joined() put such JSON together.
  Secret body;
};

/// What the service said instead of an answer.
struct AwsFault {
  int status = 0;
  std::string code;     ///< without its namespace: "ResourceNotFoundException", "Throttling"
  std::string message;  ///< one line, at most 400 bytes; may be empty
};

/// Exactly one of the two counts.
struct AwsReply {
  Secret body;
  std::optional<AwsFault> fault;
};

/// How often and how patiently a call is repeated; the figures are the SDKs' ("standard" mode).
/// Each wait is a random part of first * 2^n, at most `longest`.
struct RetryPolicy {
  int attempts = 3;  ///< the first included; AWS_MAX_ATTEMPTS wins
  std::chrono::milliseconds first_after_throttling{1000};
  std::chrono::milliseconds first{50};
  std::chrono::milliseconds longest{20000};
};

/// Calls operations of AWS: signs, sends all at once, repeats what is worth repeating, and corrects
/// for a wrong clock of this machine. For one thread at a time.
class AwsApi {
 public:
  /// `chain` outlives the object.
  AwsApi(AwsEdges edges, CredentialChain& chain, RetryPolicy policy = {});
  /// The replies in the order of the calls. A fault that is about the credentials is an Error with
  /// aws_credentials; so is their absence. No answer at all is aws_failed, with the stage that
  /// failed; a wrong region or endpoint is configuration.
  std::vector<Result<AwsReply>> call(std::span<const AwsCall> calls);
  /// The body of one reply; a fault is aws_error(). `failing` begins the messages and says what
  /// then did not happen: "stack dunlin cannot be read".
  Result<Secret> ask(const AwsCall& call, std::string_view failing);
  /// As ask(), the body read as JSON or XML; aws_failed if it is not.
  Result<JsonDocument> ask_json(const AwsCall& call, std::string_view failing);
  Result<XmlDocument> ask_xml(const AwsCall& call, std::string_view failing);

 private:
  enum class Verdict { final, again, again_slowly, again_now };
  struct Attempt;
  Result<HttpRequest> request_for(const AwsCall& call);
  void send(std::vector<Attempt*>& pending);
  Verdict judge(const AwsFault& fault, const HttpResponse& response,
                std::chrono::system_clock::duration signed_with);
  [[nodiscard]] std::chrono::milliseconds wait_before(int attempt,
                                                      const std::vector<Attempt*>& pending) const;
  Result<AwsReply> settle(Result<AwsReply> outcome);
  AwsEdges edges_;
  CredentialChain& chain_;
  RetryPolicy policy_;
  std::chrono::system_clock::duration skew_{};  ///< AWS's clock minus ours, once known to matter
};

/// The Error that a fault means, with aws_failed: `failing`, then AWS's words; a missing permission
/// is told as who lacks which action on which resource. For a fault that means something else to
/// the caller, such as that a thing does not exist, look at its code first.
[[nodiscard]] Error aws_error(const AwsCall& call, const AwsFault& fault, std::string_view failing);

/// Whether a fault says that a permission is missing.
[[nodiscard]] bool is_access_denied(const AwsFault& fault) noexcept;

/// The principal, the action and the resource of an AccessDeniedException, as far as it names them.
struct AccessDenied {
  std::string principal, action, resource;
};
[[nodiscard]] AccessDenied parse_access_denied(std::string_view message);

}  // namespace dunlin
