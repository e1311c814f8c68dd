#include "secrets/rds_tokens.hpp"

#include "aws/credential_chain.hpp"
#include "aws/sigv4.hpp"
#include "base/text.hpp"
#include "http/curl_client.hpp"

#include <charconv>

namespace dunlin {

struct RdsTokens::Session {
  CurlClient http;
  CredentialChain chain;
  Session(const Environment& environment, const Clock& clock, const Interrupt& interrupt,
          Redactor& redactor, const std::string& region)
      : http(environment, interrupt),
        chain({.http = http,
               .environment = environment,
               .clock = clock,
               .interrupt = interrupt,
               .redactor = redactor},
              {.profile = {}, .region = region}) {}
};

RdsTokens::RdsTokens(const Environment& environment, const Clock& clock, const Interrupt& interrupt,
                     Redactor& redactor, std::string region)
    : clock_(clock),
      redactor_(redactor),
      region_(std::move(region)),
      session_(std::make_unique<Session>(environment, clock, interrupt, redactor, region_)) {}
RdsTokens::~RdsTokens() = default;

Result<Secret> RdsTokens::token(const std::string& host, const std::string& port,
                                const std::string& user) {
  const std::string of_host = region_of_host(host);
  const std::string& region = of_host.empty() ? region_ : of_host;
  if (region.empty()) {
    return Error{
        .code = ErrorCode::configuration,
        .message = fmt::format("the AWS region of {} is not known, and awsIamAuth needs it", host),
        .hint = "set REGION or AWS_REGION"};
  }
  int number = 5432;
  std::from_chars(port.data(), port.data() + port.size(), number);
  const auto credentials = DUNLIN_TRY(session_->chain.get());
  Secret token = rds_token(host, number, user, *credentials, region, clock_.now());
  redactor_.learn(token.reveal());
  return token;
}

std::string region_of_host(std::string_view host) {
  const auto names = split(host, '.');
  for (std::size_t i = 1; i + 1 < names.size(); ++i)
    if (names[i] == "rds" && names[i + 1] == "amazonaws") return names[i - 1];
  return {};
}

}  // namespace dunlin
