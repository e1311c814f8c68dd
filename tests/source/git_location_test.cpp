#include "source/git_location.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

TEST(GitLocationTest, PartsRepositoryFolderAndQuery) {
  struct Case {
    const char *why, *text, *repository, *folder, *ref, *commit;
  };
  const std::string id = "0123456789abcdef0123456789abcdef01234567";
  const auto with_commit = "git:/srv/repo.git//sql?ref=v1&commit=" + id;
  const Case cases[] = {
      {"the usual form", "git@host:owner/repo.git//sql?ref=main", "git@host:owner/repo.git", "sql",
       "main", ""},
      {"no folder is the whole of it", "git:git@host:o/r.git", "git@host:o/r.git", "", "", ""},
      {"no ref is the default branch", "https://host/o/r.git//db/sql/", "https://host/o/r.git",
       "db/sql", "", ""},
      {"a port and a deep path", "ssh://git@host:2222/o/r.git//a/b?ref=refs/pull/7/head",
       "ssh://git@host:2222/o/r.git", "a/b", "refs/pull/7/head", ""},
      {"a file URL", "git:file:///srv/repo.git//sql", "file:///srv/repo.git", "sql", "", ""},
      {"a path, and a commit", with_commit.c_str(), "/srv/repo.git", "sql", "v1", id.c_str()},
      {"wildcards stay wildcards", "git:./repo//db/?/s*l?ref=a%26b", "./repo", "db/?/s*l", "a&b",
       ""},
      {"a wildcard alone is no query", "git:./repo//db/?", "./repo", "db/?", "", ""},
  };
  for (const auto& [why, text, repository, folder, ref, commit] : cases) {
    SCOPED_TRACE(why);
    EXPECT_TRUE(is_git_location(text));
    const auto location = parse_git_location(text);
    ASSERT_TRUE(location) << location.error().message;
    EXPECT_EQ(location->repository, repository);
    EXPECT_EQ(location->folder, folder);
    EXPECT_EQ(location->ref, ref);
    EXPECT_EQ(location->expected_commit, commit);
  }
}

TEST(GitLocationTest, RefusesWhatItCannotMean) {
  struct Case {
    const char *why, *text, *words;
  };
  constexpr Case cases[] = {
      {"an unknown parameter", "git@h:o/r//sql?branch=x", "not branch"},
      {"a short id", "git@h:o/r//sql?commit=1a2b3c4", "no full commit id"},
      {"no encryption", "git://host/r.git//sql", "not supported"},
      {"a password in the address", "https://me:hunter2@host/r.git//sql", "holds a password"},
      {"no repository", "git:", "names no repository"},
  };
  for (const auto& [why, text, words] : cases) {
    SCOPED_TRACE(why);
    const auto location = parse_git_location(text);
    ASSERT_FALSE(location);
    EXPECT_EQ(location.error().code, ErrorCode::configuration);
    EXPECT_NE(location.error().message.find(words), std::string::npos) << location.error().message;
    EXPECT_EQ(location.error().message.find("hunter2"), std::string::npos);
  }
}

TEST(GitLocationTest, LeavesOtherLocationsAlone) {
  for (const auto* const text : {"filesystem:sql", "classpath:db", "sql", "s3:bucket", "gitstuff"})
    EXPECT_FALSE(is_git_location(text)) << text;
}

}  // namespace
}  // namespace dunlin
