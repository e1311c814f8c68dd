// Through a real sshd, to servers of this test.
#include "ssh/tunnel.hpp"

#include "base/text.hpp"
#include "support/http_server.hpp"
#include "support/shell.hpp"
#include "support/sshd.hpp"

#include <gtest/gtest.h>

#include <poll.h>
#include <signal.h>

#include <thread>
#include <vector>

namespace dunlin::ssh {
namespace {

KnownHosts known(const std::string& lines) {
  auto parsed = KnownHosts::parse(lines);
  EXPECT_TRUE(parsed) << parsed.error().message;
  return parsed ? *std::move(parsed) : KnownHosts();
}

class TunnelTest : public testing::Test {
 protected:
  [[nodiscard]] std::string hop() const {
    return fmt::format("{}@127.0.0.1:{}", server_.user(), server_.port());
  }
  Result<std::unique_ptr<Tunnel>> open(const std::string& hops) {
    return Tunnel::open({.hops = DUNLIN_TRY(parse_hops(hops)),
                         .key = Secret(key_.private_text),
                         .passphrase = {},
                         .known_hosts = known(known_)},
                        &interrupt_);
  }
  static std::string get(std::uint16_t port, const std::string& more = "") {
    return test::shell(fmt::format("curl -s --noproxy '*' http://127.0.0.1:{}/{}", port, more));
  }
  Interrupt interrupt_;
  test::KeyPair key_ = test::make_key("-t ed25519");
  test::Sshd server_{{.authorized_keys = key_.public_line}};
  std::string known_ = server_.known_hosts();
};

TEST_F(TunnelTest, LeadsToAServerBehindOneHopOrMore) {
  const std::string large(3'000'000, 'x');
  test::HttpServer web([&](const test::SeenRequest& seen) {
    return test::Reply{.body = seen.target == "/large" ? large : seen.target};
  });
  const auto port =
      static_cast<std::uint16_t>(std::stoi(web.url().substr(web.url().rfind(':') + 1)));
  for (const auto& hops : {hop(), hop() + "," + hop(), hop() + ", " + hop() + ", " + hop()}) {
    SCOPED_TRACE(hops);
    const auto tunnel = open(hops);
    ASSERT_TRUE(tunnel) << tunnel.error().message;
    const auto local = (*tunnel)->lead("localhost", port);
    ASSERT_TRUE(local) << local.error().message;
    EXPECT_EQ(get(*local, "a"), "/a");
    EXPECT_EQ(get(*local, "large"), large);
  }
}

TEST_F(TunnelTest, CarriesManyStreamsAtOnce) {
  const std::string body(200'000, 'y');
  test::HttpServer web([&](const auto&) { return test::Reply{.body = body}; });
  const auto port =
      static_cast<std::uint16_t>(std::stoi(web.url().substr(web.url().rfind(':') + 1)));
  const auto tunnel = open(hop() + "," + hop());
  ASSERT_TRUE(tunnel) << tunnel.error().message;
  const auto local = (*tunnel)->lead("127.0.0.1", port).value();
  std::vector<std::string> bodies(8);
  {
    std::vector<std::jthread> readers;
    for (auto& one : bodies) readers.emplace_back([&] { one = get(local); });
  }
  for (const auto& one : bodies) EXPECT_EQ(one.size(), body.size());
}

TEST_F(TunnelTest, SaysWhatTheBastionCannotReach) {
  const auto tunnel = open(hop());
  ASSERT_TRUE(tunnel) << tunnel.error().message;
  const auto nobody = test::unused_port();
  const auto local = (*tunnel)->lead("localhost", nobody).value();
  EXPECT_EQ(test::shell(fmt::format("curl -s http://127.0.0.1:{}/ || echo gone", local)), "gone");
  const auto problem = (*tunnel)->problem();
  EXPECT_NE(problem.find(fmt::format("cannot reach localhost:{}", nobody)), std::string::npos)
      << problem;
  const auto second = open(hop() + fmt::format(",me@127.0.0.1:{}", nobody));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::database_unreachable);
  EXPECT_NE(second.error().message.find(fmt::format("cannot reach 127.0.0.1:{}", nobody)),
            std::string::npos)
      << second.error().message;
}

TEST_F(TunnelTest, TrustsNoUnknownHostAndNoStrangersKey) {
  const test::Sshd other({.authorized_keys = key_.public_line});
  const auto unknown = open(hop() + fmt::format(",{}@127.0.0.1:{}", other.user(), other.port()));
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::host_key) << unknown.error().message;
  EXPECT_EQ(other.log().find("Accepted"), std::string::npos);
  key_ = test::make_key("-t ed25519");
  const auto refused = open(hop());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::deploy_key);
  EXPECT_NE(refused.error().message.find("refused the key of the SSH tunnel"), std::string::npos)
      << refused.error().message;
}

TEST_F(TunnelTest, NamesTheHopThatRefusesTheKey) {
  const auto stranger = test::make_key("-t ed25519");
  const test::Sshd second({.authorized_keys = stranger.public_line});
  known_ += "\n" + second.known_hosts();
  const auto tunnel = open(hop() + fmt::format(",{}@127.0.0.1:{}", second.user(), second.port()));
  ASSERT_FALSE(tunnel);
  EXPECT_EQ(tunnel.error().code, ErrorCode::deploy_key);
  EXPECT_TRUE(tunnel.error().message.starts_with(
      fmt::format("SSH tunnel: [127.0.0.1]:{} refused the key", second.port())))
      << tunnel.error().message;
}

TEST_F(TunnelTest, TellsWhenTheConnectionIsGone) {
  auto way = open(hop());
  ASSERT_TRUE(way) << way.error().message;
  const auto port = (*way)->lead("127.0.0.1", server_.port()).value();
  const auto line = server_.known_hosts();
  const auto tunnel =
      Tunnel::open({.hops = {{.user = server_.user(), .host = "127.0.0.1", .port = port}},
                    .key = Secret(key_.private_text),
                    .passphrase = {},
                    .known_hosts = known("127.0.0.1" + line.substr(line.find(' ')))},
                   nullptr);
  ASSERT_TRUE(tunnel) << tunnel.error().message;
  EXPECT_EQ((*tunnel)->problem(), "");
  way->reset();
  pollfd watched{(*tunnel)->broken_fd(), POLLIN, 0};
  EXPECT_EQ(poll(&watched, 1, 10'000), 1);
  EXPECT_NE((*tunnel)->problem().find("broke"), std::string::npos) << (*tunnel)->problem();
}

TEST_F(TunnelTest, StopsWhileItIsOpened) {
  interrupt_.request(SIGTERM);
  const auto tunnel = open(hop());
  ASSERT_FALSE(tunnel);
  EXPECT_EQ(tunnel.error().code, ErrorCode::interrupted);
}

TEST(HopsTest, AreReadAsSshWritesThem) {
  const auto hops = parse_hops("me@bastion, you@[::1]:2222,x@10.0.0.1:1");
  ASSERT_TRUE(hops) << hops.error().message;
  ASSERT_EQ(hops->size(), 3U);
  EXPECT_EQ((*hops)[0].host, "bastion");
  EXPECT_EQ((*hops)[0].port, 22);
  EXPECT_EQ((*hops)[1].host, "::1");
  EXPECT_EQ((*hops)[1].port, 2222);
  EXPECT_EQ((*hops)[2].user, "x");
  for (const auto* const bad : {"", "bastion", "@h", "me@", "me@h:x", "me@h:0", "me:pw@h", ","}) {
    const auto refused = parse_hops(bad);
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().code, ErrorCode::configuration);
    EXPECT_EQ(refused.error().message.find("pw"), std::string::npos);
  }
}

}  // namespace
}  // namespace dunlin::ssh
