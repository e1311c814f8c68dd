// Smart HTTP between our own client and git http-backend, run as a web server would run it.
#include "base/digest.hpp"
#include "base/text.hpp"
#include "git/repository.hpp"
#include "http/curl_client.hpp"
#include "support/git_repository.hpp"
#include "support/http_server.hpp"
#include "support/shell.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace dunlin::git {
namespace {

using test::quoted;

// What the program answered, as CGI has it: headers, an empty line, the body.
test::Reply reply_from(const std::string& output) {
  const auto end = output.find("\r\n\r\n");
  test::Reply reply{.body = output.substr(end + 4)};
  for (const auto& line : split(replace_all(output.substr(0, end), "\r", ""), '\n')) {
    if (line.starts_with("Status: "))
      reply.status = std::stoi(line.substr(8));
    else
      reply.headers.push_back(line);
  }
  return reply;
}

class HttpFetchTest : public testing::Test {
 protected:
  test::Reply answer(const test::SeenRequest& request) {
    if (!token_.empty() &&
        (!request.headers.contains("authorization") ||
         request.headers.at("authorization") != "Basic " + base64("x-access-token:" + token_)))
      return {.status = 401};
    const auto header = [&](const std::string& name) {
      const auto found = request.headers.find(name);
      return found == request.headers.end() ? std::string() : found->second;
    };
    const auto question = std::min(request.target.find('?'), request.target.size());
    const auto output = folder_ / "answer";
    test::shell("export GIT_PROJECT_ROOT=" + quoted(repository_.path() + "/..") +
                " GIT_HTTP_EXPORT_ALL=1 REMOTE_USER=x GIT_CONFIG_NOSYSTEM=1 PATH_INFO=" +
                quoted(request.target.substr(0, question)) + " QUERY_STRING=" +
                quoted(request.target.substr(std::min(question + 1, request.target.size()))) +
                " REQUEST_METHOD=" + request.method +
                " CONTENT_TYPE=" + quoted(header("content-type")) +
                " CONTENT_LENGTH=" + std::to_string(request.body.size()) +
                " GIT_PROTOCOL=" + quoted(header("git-protocol")) + "\ngit http-backend < " +
                quoted(folder_.write("request", request.body)) + " > " + quoted(output) +
                " || true");  // it fails after it has answered with an error
    std::ifstream file(output, std::ios::binary);
    return reply_from({std::istreambuf_iterator<char>(file), {}});
  }

  Result<Repository> fetch(const std::string& path, const std::string& ref,
                           const std::string& token = "") {
    return fetch_repository(
        {.url = server_.url() + path, .ref = ref, .token = Secret(token), .http = &client_});
  }

  test::GitRepository repository_;
  test::TemporaryFolder folder_;
  std::string token_;
  test::HttpServer server_{[this](const auto& request) { return answer(request); }};
  Environment environment_;
  Interrupt interrupt_;
  CurlClient client_{environment_, interrupt_};
};

TEST_F(HttpFetchTest, BringsBranchTagAndCommit) {
  repository_.write("sql/V1__a.sql", std::string(300000, 'x'));
  const auto one = repository_.commit("One");
  repository_.git("tag -a -m note v1");
  repository_.write("sql/V2__b.sql", "select 2;");
  const auto two = repository_.commit("Two");
  for (const auto& [ref, id] :
       {std::pair{std::string("master"), two}, {"v1", one}, {one, one}, {two, two}}) {
    SCOPED_TRACE(ref);
    const auto fetched = fetch("/repo", ref);
    ASSERT_TRUE(fetched) << fetched.error().message;
    EXPECT_EQ(fetched->tree.commit.id, id);
    EXPECT_EQ(fetched->tree.files.at("sql/V1__a.sql").content->size(), 300000U);
  }
  const auto missing = fetch("/repo", std::string(40, 'a'));
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::missing_branch) << missing.error().message;
}

TEST_F(HttpFetchTest, BringsOnlyTheFilesThatAreWanted) {
  repository_.write("sql/V1__a.sql", "select 1;");
  repository_.write("big/data.bin", repository_.run("head -c 600000 /dev/urandom | base64"));
  repository_.git("config uploadpack.allowFilter true");
  const auto id = repository_.commit("One");
  for (const auto& ref : {std::string("master"), id}) {
    const auto fetched = fetch_repository({.url = server_.url() + "/repo",
                                           .ref = ref,
                                           .wanted = {"sql"},
                                           .limits = {.whole = 100'000},
                                           .http = &client_});
    ASSERT_TRUE(fetched) << fetched.error().message;
    EXPECT_EQ(*fetched->tree.files.at("sql/V1__a.sql").content, "select 1;");
    EXPECT_EQ(fetched->tree.files.at("big/data.bin").content, nullptr);
  }
}

TEST_F(HttpFetchTest, SendsTheTokenAndNeverShowsIt) {
  repository_.commit("One");
  token_ = "ghp_0123456789";
  EXPECT_TRUE(fetch("/repo", "master", token_));
  for (const auto* const token : {"", "ghp_wrong"}) {
    const auto refused = fetch("/repo", "master", token);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::deploy_key);
    EXPECT_EQ(refused.error().message.find("ghp_"), std::string::npos);
    EXPECT_NE(refused.error().message.find("token"), std::string::npos) << refused.error().message;
  }
}

TEST_F(HttpFetchTest, TakesATokenThatWasStoredWithALineBreak) {
  repository_.commit("One");
  token_ = "ghp_0123456789";
  const auto fetched = fetch("/repo", "master", token_ + "\r\n");
  EXPECT_TRUE(fetched) << fetched.error().message;
}

TEST(HttpRemoteTest, CarriesTheTokenToNoOtherHost) {
  test::HttpServer other([](const auto&) { return test::Reply{.status = 401}; });
  for (const int status : {301, 302, 307, 308}) {
    test::HttpServer server([&](const auto& request) {
      return test::Reply{.status = status,
                         .headers = {"Location: " + other.url() + request.target}};
    });
    const Environment environment;
    const Interrupt interrupt;
    CurlClient client(environment, interrupt);
    const auto fetched = fetch_repository({.url = server.url() + "/x",
                                           .ref = "master",
                                           .token = Secret("ghp_0123456789"),
                                           .http = &client});
    ASSERT_FALSE(fetched);
    EXPECT_NE(fetched.error().message.find("the repository has moved to " + other.url()),
              std::string::npos)
        << fetched.error().message;
    EXPECT_TRUE(other.seen().empty());
    EXPECT_EQ(server.seen().size(), 1U);
  }
}

TEST_F(HttpFetchTest, SaysThatARepositoryIsNotThere) {
  const auto fetched = fetch("/missing.git", "master");
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().code, ErrorCode::source_failed);
  EXPECT_NE(fetched.error().message.find("no such repository"), std::string::npos)
      << fetched.error().message;
}

TEST(HttpRemoteTest, KnowsAWebPageFromARepository) {
  test::HttpServer server([](const auto&) {
    return test::Reply{.body = "<html>", .headers = {"Content-Type: text/html"}};
  });
  const Environment environment;
  const Interrupt interrupt;
  CurlClient client(environment, interrupt);
  const auto fetched =
      fetch_repository({.url = server.url() + "/x", .ref = "master", .http = &client});
  ASSERT_FALSE(fetched);
  EXPECT_NE(fetched.error().message.find("no Git repository"), std::string::npos)
      << fetched.error().message;
}

}  // namespace
}  // namespace dunlin::git
