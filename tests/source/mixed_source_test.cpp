#include "source/mixed_source.hpp"

#include "source/filesystem.hpp"
#include "support/git_repository.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace dunlin {
namespace {

class MixedSourceTest : public testing::Test {
 protected:
  MixedSourceTest() {
    repository_.write("sql/V1__a.sql", "select 1;");
    repository_.write("more/V2__b.sql", "select 2;");
    repository_.write("README", "not a script");
    id_ = repository_.commit("A commit");
    folder_.write("here/V3__c.sql", "select 3;");
  }
  OpenRepository opener() {
    return [this](const GitLocation& location, std::vector<std::string> folders) {
      ++opened_;
      wanted_ = folders;
      return open_repository({.url = location.repository,
                              .ref = location.ref.empty() ? "HEAD" : location.ref,
                              .wanted = std::move(folders)});
    };
  }
  std::string git(const std::string& folder) { return "git:" + repository_.path() + "//" + folder; }

  test::GitRepository repository_;
  test::TemporaryFolder folder_;
  std::string id_;
  int opened_ = 0;
  std::vector<std::string> wanted_;
  FilesystemSource folders_;
};

TEST_F(MixedSourceTest, ListsFoldersAndRepositoriesSideBySide) {
  MixedSource source(folders_, opener());
  const auto listing =
      source.list({git("sql"), "filesystem:" + folder_ / "here", git("more"), git("nowhere")});
  ASSERT_TRUE(listing) << listing.error().message;
  ASSERT_EQ(listing->locations.size(), 4U);
  EXPECT_TRUE(std::ranges::is_sorted(listing->locations, {}, &Listing::Location::text));
  const auto& sql = listing->locations.back();
  EXPECT_EQ(sql.text, git("sql"));
  EXPECT_EQ(sql.root, "repo@" + id_.substr(0, 7) + ":sql");
  ASSERT_EQ(sql.files.size(), 1U);
  EXPECT_EQ(sql.files[0].read().value(), "select 1;");
  EXPECT_EQ(listing->locations[2].problem, "not found");
  EXPECT_EQ(opened_, 1) << "one repository is fetched once";
  EXPECT_EQ(wanted_, (std::vector<std::string>{"sql", "more", "nowhere"}));
  ASSERT_EQ(listing->origins.size(), 1U);
  EXPECT_EQ(listing->origins[0].commit, id_);
}

TEST_F(MixedSourceTest, FetchesOnceForScriptsAndCallbacks) {
  MixedSource source(folders_, opener());
  ASSERT_TRUE(source.list({git("sql")}));
  const auto callbacks = source.list({git("more")});
  ASSERT_TRUE(callbacks) << callbacks.error().message;
  EXPECT_EQ(callbacks->locations[0].files.size(), 1U);
  EXPECT_EQ(opened_, 1);
}

TEST_F(MixedSourceTest, NamesWhatItDropsByItsWholeAddress) {
  MixedSource source(folders_, opener());
  const auto listing = source.list({git("sql"), git("sql/")});
  ASSERT_TRUE(listing) << listing.error().message;
  EXPECT_EQ(listing->locations.size(), 1U);
  ASSERT_EQ(listing->notes.size(), 1U);
  EXPECT_NE(listing->notes[0].find("'" + git("sql") + "'"), std::string::npos) << listing->notes[0];
}

TEST_F(MixedSourceTest, FailsWhenTheRepositoryDoes) {
  MixedSource source(folders_, opener());
  const auto listing = source.list({git("sql") + "?ref=nobody"});
  ASSERT_FALSE(listing);
  EXPECT_EQ(listing.error().code, ErrorCode::missing_branch);
}

}  // namespace
}  // namespace dunlin
