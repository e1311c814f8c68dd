#include "http/curl_client.hpp"

#include "support/http_server.hpp"

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <filesystem>

namespace dunlin {
namespace {

using std::chrono::milliseconds;
using test::HttpServer;
using test::Reply;
using test::SeenRequest;

class CurlClientTest : public testing::Test {
 protected:
  Result<HttpResponse> send(const HttpRequest& request) {
    auto answers = client.send(std::span(&request, 1));
    EXPECT_EQ(answers.size(), 1U);
    return std::move(answers.at(0));
  }
  Result<HttpResponse> get(const std::string& url) { return send(HttpRequest{.url = url}); }

  Environment environment;
  Interrupt interrupt;
  CurlClient client{environment, interrupt};
};

enum class Listen {
  never,   ///< connecting is refused
  silent,  ///< connecting works, and nothing is ever said
  full,    ///< not even connecting works: the queue is full and the kernel drops what comes
};

/// A port of 127.0.0.1 where no server answers.
class Port {
 public:
  explicit Port(Listen listening) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(bind(socket_, generic, size), 0);
    if (listening != Listen::never) listen(socket_, listening == Listen::full ? 0 : 8);
    EXPECT_EQ(getsockname(socket_, generic, &size), 0);
    number_ = ntohs(address.sin_port);
    if (listening == Listen::full) {
      for (int& each : waiting_) {
        each = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        [[maybe_unused]] const int started = connect(each, generic, size);
      }
    }
  }
  ~Port() {
    close(socket_);
    for (const int each : waiting_) close(each);
  }
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;
  [[nodiscard]] int number() const { return number_; }

 private:
  int socket_;
  std::array<int, 3> waiting_ = {-1, -1, -1};
  int number_ = 0;
};

TEST_F(CurlClientTest, SendsMethodHeadersAndBodyAndReturnsTheAnswer) {
  const HttpServer server([](const SeenRequest&) {
    return Reply{.status = 404, .body = "no such thing", .headers = {"X-Kind: none"}};
  });
  HttpRequest request{.method = "POST", .url = server.url() + "/a?b=c", .body = Secret("hello")};
  request.headers.push_back({"X-Token", Secret("t0ken")});

  const auto response = send(request);

  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->status, 404);
  EXPECT_EQ(response->body.reveal(), "no such thing");
  EXPECT_EQ(response->header("x-kind"), "none");
  EXPECT_EQ(response->header("x-other"), "");
  ASSERT_EQ(server.seen().size(), 1U);
  EXPECT_EQ(server.seen()[0].method, "POST");
  EXPECT_EQ(server.seen()[0].target, "/a?b=c");
  EXPECT_EQ(server.seen()[0].headers["x-token"], "t0ken");
  EXPECT_EQ(server.seen()[0].headers.count("content-type"), 0U);
  EXPECT_EQ(server.seen()[0].body, "hello");
}

TEST_F(CurlClientTest, SendsAnEmptyPut) {
  const HttpServer server([](const SeenRequest&) { return Reply{}; });
  ASSERT_TRUE(send(HttpRequest{.method = "PUT", .url = server.url()}));
  EXPECT_EQ(server.seen()[0].method, "PUT");
  EXPECT_EQ(server.seen()[0].headers["content-length"], "0");
}

TEST_F(CurlClientTest, AnswersComeInTheOrderOfTheRequestsOverOneKeptAliveConnection) {
  const HttpServer server([](const SeenRequest& seen) { return Reply{.body = seen.target}; });
  for (int round = 0; round < 2; ++round) {
    std::vector<HttpRequest> requests;
    for (const char* path : {"/1", "/2", "/3"}) requests.push_back({.url = server.url() + path});
    const auto answers = client.send(requests);
    ASSERT_EQ(answers.size(), 3U);
    EXPECT_EQ(answers[0]->body.reveal(), "/1");
    EXPECT_EQ(answers[2]->body.reveal(), "/3");
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST_F(CurlClientTest, UsesTheProxyOfItsEnvironmentUnlessToldNeverTo) {
  const HttpServer proxy([](const SeenRequest&) { return Reply{.body = "by proxy"}; });
  const HttpServer server([](const SeenRequest&) { return Reply{.body = "directly"}; });
  const Environment proxied({{"http_proxy", proxy.url()}});
  CurlClient through(proxied, interrupt);
  std::vector<HttpRequest> requests;
  requests.push_back({.url = server.url() + "/x"});
  requests.push_back({.url = server.url() + "/x", .proxy = Proxy::never});
  const auto answers = through.send(requests);
  EXPECT_EQ(answers[0]->body.reveal(), "by proxy");
  EXPECT_EQ(answers[1]->body.reveal(), "directly");
  EXPECT_EQ(proxy.seen().at(0).target, server.url() + "/x");
}

TEST_F(CurlClientTest, SaysWhatTheProxyDoesNotDo) {
  struct Case {
    int status;
    const char* expected;
  };
  constexpr Case cases[] = {
      {407, "HTTP: the proxy for secrets.example.com wants a login (status 407)"},
      {403, "HTTP: the proxy for secrets.example.com refuses the way there (status 403)"},
      {502, "HTTP: the proxy for secrets.example.com refuses the way there (status 502)"},
  };
  for (const auto& [status, expected] : cases) {
    const HttpServer proxy([&](const SeenRequest&) { return Reply{.status = status}; });
    const std::string address = "http://me:hunter2@127.0.0.1:" + std::to_string(proxy.port());
    const Environment proxied({{"https_proxy", address}});
    CurlClient through(proxied, interrupt);
    const auto answer = through.send_one({.url = "https://secrets.example.com/"});
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().message, expected);
    EXPECT_TRUE(answer.error().hint.contains("https_proxy")) << answer.error().hint;
    EXPECT_EQ(proxy.seen().at(0).method, "CONNECT");
  }
}

TEST_F(CurlClientTest, NamesTheStageAndTheHostOfAFailure) {
  const Port refusing(Listen::never);
  const Port silent(Listen::silent);
  const Port full(Listen::full);
  const std::string local = "127.0.0.1:";
  struct Case {
    const char* why;
    std::string url, expected;
  };
  const Case cases[] = {
      {"no such name", "http://nowhere.invalid/", "DNS: the name nowhere.invalid is not known"},
      {"nobody listens", "http://" + local + std::to_string(refusing.number()),
       "TCP: " + local + std::to_string(refusing.number()) +
           " cannot be reached: Connection refused"},
      {"packets are dropped", "http://" + local + std::to_string(full.number()),
       "TCP: " + local + std::to_string(full.number()) + " does not answer within 0.1 s"},
      {"accepted, then silence", "http://" + local + std::to_string(silent.number()),
       "HTTP: no complete answer from " + local + std::to_string(silent.number()) +
           " within 0.2 s"},
      {"silence in the handshake", "https://" + local + std::to_string(silent.number()),
       "TLS: " + local + std::to_string(silent.number()) +
           " does not finish the handshake within 0.1 s"},
      {"not http", "file:///etc/passwd", "HTTP: an address is not an http or https URL"},
  };
  for (const auto& [why, url, expected] : cases) {
    SCOPED_TRACE(why);
    const auto response = send(HttpRequest{
        .url = url, .connect_timeout = milliseconds(100), .timeout = milliseconds(200)});
    ASSERT_FALSE(response);
    EXPECT_EQ(response.error().code, ErrorCode::source_failed);
    EXPECT_EQ(response.error().message, expected);
  }
}

TEST_F(CurlClientTest, RefusesAnAnswerBeyondTheBound) {
  const HttpServer server([](const SeenRequest&) { return Reply{.body = std::string(100, 'x')}; });
  const auto response = send(HttpRequest{.url = server.url(), .largest_body = 99});
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().message,
            "HTTP: 127.0.0.1:" + std::to_string(server.port()) + " sends more than 99 bytes");
}

TEST_F(CurlClientTest, RefusesAHeaderThatHoldsALineBreak) {
  HttpRequest request{.url = "http://127.0.0.1:1/"};
  request.headers.push_back({"Authorization", Secret("token\r\nX-Other: 1")});
  const auto response = send(request);
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().message, "HTTP: the header Authorization holds a line break");
}

TEST_F(CurlClientTest, StopsAtOnceWhenInterrupted) {
  const HttpServer server([this](const SeenRequest&) {
    interrupt.request(SIGTERM);
    return Reply{.hang = true};
  });
  const auto started = std::chrono::steady_clock::now();
  const auto response = get(server.url());
  ASSERT_FALSE(response);
  EXPECT_EQ(response.error().code, ErrorCode::interrupted);
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(10));
}

TEST_F(CurlClientTest, OpensAConnectionAnewWhenTheServerClosedIt) {
  const HttpServer server(
      [](const SeenRequest&) { return Reply{.headers = {"Connection: close"}}; });
  ASSERT_TRUE(get(server.url()));
  ASSERT_TRUE(get(server.url()));
  EXPECT_EQ(server.connections(), 2);
}

/// `openssl s_server` with a certificate of its own for localhost.
class TlsServer {
 public:
  TlsServer() : folder_(std::filesystem::temp_directory_path() / "dunlin-tls-XXXXXX") {
    std::string name = folder_.string();
    EXPECT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
    run({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
         "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", path("key.pem"),
         "-out", certificate()});
    {
      const Port free(Listen::never);
      port_ = free.number();
    }
    server_ = start({"openssl", "s_server", "-quiet", "-www", "-accept", std::to_string(port_),
                     "-key", path("key.pem"), "-cert", certificate()});
    while (!answers()) usleep(10'000);  // until the port is open: the server says nothing itself
  }
  ~TlsServer() {
    kill(server_, SIGKILL);
    waitpid(server_, nullptr, 0);
    std::filesystem::remove_all(folder_);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;
  [[nodiscard]] std::string certificate() const { return path("cert.pem"); }
  [[nodiscard]] std::string place() const { return "localhost:" + std::to_string(port_); }

 private:
  [[nodiscard]] std::string path(const char* name) const { return (folder_ / name).string(); }
  static pid_t start(std::vector<std::string> words) {
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    pid_t child = -1;
    EXPECT_EQ(posix_spawnp(&child, argv[0], &actions, nullptr, argv.data(), environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    return child;
  }
  static void run(std::vector<std::string> words) {
    int status = 0;
    waitpid(start(std::move(words)), &status, 0);
    EXPECT_EQ(status, 0);
  }
  [[nodiscard]] bool answers() const {
    const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port_));
    const bool open = connect(probe, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    close(probe);
    return open;
  }
  std::filesystem::path folder_;
  int port_ = 0;
  pid_t server_ = -1;
};

TEST_F(CurlClientTest, TrustsOnlyWhatItsBundleHolds) {
  const TlsServer server;
  const std::string url = "https://" + server.place() + "/";
  const Environment named({{"SSL_CERT_FILE", server.certificate()}});
  CurlClient by_variable(named, interrupt);
  CurlClient by_option(environment, interrupt, {.ca_bundle = server.certificate()});
  HttpRequest request{.url = url};

  const auto distrusted = send(request);
  ASSERT_FALSE(distrusted);
  EXPECT_EQ(distrusted.error().message,
            "TLS: " + server.place() + ": SSL certificate problem: self-signed certificate");
  EXPECT_EQ(by_variable.send({&request, 1}).at(0)->status, 200);
  EXPECT_EQ(by_option.send({&request, 1}).at(0)->status, 200);
}

TEST_F(CurlClientTest, RefusesACertificateOfAnotherName) {
  const TlsServer server;
  CurlClient trusting(environment, interrupt, {.ca_bundle = server.certificate()});
  const std::string place = "127.0.0.1" + server.place().substr(9);
  const HttpRequest request{.url = "https://" + place};
  const auto answers = trusting.send({&request, 1});
  ASSERT_FALSE(answers.at(0));
  EXPECT_TRUE(answers[0].error().message.starts_with("TLS: " + place))
      << answers[0].error().message;
}

}  // namespace
}  // namespace dunlin
