#pragma once

#include "aws/api.hpp"
#include "http/curl_client.hpp"
#include "support/moto.hpp"

#include <gtest/gtest.h>

#include <string>

namespace dunlin::test {

/// A session with moto, of which there is one for all tests.
class MotoTest : public testing::Test {
 protected:
  void SetUp() override {
    if (Moto::shared() == nullptr) GTEST_FAIL();
    environment = Moto::shared()->environment();
  }
  /// Calls something that has to succeed.
  void ask(const AwsService& service, const char* operation, const std::string& body) {
    const AwsCall call{
        .service = service, .region = "us-west-2", .operation = operation, .body = Secret(body)};
    const auto replies = api.call({&call, 1});
    ASSERT_TRUE(replies[0]) << replies[0].error().message;
    ASSERT_FALSE(replies[0]->fault) << replies[0]->fault->message;
  }

  Environment environment;
  Interrupt interrupt;
  SystemClock clock;
  Redactor redactor;
  CurlClient http{environment, interrupt};
  AwsEdges edges{http, environment, clock, interrupt, redactor};
  CredentialChain chain{edges};
  AwsApi api{edges, chain};
};

}  // namespace dunlin::test
