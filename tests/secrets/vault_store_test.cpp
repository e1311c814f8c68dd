#include "secrets/vault_store.hpp"

#include "aws/json.hpp"
#include "support/fake_http.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <optional>

namespace dunlin {
namespace {

using test::answer;
using test::FakeHttp;
using test::no_answer;
using test::Sent;
using namespace std::chrono_literals;

constexpr auto kHere = "https://vault.example.com:8200";
constexpr auto kFound = R"({"data":{"data":{"password":"p4ssw0rd"},"metadata":{"version":1}}})";

/// Answers one after the other; the last one again and again.
class VaultStoreTest : public testing::Test {
 protected:
  static VaultOptions with_token() {
    return {
        .address = kHere, .token = Secret("the token\n"), .token_origin = "variable VAULT_TOKEN"};
  }
  Result<Secret> fetch(std::string id = "app/db") {
    return std::move(store->fetch(std::span(&id, 1)).at(0));
  }
  void then(Result<HttpResponse> next) { answers.push_back(std::move(next)); }
  Result<HttpResponse> next() {
    auto first =
        answers.front()
            ? Result<HttpResponse>(answer(answers.front()->status, answers.front()->body.reveal(),
                                          answers.front()->headers))
            : Result<HttpResponse>(answers.front().error());
    if (answers.size() > 1) answers.pop_front();
    return first;
  }
  void SetUp() override { set_up(with_token()); }
  void set_up(VaultOptions options) {
    store.emplace(
        std::move(options), VaultEdges{http, environment, interrupt, redactor},
        RetryPolicy{.attempts = 3, .first_after_throttling = 1ms, .first = 1ms, .longest = 1ms});
  }

  std::deque<Result<HttpResponse>> answers;
  FakeHttp http{[this](const Sent&) { return next(); }};
  Environment environment;
  Interrupt interrupt;
  Redactor redactor;
  std::optional<VaultStore> store = std::nullopt;
};

HttpResponse redirect(const std::string& to) { return answer(307, "", {{"location", to}}); }

TEST_F(VaultStoreTest, AsksByPathVersionAndNamespace) {
  auto options = with_token();
  options.space = "team/a";
  options.address += "/";
  options.mount = "/kv/";
  set_up(std::move(options));
  then(answer(200, kFound));
  ASSERT_TRUE(fetch("app/a b@c?version=2"));
  EXPECT_EQ(http.sent[0].url, std::string(kHere) + "/v1/kv/data/app/a%20b%40c?version=2");
  EXPECT_EQ(http.sent[0].header("X-Vault-Token"), "the token");
  EXPECT_EQ(http.sent[0].header("X-Vault-Namespace"), "team/a");
  EXPECT_EQ(redactor.clean("the token"), "****");
}

TEST_F(VaultStoreTest, RepeatsWhatMayBeWellTheNextTime) {
  const std::function<Result<HttpResponse>()> passing[] = {
      [] { return answer(500, R"({"errors":["local node not active"]})"); },
      [] { return answer(503, R"({"errors":["Vault is sealed"]})"); },
      [] { return answer(502, "<html>bad gateway"); },
      [] { return answer(429, ""); },
      [] { return answer(412, R"({"errors":["required index state not present"]})"); },
      [] { return answer(473, ""); },
      [] { return no_answer("TCP: vault.example.com:8200 cannot be reached: Connection refused"); },
  };
  for (const auto& each : passing) {
    answers.clear();
    then(each());
    then(each());
    then(answer(200, kFound));
    const auto value = fetch();
    ASSERT_TRUE(value) << value.error().message;
    EXPECT_EQ(store->whole(*value).reveal(), "p4ssw0rd");
  }
}

TEST_F(VaultStoreTest, SaysWhatStaysWrong) {
  struct Case {
    const char* why;
    std::function<Result<HttpResponse>()> given;
    std::size_t requests;
    const char* expected;
  };
  const Case cases[] = {
      {"sealed", [] { return answer(503, R"({"errors":["Vault is sealed"]})"); }, 3,
       "secret app/db cannot be fetched: Vault at https://vault.example.com:8200 is sealed"},
      {"a list of words",
       [] { return answer(500, R"({"errors":["1 error occurred:\n\t* no disk\n\n"]})"); }, 3,
       "secret app/db cannot be fetched: Vault at https://vault.example.com:8200 answers 500: no "
       "disk"},
      {"a page of a proxy", [] { return answer(502, "<html>\nbad gateway"); }, 3,
       "secret app/db cannot be fetched: Vault at https://vault.example.com:8200 answers 502: "
       "<html>"},
      {"no answer", [] { return no_answer("DNS: the name vault.example.com is not known"); }, 3,
       "secret app/db cannot be fetched: DNS: the name vault.example.com is not known"},
      {"a web page", [] { return answer(200, "<html>"); }, 1,
       "secret app/db cannot be fetched: what https://vault.example.com:8200 answers is not of the "
       "KV "
       "engine, version 2"},
      {"another engine's data", [] { return answer(200, R"({"data":{"password":"x"}})"); }, 1,
       "secret app/db cannot be fetched: what https://vault.example.com:8200 answers is not of the "
       "KV "
       "engine, version 2"},
      {"teapot", [] { return answer(418, ""); }, 1,
       "secret app/db cannot be fetched: Vault at https://vault.example.com:8200 answers 418"},
      {"stopped", [] { return Error{.code = ErrorCode::interrupted, .message = "interrupted"}; }, 1,
       "interrupted"},
  };
  for (const auto& [why, given, requests, expected] : cases) {
    SCOPED_TRACE(why);
    answers.clear();
    http.sent.clear();
    then(given());
    const auto value = fetch();
    ASSERT_FALSE(value);
    EXPECT_EQ(value.error().message, expected);
    EXPECT_EQ(http.sent.size(), requests);
  }
}

TEST_F(VaultStoreTest, GoesToTheNodeThatAStandbyNames) {
  then(redirect("https://node-2.example.com:8200/v1/secret/data/app/db"));
  then(answer(200, kFound));
  ASSERT_TRUE(fetch());
  EXPECT_EQ(http.sent[1].url, "https://node-2.example.com:8200/v1/secret/data/app/db");
  EXPECT_EQ(http.sent[1].header("X-Vault-Token"), "the token");
}

TEST_F(VaultStoreTest, CarriesTheTokenNowhereElse) {
  struct Case {
    const char *why, *to;
  };
  constexpr Case cases[] = {
      {"without TLS", "http://vault.example.com:8200/v1/secret/data/app/db"},
      {"another path", "https://evil.example.com/collect"},
      {"another secret", "https://vault.example.com:8200/v1/secret/data/app/other"},
      {"a login before the host",
       "https://vault.example.com@evil.example.com/v1/secret/data/app/db"},
      {"a query that swallows the path", "https://evil.example.com/?x=/v1/secret/data/app/db"},
      {"relative", "/v1/secret/data/app/db"},
      {"nowhere", ""},
  };
  for (const auto& [why, to] : cases) {
    SCOPED_TRACE(why);
    answers.clear();
    http.sent.clear();
    then(redirect(to));
    const auto value = fetch();
    ASSERT_FALSE(value);
    EXPECT_TRUE(value.error().message.ends_with("redirects to what is no node of its own"));
    EXPECT_EQ(http.sent.size(), 1U);
  }
}

TEST_F(VaultStoreTest, IsNotSentInACircle) {
  then(redirect("https://node-2.example.com:8200/v1/secret/data/app/db"));
  const auto value = fetch();
  ASSERT_FALSE(value);
  EXPECT_EQ(
      value.error().message,
      "secret app/db cannot be fetched: https://node-2.example.com:8200 redirects more than once");
  EXPECT_EQ(http.sent.size(), 2U);
}

TEST_F(VaultStoreTest, LogsInOnceForAllAndQuotesWhatItSends) {
  set_up({.address = kHere, .method = "approle", .role = "a\"b", .secret_id = Secret("s\\d\n")});
  then(answer(200, R"({"auth":{"client_token":"by login"}})"));
  then(answer(200, kFound));
  const std::string ids[] = {"app/a", "app/b"};
  for (const auto& value : store->fetch(ids)) ASSERT_TRUE(value);
  ASSERT_EQ(http.sent.size(), 3U);
  EXPECT_EQ(http.sent[0].url, std::string(kHere) + "/v1/auth/approle/login");
  EXPECT_EQ(http.sent[0].body, R"({"role_id":"a\"b","secret_id":"s\\d"})");
  EXPECT_EQ(http.sent[0].header("X-Vault-Token"), "");
  EXPECT_EQ(http.sent[2].header("X-Vault-Token"), "by login");
  EXPECT_EQ(redactor.clean("by login"), "****");
}

TEST_F(VaultStoreTest, LogsInAnewOnceWhenTheTokenRanOut) {
  set_up({.address = kHere, .method = "approle", .role = "r"});
  const auto login = [] { return answer(200, R"({"auth":{"client_token":"by login"}})"); };
  const auto denied = [] { return answer(403, R"({"errors":["permission denied"]})"); };
  then(login());
  then(denied());  // the secret
  then(denied());  // the token
  then(login());
  then(answer(200, kFound));
  EXPECT_TRUE(fetch());
  EXPECT_EQ(http.sent.size(), 5U);
}

TEST_F(VaultStoreTest, ALoginWithoutATokenIsNone) {
  set_up({.address = kHere, .method = "jwt", .role = "r", .jwt = Secret("j.w.t")});
  then(answer(200, R"({"auth":{"client_token":"","mfa_requirement":{"mfa_request_id":"1"}}})"));
  const auto value = fetch();
  ASSERT_FALSE(value);
  EXPECT_EQ(
      value.error().message,
      "secret app/db cannot be fetched: Vault refuses the login by jwt at auth/jwt: status 200");
}

TEST(VaultIdTest, IsAPathBelowTheMount) {
  struct Case {
    const char *why, *text, *path, *mount;
    int version;
  };
  constexpr Case cases[] = {
      {"plain", "app/db", "app/db", "", 0},
      {"slashes around it", "/app/db/", "app/db", "", 0},
      {"version", "app/db?version=12", "app/db", "", 12},
      {"both", "db?mount=/team/kv/&version=1", "db", "team/kv", 1},
      {"as the job names them", "postgresql@db@sqladmin", "postgresql@db@sqladmin", "", 0},
  };
  for (const auto& [why, text, path, mount, version] : cases) {
    SCOPED_TRACE(why);
    const auto id = parse_vault_id(text);
    ASSERT_TRUE(id) << id.error().message;
    EXPECT_EQ(id->path, path);
    EXPECT_EQ(id->mount, mount);
    EXPECT_EQ(id->version, version);
  }
  for (const char* text : {"", "/", "a//b", "../sys", "a/./b", "a?version=0", "a?version=1x",
                           "a?mount=", "a?mount=..", "a?x=1", "a?version=99999999999"}) {
    EXPECT_FALSE(parse_vault_id(text)) << text;
  }
}

}  // namespace
}  // namespace dunlin
