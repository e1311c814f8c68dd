#include "source/git_source.hpp"

#include "source/paths.hpp"
#include "support/git_repository.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

using test::GitRepository;
using test::paths;

std::unique_ptr<GitSource> source_of(const GitRepository& repository) {
  repository.commit("A commit");
  auto source = open_repository({.url = repository.path(), .ref = "master"});
  EXPECT_TRUE(source) << source.error().message;
  return source ? *std::move(source) : nullptr;
}

TEST(GitSourceTest, ListsTheCheckoutWithoutOne) {
  const GitRepository repository;
  repository.write("sql/V1__a.sql", "select 1;");
  repository.write("sql/b/c/V2__b.sql", "select 2;");
  repository.write("sql/.V3__hidden.sql", "");
  repository.write("sql/.hidden/V4__x.sql", "");
  repository.write("sql-more/V5__y.sql", "");
  const auto source = source_of(repository);
  const auto listing = source->list(
      {"filesystem:./sql", "filesystem:sql/V1__a.sql", "filesystem:nowhere", "filesystem:s*"});
  ASSERT_TRUE(listing) << listing.error().message;
  ASSERT_EQ(listing->locations.size(), 4U);
  const auto& sql = listing->locations[0];
  EXPECT_EQ(sql.text, "filesystem:./sql");
  EXPECT_EQ(paths(sql),
            (std::vector<std::string>{".V3__hidden.sql", "V1__a.sql", "b/c/V2__b.sql"}));
  EXPECT_EQ(sql.files[1].shown, source->name() + ":sql/V1__a.sql");
  EXPECT_EQ(sql.files[1].read().value(), "select 1;");
  EXPECT_EQ(listing->locations[1].problem, "not found");
  EXPECT_EQ(listing->locations[2].problem, "");
  EXPECT_EQ(paths(listing->locations[2]), (std::vector<std::string>{".V3__hidden.sql", "V1__a.sql",
                                                                    "V5__y.sql", "b/c/V2__b.sql"}));
  EXPECT_EQ(listing->locations[3].problem, "not a directory");
}

TEST(GitSourceTest, ReadsOneFile) {
  const GitRepository repository;
  repository.write("flyway.conf", "flyway.table=t");
  const auto source = source_of(repository);
  ASSERT_TRUE(source->find("./flyway.conf").value());
  EXPECT_EQ(source->find("flyway.conf").value()->read().value(), "flyway.table=t");
  EXPECT_EQ(source->find("flyway.conf").value()->shown, source->name() + ":flyway.conf");
  for (const auto* const none : {"flyway.toml", "../flyway.conf", "/flyway.conf", "."})
    EXPECT_FALSE(source->find(none).value()) << none;
  EXPECT_TRUE(source->name().starts_with("repo@")) << source->name();
  EXPECT_EQ(source->commit().subject, "A commit");
  EXPECT_EQ(source->ref(), "refs/heads/master");
}

TEST(GitSourceTest, FollowsLinksInsideTheRepository) {
  const GitRepository repository;
  repository.write("real/V1__a.sql", "select 1;");
  repository.write("sql/V2__b.sql", "select 2;");
  repository.run(
      "ln -s ../real sql/linked && ln -s linked/V1__a.sql sql/V3__c.sql"
      " && ln -s nothing sql/V4__d.sql && ln -s sql db");
  const auto source = source_of(repository);
  for (const auto* const location : {"filesystem:sql", "filesystem:db"}) {
    const auto listing = source->list({location});
    ASSERT_TRUE(listing) << listing.error().message;
    EXPECT_EQ(paths(listing->locations[0]),
              (std::vector<std::string>{"V2__b.sql", "V3__c.sql", "linked/V1__a.sql"}));
    EXPECT_EQ(listing->locations[0].files[1].read().value(), "select 1;");
    EXPECT_EQ(listing->notes.size(), 1U);
  }
}

TEST(GitSourceTest, RefusesWhatIsNotInTheRepository) {
  struct Case {
    const char *why, *command, *words;
  };
  constexpr Case cases[] = {
      {"an absolute link", "ln -s /etc/passwd sql/V2__x.sql", "leaves the repository"},
      {"a link above the root", "ln -s ../../x sql/V2__x.sql", "leaves the repository"},
      {"a link to itself", "ln -s V2__x.sql sql/V2__x.sql", "too many symbolic links"},
      {"a folder that leads back", "ln -s ../sql sql/loop", "leads back"},
      {"two that lead to each other",
       "mkdir o && touch o/x && ln -s ../o sql/a && ln -s ../sql o/b", "leads back"},
      {"a submodule", "git init -q sql/sub && git -C sql/sub commit -q --allow-empty -m x 2>&1",
       "Git submodule"},
  };
  for (const auto& [why, command, words] : cases) {
    SCOPED_TRACE(why);
    const GitRepository repository;
    repository.write("sql/V1__a.sql", "");
    repository.write("other/V1__a.sql", "");
    repository.run(command);
    const auto source = source_of(repository);
    const auto listing = source->list({"filesystem:sql"});
    ASSERT_FALSE(listing);
    EXPECT_EQ(listing.error().code, ErrorCode::source_failed);
    EXPECT_NE(listing.error().message.find(words), std::string::npos) << listing.error().message;
    EXPECT_TRUE(source->list({"filesystem:other"})) << "elsewhere it does no harm";
  }
}

TEST(GitSourceTest, RefusesLocationsOutside) {
  const GitRepository repository;
  repository.write("sql/V1__a.sql", "");
  const auto source = source_of(repository);
  for (const auto* const location :
       {"filesystem:/etc", "filesystem:../x", "filesystem:sql/../.."}) {
    const auto listing = source->list({location});
    ASSERT_FALSE(listing) << location;
    EXPECT_EQ(listing.error().code, ErrorCode::configuration);
  }
}

TEST(GitSourceTest, DoesNotTakeALfsPointerForAScript) {
  const GitRepository repository;
  repository.write("sql/V1__a.sql",
                   "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n");
  const auto source = source_of(repository);
  const auto listing = source->list({"filesystem:sql"});
  ASSERT_TRUE(listing);
  const auto text = listing->locations[0].files[0].read();
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, ErrorCode::script_unreadable);
  EXPECT_NE(text.error().message.find("Git LFS"), std::string::npos);
}

TEST(GitSourceTest, FilesOutliveTheSource) {
  const GitRepository repository;
  repository.write("sql/V1__a.sql", "select 1;");
  auto source = source_of(repository);
  const auto listing = source->list({"filesystem:sql"});
  source.reset();
  EXPECT_EQ(listing->locations[0].files[0].read().value(), "select 1;");
}

TEST(GitSourceTest, KeepsOnlyTheFilesThatWereListed) {
  git::Repository repository;
  const auto file = [](const char* text) {
    return git::File{.content = std::make_shared<const std::string>(text)};
  };
  repository.tree.files = {{"sql/V1__a.sql", file("select 1;")}, {"dump.sql", file("large")}};
  const std::weak_ptr kept = repository.tree.files.at("sql/V1__a.sql").content;
  const std::weak_ptr other = repository.tree.files.at("dump.sql").content;
  auto source = std::make_unique<GitSource>(std::move(repository));
  const auto listing = source->list({"filesystem:sql"});
  ASSERT_TRUE(listing) << listing.error().message;
  source.reset();
  EXPECT_FALSE(kept.expired());
  EXPECT_TRUE(other.expired());
}

}  // namespace
}  // namespace dunlin
