#pragma once

#include "aws/api.hpp"
#include "base/clock.hpp"
#include "base/environment.hpp"
#include "base/interrupt.hpp"
#include "base/redactor.hpp"
#include "config/configuration.hpp"
#include "http/curl_client.hpp"
#include "secrets/resolver.hpp"

#include <memory>

namespace dunlin {

/// Where ${secret:...} looks when secrets.provider is not set.
enum class DefaultProvider { none, aws };

/// The stores that a configuration asks for, and a resolver over them.
class References {
 public:
  References(const Configuration& configuration, DefaultProvider fallback,
             const Environment& environment, Redactor& redactor, Interrupt& interrupt,
             const Clock& clock);
  ~References();
  [[nodiscard]] Resolver& resolver() noexcept { return *resolver_; }
  [[nodiscard]] HttpClient& http() noexcept;
  [[nodiscard]] AwsApi& aws() noexcept;

 private:
  struct Stores;
  std::unique_ptr<Stores> stores_;
  std::unique_ptr<Resolver> resolver_;
};

}  // namespace dunlin
