#include "database/url.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

TEST(UrlKindTest, IsToldByTheScheme) {
  struct Case {
    const char* url;
    UrlKind kind;
  };
  constexpr Case cases[] = {
      {"jdbc:postgresql://localhost/x", UrlKind::postgresql},
      {"jdbc:postgresql:x", UrlKind::postgresql},
      {"postgresql://u:p@h/x", UrlKind::postgresql},
      {"postgres://h/x", UrlKind::postgresql},
      {"host=h dbname=x", UrlKind::postgresql},
      {"service = prod", UrlKind::postgresql},
      {"jdbc:sqlite:x.db", UrlKind::sqlite},
      {" jdbc:sqlite:x.db\n", UrlKind::sqlite},
      {"sqlite:x.db", UrlKind::sqlite},
  };
  for (const auto& [url, kind] : cases) {
    SCOPED_TRACE(url);
    ASSERT_TRUE(kind_of_url(url));
    EXPECT_EQ(*kind_of_url(url), kind);
  }
}

TEST(UrlKindTest, RefusesTheRestWithoutShowingItsPassword) {
  struct Case {
    const char *why, *url, *message;
  };
  constexpr Case cases[] = {
      {"nothing", "", "Configure the url, user and password!"},
      {"another database", "jdbc:nothing:x", "plugin found to handle jdbc:nothing. See"},
      {"no scheme", "nonsense", "plugin found: the url has no scheme. See"},
      {"a password in its place", "geheim", "the url has no scheme"},
      {"a password and a host", "geheim/x@db.example:5432", "the url has no scheme"},
      {"a password behind jdbc", "jdbc:geheim/x", "to handle jdbc. See"},
      {"a password in it", "mysql://me:geheim@h/x", "to handle mysql. See"},
      {"a password as a parameter", "jdbc:mysql?password=geheim", "to handle jdbc. See"},
      {"a host alone", "me:geheim@db.example", "to handle me. See"},
  };
  for (const auto& [why, url, message] : cases) {
    SCOPED_TRACE(why);
    const auto kind = kind_of_url(url);
    ASSERT_FALSE(kind);
    EXPECT_EQ(kind.error().code, ErrorCode::configuration);
    EXPECT_TRUE(kind.error().message.contains(message)) << kind.error().message;
    EXPECT_FALSE(kind.error().message.contains("geheim")) << kind.error().message;
  }
}

}  // namespace
}  // namespace dunlin
