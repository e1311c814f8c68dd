#pragma once

#include "aws/edges.hpp"
#include "support/fake_http.hpp"
#include "support/standing_clock.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>

namespace dunlin::test {

/// The edges of a link of the credential chain, with answers by "METHOD URL", and a home.
class LinkTest : public testing::Test {
 protected:
  using Variables = std::map<std::string, std::string, std::less<>>;

  AwsEdges edges(Variables variables) {
    variables.emplace("HOME", home.path());
    environment = Environment(std::move(variables));
    return {http, environment, clock, interrupt, redactor};
  }
  /// Below the home; folders are made.
  std::string write(const std::string& name, std::string_view text) const {
    return home.write(name, text);
  }

  TemporaryFolder home;
  std::map<std::string, std::pair<int, std::string>> answers;
  /// Asked first, where a test sets it.
  std::function<std::optional<HttpResponse>(const Sent&)> instead;
  FakeHttp http{[this](const Sent& sent) -> Result<HttpResponse> {
    if (instead) {
      if (auto other = instead(sent)) return std::move(*other);
    }
    const auto found = answers.find(sent.method + " " + sent.url);
    if (found == answers.end())
      return no_answer("TCP: no answer to " + sent.method + " " + sent.url);
    return answer(found->second.first, found->second.second);
  }};
  Environment environment;
  StandingClock clock{std::chrono::sys_days(std::chrono::year(2024) / 2 / 29)};
  Interrupt interrupt;
  Redactor redactor;
};

/// As STS answers, for either action.
inline std::string sts_answer(const char* action) {
  return std::string("<") + action +
         R"(Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><)" + action +
         R"(Result><AssumedRoleUser><Arn>arn:aws:sts::123456789012:assumed-role/job/dunlin</Arn>
    <AssumedRoleId>AROACLKWSDQRAOEXAMPLE:dunlin</AssumedRoleId></AssumedRoleUser>
  <Credentials><SessionToken>sts-session-token</SessionToken>
    <SecretAccessKey>sts-secret-key</SecretAccessKey>
    <Expiration>2024-02-29T01:00:00Z</Expiration>
    <AccessKeyId>ASIASTSEXAMPLE</AccessKeyId></Credentials></)" +
         action + "Result></" + action + "Response>";
}

}  // namespace dunlin::test
