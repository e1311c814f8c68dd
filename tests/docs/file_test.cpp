#include "docs/file.hpp"

#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace dunlin::docs {
namespace {

namespace fs = std::filesystem;

TEST(FileTest, ReplacesTheFileBehindALinkAndKeepsItsPermissions) {
  const test::TemporaryFolder folder;
  const fs::path file = folder / "README.md";
  const fs::path link = folder / "link.md";
  std::ofstream(file) << "old";
  fs::permissions(file, fs::perms{0640});
  fs::create_symlink("README.md", link);
  ASSERT_TRUE(replace_file(link, "new"));
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(read_file(file).value(), "new");
  EXPECT_EQ(fs::status(file).permissions(), fs::perms{0640});
  EXPECT_EQ(std::distance(fs::directory_iterator(fs::path(file).parent_path()), {}), 2)
      << "nothing is left beside it";
}

TEST(FileTest, NamesAFileThatIsNotThere) {
  const test::TemporaryFolder folder;
  const auto read = read_file(folder / "none.md");
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, ErrorCode::configuration);
  EXPECT_TRUE(read.error().message.ends_with("none.md cannot be read: No such file or directory"))
      << read.error().message;
  EXPECT_FALSE(replace_file(folder / "none.md", "x"));
  EXPECT_FALSE(read_file(folder / "."));
}

}  // namespace
}  // namespace dunlin::docs
