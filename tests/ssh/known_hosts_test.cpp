#include "ssh/known_hosts.hpp"

#include "support/shell.hpp"
#include "support/sshd.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace dunlin::ssh {
namespace {

constexpr const char* kKey =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl";

KnownHosts hosts(const std::string& lines) {
  auto parsed = KnownHosts::parse(lines);
  EXPECT_TRUE(parsed) << parsed.error().message;
  return parsed ? *std::move(parsed) : KnownHosts();
}

TEST(KnownHostsTest, HaveThePublishedKeysBuiltIn) {
  struct Case {
    const char *host, *type, *print;
  };
  // The fingerprints as the forges publish them; docs/host-keys.md says where.
  constexpr Case cases[] = {
      {"github.com", "ssh-ed25519", "+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU"},
      {"github.com", "ecdsa-sha2-nistp256", "p2QAMXNIC1TJYWeIOttrVc98/R1BUFWu3/LiyKgUfQM"},
      {"github.com", "ssh-rsa", "uNiVztksCsDhcc0u9e8BujQXVUpKZIDTMczCvj3tD2s"},
      {"gitlab.com", "ssh-ed25519", "eUXGGm1YGsMAS7vkcx6JOJdOGHPem5gQp4taiCfCLB8"},
      {"gitlab.com", "ecdsa-sha2-nistp256", "HbW3g8zUjNSksFbqTiUWPWg2Bq1x8xdGUrliXFzSnUw"},
      {"gitlab.com", "ssh-rsa", "ROQFvPThGrW4RuWLoL9tq9I9zJ42fK4XywyRtbOz/EQ"},
      {"bitbucket.org", "ssh-ed25519", "ybgmFkzwOSotHTHLJgHO0QN8L0xErw6vd0VhFA9m3SM"},
      {"bitbucket.org", "ecdsa-sha2-nistp256", "FC73VB6C4OQLSCrjEayhMp9UMxS97caD/Yyi2bhW/J0"},
      {"bitbucket.org", "ssh-rsa", "46OSHA1Rmj8E8ERTC6xkNcmGOw9oFxYr0WF6zWW8l1E"},
  };
  const auto built_in = KnownHosts::built_in();
  for (const auto& [host, type, print] : cases) {
    SCOPED_TRACE(host);
    const auto keys = built_in.keys_of(host, 22);
    ASSERT_EQ(keys.size(), 3U);
    EXPECT_TRUE(std::ranges::any_of(keys, [&](const HostKey& key) {
      return key.type == type && fingerprint(key) == std::string("SHA256:") + print;
    })) << type;
  }
  EXPECT_EQ(built_in.keys_of("ssh.github.com", 443).size(), 3U);
  EXPECT_TRUE(built_in.keys_of("github.com.example.org", 22).empty());
}

TEST(KnownHostsTest, MatchNamesAsOpenSshDoes) {
  struct Case {
    const char *why, *names, *host;
    std::uint16_t port;
    bool known;
  };
  constexpr Case cases[] = {
      {"the name", "git.example.org", "git.example.org", 22, true},
      {"another name", "git.example.org", "hub.example.org", 22, false},
      {"letters of any case", "git.Example.org", "GIT.example.org", 22, true},
      {"one of several", "a,b,c", "b", 22, true},
      {"a wildcard", "*.example.org", "git.example.org", 22, true},
      {"a wildcard, not more", "*.example.org", "example.org", 22, false},
      {"one letter", "git?", "git1", 22, true},
      {"an exception", "*.example.org,!bad.example.org", "bad.example.org", 22, false},
      {"the port", "[git]:2222", "git", 2222, true},
      {"another port", "[git]:2222", "git", 2223, false},
      {"the port is not 22", "[git]:2222", "git", 22, false},
      {"without a port it is any", "git", "git", 2222, true},
      {"an IPv6 address", "2001:db8::1", "2001:DB8::1", 22, true},
      {"an IPv6 address and a port", "[2001:db8::1]:2222", "2001:db8::1", 2222, true},
  };
  for (const auto& [why, names, host, port, known] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(!hosts(std::string(names) + " " + kKey).keys_of(host, port).empty(), known);
  }
}

TEST(KnownHostsTest, MayBeginWithAByteOrderMark) {
  EXPECT_EQ(hosts(std::string("\xef\xbb\xbfgit ") + kKey).keys_of("git", 22).size(), 1U);
}

TEST(KnownHostsTest, RevokeByEachNameOfAHost) {
  const std::string key = kKey;
  const auto other = test::make_key("-t ed25519").public_line;
  const auto known =
      hosts("git " + key + "\n@revoked [git]:2222 " + other + "\n@revoked git " + key);
  for (const auto& revoked : {key, other}) {
    EXPECT_TRUE(known.is_revoked("git", 2222, hosts("git " + revoked).keys_of("git", 22)[0]));
  }
}

TEST(KnownHostsTest, MatchNamesHashedBySshKeygen) {
  const test::TemporaryFolder folder;
  folder.write("hosts", std::string("git.example.org ") + kKey + "\n[hub]:2222 " + kKey + "\n");
  test::shell("ssh-keygen -q -H -f " + folder / "hosts");
  std::ifstream file(folder / "hosts");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  ASSERT_TRUE(text.starts_with("|1|")) << text;
  EXPECT_EQ(hosts(text).keys_of("git.example.org", 22).size(), 1U);
  EXPECT_EQ(hosts(text).keys_of("hub", 2222).size(), 1U);
  EXPECT_TRUE(hosts(text).keys_of("hub", 22).empty());
}

TEST(KnownHostsTest, TakeCommentsMarksAndPastedNewlines) {
  const auto known = hosts(std::string("# mine\\n\\na ") + kKey + " a comment\\n@revoked b " +
                           kKey + "\r\n@cert-authority *.example.org " + kKey + "\n");
  EXPECT_EQ(known.keys_of("a", 22).size(), 1U);
  EXPECT_TRUE(known.keys_of("b", 22).empty());
  EXPECT_TRUE(known.is_revoked("b", 22, known.keys_of("a", 22)[0]));
  EXPECT_FALSE(known.is_revoked("a", 22, known.keys_of("a", 22)[0]));
  EXPECT_TRUE(known.has_authority("git.example.org", 22));
  EXPECT_TRUE(known.keys_of("git.example.org", 22).empty());
}

TEST(KnownHostsTest, NameTheLineThatIsWrong) {
  struct Case {
    const char *why, *line, *words;
  };
  const std::string key = kKey;
  const std::string without_host = key;
  const std::string damaged = "git " + key.substr(0, key.size() - 4);
  const std::string other_type = "git ssh-rsa " + key.substr(12);
  const Case cases[] = {
      {"no host", without_host.c_str(), "there is no host before the key type ssh-ed25519"},
      {"no key", "git", "there is no key type after the host"},
      {"not base64", "git ssh-ed25519 AAAA*", "the ssh-ed25519 key is damaged"},
      {"the type of another", other_type.c_str(), "the ssh-rsa key is damaged"},
      {"nothing but its type", "git ssh-ed25519 AAAAC3NzaC1lZDI1NTE5",
       "the ssh-ed25519 key is damaged"},
      {"a mark nobody knows", "@trusted git ssh-ed25519 AAAA", "unknown mark @trusted"},
  };
  for (const auto& [why, line, words] : cases) {
    SCOPED_TRACE(why);
    const auto parsed = KnownHosts::parse(std::string("# first\n") + line);
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code, ErrorCode::configuration);
    EXPECT_EQ(parsed.error().message, std::string("known hosts, line 2: ") + words);
    EXPECT_NE(parsed.error().hint.find("HOST ssh-ed25519"), std::string::npos);
  }
}

}  // namespace
}  // namespace dunlin::ssh
