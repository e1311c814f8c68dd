#include "git/url.hpp"

#include <gtest/gtest.h>

namespace dunlin::git {
namespace {

TEST(RepositoryUrlTest, IsTakenApart) {
  struct Case {
    const char *why, *text;
    Transport transport;
    const char *user, *host;
    std::uint16_t port;
    const char *path, *name;
  };
  constexpr auto kSsh = Transport::ssh;
  constexpr auto kHttps = Transport::https;
  constexpr auto kLocal = Transport::local;
  constexpr Case cases[] = {
      {"GitHub's own form", "git@github.com:owner/repo.git", kSsh, "git", "github.com", 22,
       "owner/repo.git", "owner/repo"},
      {"without a user", "github.com:owner/repo", kSsh, "", "github.com", 22, "owner/repo",
       "owner/repo"},
      {"an absolute path", "git@host:/srv/repo.git", kSsh, "git", "host", 22, "/srv/repo.git",
       "srv/repo"},
      {"IPv6", "git@[::1]:repo.git", kSsh, "git", "::1", 22, "repo.git", "repo"},
      {"a URL with a port", "ssh://me@host:2222/owner/repo.git", kSsh, "me", "host", 2222,
       "/owner/repo.git", "owner/repo"},
      {"a URL without", "ssh://host/~me/repo", kSsh, "", "host", 22, "~me/repo", "~me/repo"},
      {"an encoded path", "ssh://host/a%20b", kSsh, "", "host", 22, "/a b", "a b"},
      {"IPv6 with a port", "ssh://git@[fe80::1]:22022/x.git", kSsh, "git", "fe80::1", 22022,
       "/x.git", "x"},
      {"https", "https://github.com/owner/repo.git/", kHttps, "", "github.com", 443,
       "/owner/repo.git", "owner/repo"},
      {"https with a user", "https://oauth2@gitlab.com:8443/g/s/repo", kHttps, "oauth2",
       "gitlab.com", 8443, "/g/s/repo", "g/s/repo"},
      {"http on this machine", "http://127.0.0.1:8080/r", kHttps, "", "127.0.0.1", 8080, "/r", "r"},
      {"a file URL", "file:///srv/repo.git", kLocal, "", "", 0, "/srv/repo.git", "repo"},
      {"a path", "/srv/some/repo/.git", kLocal, "", "", 0, "/srv/some/repo/.git", "repo"},
      {"a path with a colon", "/srv/a:b", kLocal, "", "", 0, "/srv/a:b", "a:b"},
  };
  for (const auto& [why, text, transport, user, host, port, path, name] : cases) {
    SCOPED_TRACE(why);
    const auto url = parse_url(text);
    ASSERT_TRUE(url) << url.error().message;
    EXPECT_EQ(url->transport, transport);
    EXPECT_EQ(url->user, user);
    EXPECT_EQ(url->host, host);
    EXPECT_EQ(url->port, port);
    EXPECT_EQ(url->path, path);
    EXPECT_EQ(url->name(), name);
  }
}

TEST(RepositoryUrlTest, RefusesWhatIsNoSafeAddress) {
  struct Case {
    const char *why, *text;
  };
  constexpr Case cases[] = {
      {"nothing", ""},
      {"no path", "ssh://git@host"},
      {"no path either", "git@host:"},
      {"an option in place of a path", "git@host:-oProxyCommand=x"},
      {"an option in place of a host", "ssh://-oProxyCommand=x/repo"},
      {"no port", "ssh://host:port/repo"},
      {"a port too large", "ssh://host:65536/repo"},
      {"no encryption", "http://example.org/repo"},
      {"no authentication", "git://example.org/repo"},
      {"any program at all", "ext::sh -c x"},
      {"a second line", "git@host:repo\nx"},
  };
  for (const auto& [why, text] : cases) {
    SCOPED_TRACE(why);
    const auto url = parse_url(text);
    ASSERT_FALSE(url);
    EXPECT_EQ(url.error().code, ErrorCode::configuration);
  }
}

TEST(RepositoryUrlTest, NeverShowsAPassword) {
  for (const auto* const text :
       {"https://user:hunter2@github.com/o/r", "https://user:hunter2@github.com",
        "ftp://user:hunter2@github.com/o/r", "user:hunter2@github.com:o/r"}) {
    SCOPED_TRACE(text);
    const auto url = parse_url(text);
    ASSERT_FALSE(url);
    EXPECT_EQ(url.error().message.find("hunter2"), std::string::npos) << url.error().message;
  }
}

}  // namespace
}  // namespace dunlin::git
