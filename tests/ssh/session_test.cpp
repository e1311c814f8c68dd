#include "ssh/session.hpp"

#include "base/digest.hpp"
#include "base/text.hpp"
#include "support/shell.hpp"
#include "support/sshd.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <signal.h>

#include <array>
#include <thread>

namespace dunlin::ssh {
namespace {

using test::KeyPair;
using test::Sshd;

KnownHosts hosts(const std::string& lines) {
  auto parsed = KnownHosts::parse(lines);
  EXPECT_TRUE(parsed) << parsed.error().message;
  return parsed ? *std::move(parsed) : KnownHosts();
}

SessionOptions options_for(const Sshd& server, const std::string& key,
                           const std::string& passphrase = "") {
  return {.host = "127.0.0.1",
          .port = server.port(),
          .user = server.user(),
          .key = Secret(key),
          .passphrase = Secret(passphrase),
          .known_hosts = hosts(server.known_hosts())};
}

std::string read_all(ByteStream& stream) {
  std::string text;
  std::array<char, 65536> buffer{};
  while (true) {
    const auto got = stream.read(buffer);
    EXPECT_TRUE(got) << got.error().message;
    if (!got || *got == 0) return text;
    text.append(buffer.data(), *got);
  }
}

class SessionTest : public testing::Test {
 protected:
  static void SetUpTestSuite() { key_ = new KeyPair(test::make_key("-t ed25519")); }
  static void TearDownTestSuite() { delete key_; }
  static KeyPair* key_;
};
KeyPair* SessionTest::key_ = nullptr;

TEST_F(SessionTest, AuthenticatesWithEachKindOfKey) {
  struct Case {
    const char *why, *arguments, *passphrase;
  };
  constexpr Case cases[] = {
      {"RSA in PKCS#1, as the tutorial makes it", "-t rsa -b 4096 -m PEM", ""},
      {"RSA in PKCS#8", "-t rsa -b 2048 -m PKCS8", ""},
      {"RSA in OpenSSH's format", "-t rsa -b 2048", ""},
      {"RSA in PKCS#1 with a passphrase", "-t rsa -b 2048 -m PEM", "it's secret"},
      {"RSA in PKCS#8 with a passphrase", "-t rsa -b 2048 -m PKCS8", "it's secret"},
      {"ECDSA in SEC 1", "-t ecdsa -b 256 -m PEM", ""},
      {"ECDSA in PKCS#8", "-t ecdsa -b 384 -m PKCS8", ""},
      {"ECDSA in OpenSSH's format", "-t ecdsa -b 521", ""},
      {"Ed25519", "-t ed25519", ""},
      {"Ed25519 with a passphrase", "-t ed25519", "it's secret"},
  };
  std::vector<KeyPair> keys;
  std::string authorized;
  for (const auto& [why, arguments, passphrase] : cases) {
    keys.push_back(test::make_key(arguments, passphrase));
    authorized += keys.back().public_line + "\n";
  }
  const Sshd server({.authorized_keys = authorized});
  for (std::size_t i = 0; i < keys.size(); ++i) {
    SCOPED_TRACE(cases[i].why);
    const auto session =
        Session::connect(options_for(server, keys[i].private_text, cases[i].passphrase));
    EXPECT_TRUE(session) << session.error().message << "\n" << server.log();
  }
}

// Lines of a known_hosts file with the names hashed, as ssh-keygen -H makes them.
std::string hashed(const std::string& lines) {
  const test::TemporaryFolder folder;
  const auto file = folder.write("known_hosts", lines + "\n");
  return test::shell("ssh-keygen -q -H -f " + test::quoted(file) + " > /dev/null 2>&1; cat " +
                     test::quoted(file));
}

std::string with_each_line(const std::string& text, const std::string& before,
                           const std::string& after) {
  std::string result;
  for (const auto& line : split(text, '\n'))
    if (!line.empty()) result += before + line + after;
  return result;
}

// Every kind of key, however it was pasted, against every way of trusting a host or not.
TEST_F(SessionTest, TheWholeMatrixOfKeysDamagesAndHostKeys) {
  struct Kind {
    const char *arguments, *passphrase;
  };
  constexpr Kind kinds[] = {{"-t rsa -b 2048 -m PEM", ""},
                            {"-t rsa -b 2048 -m PKCS8", "passphrase"},
                            {"-t ecdsa -b 256 -m PEM", ""},
                            {"-t ed25519", ""},
                            {"-t ed25519", "passphrase"}};
  using Damage = std::string (*)(const std::string&);
  constexpr std::pair<const char*, Damage> damages[] = {
      {"as it is", [](const std::string& key) { return key; }},
      {"literal \\n", [](const std::string& key) { return with_each_line(key, "", "\\n"); }},
      {"base64 of the whole", [](const std::string& key) { return base64(key); }},
      {"cut", [](const std::string& key) { return key.substr(0, key.size() / 2); }},
  };
  std::vector<KeyPair> keys;
  std::string authorized;
  for (const auto& [arguments, passphrase] : kinds) {
    keys.push_back(test::make_key(arguments, passphrase));
    authorized += keys.back().public_line + "\n";
  }
  const Sshd server({.authorized_keys = authorized, .extra = "MaxStartups 1000"});
  const auto line = server.known_hosts();
  const auto key = line.substr(line.find(' '));
  const auto other = line.substr(0, line.find(' ') + 1) + key_->public_line;
  struct Trust {
    const char* why;
    std::string lines, words;  // of the refusal; empty: trusted
  };
  const Trust trusts[] = {
      {"the line", line, ""},
      {"hashed", hashed(line), ""},
      {"a pattern", "[127.0.0.*]:*" + key, ""},
      {"unknown", "elsewhere" + key, "is not known"},
      {"another key", other, "is not the one that is trusted"},
      {"revoked", line + "\n@revoked *" + key, "is revoked"},
      {"an authority", "@cert-authority *" + key, "certificates of hosts are not supported"},
  };
  std::size_t accepted = 0;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    for (const auto& [damage, spoil] : damages) {
      for (const auto& [trust, lines, words] : trusts) {
        SCOPED_TRACE(
            fmt::format("{} {}: {}, {}", kinds[i].arguments, kinds[i].passphrase, damage, trust));
        auto options = options_for(server, spoil(keys[i].private_text), kinds[i].passphrase);
        options.known_hosts = hosts(lines);
        const auto session = Session::connect(std::move(options));
        const bool is_cut = std::string_view(damage) == "cut";
        EXPECT_EQ(session.has_value(), !is_cut && words.empty())
            << (session ? "" : session.error().message);
        if (session) {
          ++accepted;
        } else {
          EXPECT_EQ(session.error().code, is_cut ? ErrorCode::deploy_key : ErrorCode::host_key);
          EXPECT_NE(session.error().message.find(is_cut ? "truncated" : words), std::string::npos)
              << session.error().message;
        }
      }
    }
  }
  std::size_t logins = 0;
  const auto log = server.log();
  for (auto at = log.find("Accepted publickey"); at != std::string::npos;
       at = log.find("Accepted publickey", at + 1))
    ++logins;
  EXPECT_EQ(logins, accepted) << "nobody authenticates to a host that is not trusted";
}

TEST_F(SessionTest, CarriesBytesBothWays) {
  const Sshd server({.authorized_keys = key_->public_line});
  auto session = Session::connect(options_for(server, key_->private_text));
  ASSERT_TRUE(session) << session.error().message;
  auto stream = session->execute("head -c 3000000; echo done; echo oh dear >&2");
  ASSERT_TRUE(stream) << stream.error().message;
  std::string sent(3000000, '\0');
  for (std::size_t i = 0; i < sent.size(); ++i) sent[i] = static_cast<char>(i * 7919 >> 8);
  ASSERT_TRUE((*stream)->write(std::string_view(sent).substr(0, 1000000)));
  std::string received;
  std::array<char, 65536> buffer{};
  for (std::size_t at = 1000000; at < sent.size(); at += 100000) {
    ASSERT_TRUE((*stream)->write(std::string_view(sent).substr(at, 100000)));
    const auto got = (*stream)->read(buffer);
    ASSERT_TRUE(got);
    received.append(buffer.data(), *got);
  }
  received += read_all(**stream);
  EXPECT_TRUE(received == sent + "done\n");
  EXPECT_EQ((*stream)->complaint(), "oh dear\n");
}

TEST_F(SessionTest, TheStreamOutlivesTheSession) {
  const Sshd server({.authorized_keys = key_->public_line});
  std::unique_ptr<ByteStream> stream;
  {
    auto session = Session::connect(options_for(server, key_->private_text));
    ASSERT_TRUE(session);
    stream = session->execute("echo still here").value();
  }
  EXPECT_EQ(read_all(*stream), "still here\n");
}

TEST_F(SessionTest, RefusesAHostItDoesNotKnowBeforeAuthentication) {
  const Sshd server({.authorized_keys = key_->public_line});
  auto options = options_for(server, key_->private_text);
  options.known_hosts = KnownHosts::built_in();
  const auto session = Session::connect(std::move(options));
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().code, ErrorCode::host_key);
  const auto key = hosts(server.known_hosts()).keys_of("127.0.0.1", server.port()).at(0);
  EXPECT_NE(session.error().message.find(fingerprint(key)), std::string::npos);
  EXPECT_NE(session.error().hint.find(line_of(key)), std::string::npos);
  EXPECT_EQ(server.log().find("publickey"), std::string::npos) << server.log();
}

TEST_F(SessionTest, RefusesAnotherKeyThanTheTrustedOneAndShowsBoth) {
  const Sshd server({.authorized_keys = key_->public_line});
  auto options = options_for(server, key_->private_text);
  options.known_hosts = hosts("127.0.0.1 " + key_->public_line);  // not the host's
  const auto trusted = options.known_hosts.keys_of("127.0.0.1", server.port()).at(0);
  const auto session = Session::connect(std::move(options));
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().code, ErrorCode::host_key);
  const auto shown = hosts(server.known_hosts()).keys_of("127.0.0.1", server.port()).at(0);
  EXPECT_NE(session.error().message.find(fingerprint(shown)), std::string::npos);
  EXPECT_NE(session.error().message.find(fingerprint(trusted)), std::string::npos);
  EXPECT_EQ(server.log().find("publickey"), std::string::npos) << server.log();
}

TEST_F(SessionTest, AsksForTheKindOfHostKeyThatIsTrusted) {
  const Sshd server(
      {.authorized_keys = key_->public_line, .host_keys = "-t ed25519, -t ecdsa, -t rsa -b 2048"});
  for (const auto* const kind : {"ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa"}) {
    SCOPED_TRACE(kind);
    const auto lines = server.known_hosts();
    const auto at = lines.find(kind);
    const auto begin = lines.rfind('\n', at) + 1;
    auto options = options_for(server, key_->private_text);
    options.known_hosts = hosts(lines.substr(begin, lines.find('\n', at) - begin));
    const auto session = Session::connect(std::move(options));
    EXPECT_TRUE(session) << session.error().message;
  }
}

TEST_F(SessionTest, RefusesAHostWithoutAKeyOfTheTrustedKind) {
  const Sshd server({.authorized_keys = key_->public_line, .host_keys = "-t ecdsa"});
  auto options = options_for(server, key_->private_text);
  options.known_hosts = hosts("127.0.0.1 " + key_->public_line);
  const auto session = Session::connect(std::move(options));
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().code, ErrorCode::host_key);
  EXPECT_NE(session.error().message.find("no host key of a trusted kind"), std::string::npos)
      << session.error().message;
}

TEST_F(SessionTest, RefusesARevokedHostKey) {
  const Sshd server({.authorized_keys = key_->public_line});
  auto options = options_for(server, key_->private_text);
  options.known_hosts.add(hosts("@revoked " + server.known_hosts()));
  const auto session = Session::connect(std::move(options));
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().code, ErrorCode::host_key);
  EXPECT_NE(session.error().message.find("revoked"), std::string::npos);
}

TEST_F(SessionTest, SaysWhichKeyWasRefused) {
  const Sshd server({.authorized_keys = ""});
  const auto session = Session::connect(options_for(server, key_->private_text));
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().code, ErrorCode::deploy_key);
  const auto key = hosts("x " + key_->public_line).keys_of("x", 22).at(0);
  EXPECT_NE(session.error().message.find(fingerprint(key)), std::string::npos)
      << session.error().message;
}

TEST_F(SessionTest, SaysWhatIsWrongWithAPassphrase) {
  const Sshd server({.authorized_keys = key_->public_line});
  for (const auto* const arguments : {"-t ed25519", "-t rsa -b 2048 -m PEM", "-t ecdsa -m PKCS8"}) {
    SCOPED_TRACE(arguments);
    const auto pair = test::make_key(arguments, "right");
    const auto without = Session::connect(options_for(server, pair.private_text));
    ASSERT_FALSE(without);
    EXPECT_EQ(without.error().code, ErrorCode::deploy_key);
    EXPECT_NE(without.error().message.find("there is no passphrase"), std::string::npos);
    const auto wrong = Session::connect(options_for(server, pair.private_text, "wrong"));
    ASSERT_FALSE(wrong);
    EXPECT_EQ(wrong.error().code, ErrorCode::deploy_key);
    EXPECT_NE(wrong.error().message.find("passphrase does not fit"), std::string::npos);
  }
}

TEST_F(SessionTest, NamesAServerThatIsNotThere) {
  SessionOptions options{.host = "127.0.0.1", .port = test::unused_port()};
  options.key = Secret(key_->private_text);
  const auto session = Session::connect(std::move(options));
  ASSERT_FALSE(session);
  EXPECT_EQ(session.error().code, ErrorCode::source_failed);
  EXPECT_NE(session.error().message.find("127.0.0.1"), std::string::npos);
  EXPECT_NE(session.error().message.find("refused"), std::string::npos);
}

TEST_F(SessionTest, EndsAtOnceWhenInterrupted) {
  const Sshd server({.authorized_keys = key_->public_line});
  Interrupt interrupt;
  auto options = options_for(server, key_->private_text);
  options.interrupt = &interrupt;
  auto session = Session::connect(std::move(options));
  ASSERT_TRUE(session) << session.error().message;
  auto stream = session->execute("cat");  // says nothing until it is told something
  ASSERT_TRUE(stream);
  const std::jthread other([&] { interrupt.request(SIGTERM); });
  std::array<char, 16> buffer{};
  const auto got = (*stream)->read(buffer);
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, ErrorCode::interrupted);
}

TEST_F(SessionTest, GivesUpOnAServerThatSaysNothing) {
  const Sshd server({.authorized_keys = key_->public_line});
  auto options = options_for(server, key_->private_text);
  options.silence_timeout = std::chrono::milliseconds(200);
  auto session = Session::connect(std::move(options));
  ASSERT_TRUE(session);
  auto stream = session->execute("cat");
  ASSERT_TRUE(stream);
  std::array<char, 16> buffer{};
  const auto got = (*stream)->read(buffer);
  ASSERT_FALSE(got);
  EXPECT_NE(got.error().message.find("does not answer in time"), std::string::npos);
}

}  // namespace
}  // namespace dunlin::ssh
