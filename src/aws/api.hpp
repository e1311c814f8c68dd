#pragma once

#include "aws/credential_chain.hpp"
#include "aws/edges.hpp"
#include "aws/endpoint.hpp"
#include "base/result.hpp"

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace dunlin {

/// One call of an operation in AWS's JSON 1.1 protocol.
struct AwsCall {
  AwsService service;
  std::string region;
  std::string target;  ///< "secretsmanager.GetSecretValue"
  std::string body;    ///< JSON; names things, holds no secret
};

/// What the service said instead of an answer.
struct AwsFault {
  int status = 0;
  std::string code;     ///< without its namespace: "ResourceNotFoundException"
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
  /// aws_credentials; so is their absence. No answer at all is secret_unavailable, with the stage
  /// that failed; a wrong region or endpoint is configuration.
  std::vector<Result<AwsReply>> call(std::span<const AwsCall> calls);

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

/// The principal, the action and the resource of an AccessDeniedException, as far as it names them.
struct AccessDenied {
  std::string principal, action, resource;
};
[[nodiscard]] AccessDenied parse_access_denied(std::string_view message);

}  // namespace dunlin
