#pragma once

#include "base/clock.hpp"
#include "base/environment.hpp"
#include "base/interrupt.hpp"
#include "base/redactor.hpp"
#include "http/client.hpp"

namespace dunlin {

/// Everything outside this program that the rooms talking to AWS touch. All of it outlives them.
struct AwsEdges {
  HttpClient& http;
  const Environment& environment;
  const Clock& clock;
  const Interrupt& interrupt;
  Redactor& redactor;  ///< learns the secret parts of credentials as they are found
};

}  // namespace dunlin
