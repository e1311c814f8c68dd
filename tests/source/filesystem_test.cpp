#include "source/filesystem.hpp"

#include "source/paths.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>

namespace dunlin {
namespace {

using test::paths;
using test::TemporaryFolder;

Listing list(const TemporaryFolder& folder, const std::vector<std::string>& locations) {
  auto listing = FilesystemSource(folder.path()).list(locations);
  EXPECT_TRUE(listing) << listing.error().message;
  return listing ? *std::move(listing) : Listing{};
}

TEST(FilesystemSourceTest, ListsEveryFileByItsPathBelowTheLocation) {
  const TemporaryFolder folder;
  folder.write("sql/V2__b.sql", "select 2;");
  folder.write("sql/V1__a.sql", "select 1;\n");
  folder.write("sql/a/b/V3__c.sql", "");
  folder.write("sql/.V4__hidden.sql", "");
  folder.write("sql/.git/V5__in_hidden_folder.sql", "");
  folder.write("other/V6__elsewhere.sql", "");
  const auto listing = list(folder, {"filesystem:sql"});
  ASSERT_EQ(listing.locations.size(), 1U);
  const auto& location = listing.locations.front();
  EXPECT_TRUE(location.found);
  EXPECT_EQ(paths(location), (std::vector<std::string>{".V4__hidden.sql", "V1__a.sql", "V2__b.sql",
                                                       "a/b/V3__c.sql"}));
  EXPECT_EQ(location.files[1].shown, folder / "sql/V1__a.sql");
  EXPECT_EQ(location.files[1].read().value(), "select 1;\n");
}

TEST(FilesystemSourceTest, TakesAbsoluteLocationsAndWildcards) {
  const TemporaryFolder folder;
  folder.write("db/a/sql/V1__a.sql", "");
  folder.write("db/b/sql/V2__b.sql", "");
  folder.write("db/b/other/V3__c.sql", "");
  const auto listing = list(folder, {"filesystem:" + folder / "db/*/sql", "filesystem:db/b/ot?er"});
  ASSERT_EQ(listing.locations.size(), 2U);
  EXPECT_EQ(paths(listing.locations[0]), (std::vector<std::string>{"V1__a.sql", "V2__b.sql"}));
  EXPECT_EQ(paths(listing.locations[1]), (std::vector<std::string>{"V3__c.sql"}));
}

TEST(FilesystemSourceTest, SaysWhyALocationIsNotThere) {
  const TemporaryFolder folder;
  folder.write("sql/V1__a.sql", "");
  const auto listing = list(folder, {"filesystem:nowhere", "filesystem:sql/V1__a.sql", "sql"});
  ASSERT_EQ(listing.locations.size(), 3U);
  for (const auto& location : listing.locations) EXPECT_FALSE(location.found) << location.text;
  EXPECT_EQ(listing.locations[0].text, "classpath:sql");
  EXPECT_EQ(listing.locations[1].root, folder / "nowhere");
  EXPECT_EQ(listing.locations[1].text, "filesystem:" + folder / "nowhere");
  EXPECT_EQ(listing.locations[1].problem, "not found");
  EXPECT_EQ(listing.locations[2].problem, "not a directory");
}

TEST(FilesystemSourceTest, KeepsTheSpellingWithoutAWorkingDirectory) {
  const auto listing = FilesystemSource().list({"filesystem:./no-such-folder", "filesystem:no*"});
  ASSERT_TRUE(listing);
  EXPECT_EQ(listing->locations[0].root, "./no-such-folder");
  EXPECT_EQ(listing->locations[1].root, "");
  EXPECT_EQ(listing->locations[1].problem, "not found");  // as Flyway, which looks for ""
}

TEST(FilesystemSourceTest, FollowsLinksButNotInCircles) {
  const TemporaryFolder folder;
  folder.write("real/V1__a.sql", "select 1;");
  std::filesystem::create_directory(folder / "sql");
  std::filesystem::create_directory_symlink("../real", folder / "sql/linked");
  std::filesystem::create_symlink("linked/V1__a.sql", folder / "sql/V2__b.sql");
  EXPECT_EQ(paths(list(folder, {"filesystem:sql"}).locations.front()),
            (std::vector<std::string>{"V2__b.sql", "linked/V1__a.sql"}));
  std::filesystem::create_directory_symlink("../sql", folder / "sql/loop");
  const auto listing = FilesystemSource(folder.path()).list({"filesystem:sql"});
  ASSERT_FALSE(listing);
  EXPECT_EQ(listing.error().code, ErrorCode::source_failed);
  EXPECT_NE(listing.error().message.find(folder / "sql/loop"), std::string::npos);
}

TEST(FilesystemSourceTest, PassesOverWhatIsNoFile) {
  const TemporaryFolder folder;
  folder.write("sql/V1__a.sql", "");
  ASSERT_EQ(mkfifo((folder / "sql/V2__pipe.sql").c_str(), 0600), 0);
  std::filesystem::create_symlink("nothing", folder / "sql/V3__dangling.sql");
  std::filesystem::create_symlink("user@host.123", folder / "sql/.#V1__a.sql");
  const auto listing = list(folder, {"filesystem:sql"});
  EXPECT_EQ(paths(listing.locations.front()), (std::vector<std::string>{"V1__a.sql"}));
  ASSERT_EQ(listing.notes.size(), 1U);
  EXPECT_NE(listing.notes.front().find("V3__dangling.sql"), std::string::npos);
}

TEST(FilesystemSourceTest, RefusesAFolderItCannotRead) {
  const TemporaryFolder folder;
  folder.write("sql/closed/V1__a.sql", "");
  chmod(folder.path().c_str(), 0755);
  chmod((folder / "sql/closed").c_str(), 0);
  const auto me = geteuid();
  if (me == 0) setfsuid(65534);  // root may read everything
  const auto listing = FilesystemSource(folder.path()).list({"filesystem:sql"});
  setfsuid(me);
  chmod((folder / "sql/closed").c_str(), 0700);
  ASSERT_FALSE(listing);
  EXPECT_EQ(listing.error().code, ErrorCode::source_failed);
  EXPECT_NE(listing.error().message.find(folder / "sql/closed"), std::string::npos);
}

TEST(FilesystemSourceTest, ListsTwentyThousandFilesAtOnce) {
  const TemporaryFolder folder;
  for (int i = 0; i < 20000; ++i)
    folder.write("sql/" + std::to_string(i / 1000) + "/V" + std::to_string(i) + "__x.sql", "");
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(list(folder, {"filesystem:sql"}).locations.front().files.size(), 20000U);
  RecordProperty("milliseconds", static_cast<int>((std::chrono::steady_clock::now() - start) /
                                                  std::chrono::milliseconds(1)));
}

TEST(ReadFileTest, ReadsBytesAsTheyAre) {
  const TemporaryFolder folder;
  using namespace std::string_literals;
  for (const auto& content : {""s, "a\0b\r\n\xFF"s, std::string(300000, 'x')})
    EXPECT_EQ(read_file(folder.write("f", content)).value(), content);
}

TEST(ReadFileTest, NamesWhatItCannotRead) {
  const TemporaryFolder folder;
  for (const auto& path : {folder / "missing", folder.path()}) {
    const auto text = read_file(path);
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().code, ErrorCode::script_unreadable);
    EXPECT_NE(text.error().message.find(path), std::string::npos);
  }
}

TEST(ReadFileTest, SeesAFileThatChangesMeanwhile) {
  // Files of /proc have size 0 and content: to a reader they look like one that has just grown.
  const auto text = read_file("/proc/self/status");
  ASSERT_FALSE(text);
  EXPECT_NE(text.error().message.find("changed while it was being read"), std::string::npos);
}

}  // namespace
}  // namespace dunlin
