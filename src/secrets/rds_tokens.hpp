#pragma once

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "base/interrupt.hpp"
#include "base/redactor.hpp"
#include "base/result.hpp"

#include <memory>
#include <string>

namespace dunlin {

/// Passwords of database users who log in by IAM: presigned anew at each call, by computation
/// alone once there are credentials. Has its own connections and credentials, so that it may live
/// on another thread than the secrets; for one thread at a time.
class RdsTokens {
 public:
  /// All references outlive it. @param region  empty: the one in the host's name
  RdsTokens(const Environment& environment, const Clock& clock, const Interrupt& interrupt,
            Redactor& redactor, std::string region);
  ~RdsTokens();
  RdsTokens(const RdsTokens&) = delete;
  RdsTokens& operator=(const RdsTokens&) = delete;

  /// Learned by the redactor. Errors: configuration when no region is known; aws_credentials.
  Result<Secret> token(const std::string& host, const std::string& port, const std::string& user);

 private:
  struct Session;
  const Clock& clock_;
  Redactor& redactor_;
  std::string region_;
  std::unique_ptr<Session> session_;
};

/// "us-west-2" of "db.cluster-x.us-west-2.rds.amazonaws.com"; empty for any other name.
[[nodiscard]] std::string region_of_host(std::string_view host);

}  // namespace dunlin
