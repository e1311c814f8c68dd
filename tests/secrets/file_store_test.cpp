#include "secrets/file_store.hpp"

#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

class FileStoreTest : public testing::Test {
 protected:
  std::string write(const char* name, std::string_view text) const {
    return folder.write(name, text);
  }
  static Result<Secret> fetch(const std::string& path, const std::string& id) {
    return std::move(FileStore(path).fetch(std::span(&id, 1)).at(0));
  }
  test::TemporaryFolder folder;
};

TEST_F(FileStoreTest, ReadsTextsAndTablesFromToml) {
  const std::string path = write("secrets.toml", R"(
"github@owner@path@key" = """
-----BEGIN KEY-----
abc
"""
["db@sqladmin"]
username = "sqladmin"
password = "p'\"x"
port = 5432
list = [1, true]
)");
  EXPECT_EQ(fetch(path, "github@owner@path@key")->reveal(), "-----BEGIN KEY-----\nabc\n");
  const auto json = fetch(path, "db@sqladmin");
  ASSERT_TRUE(json) << json.error().message;
  EXPECT_EQ(json->reveal(),
            R"({"list":[1,true],"password":"p'\"x","port":5432,"username":"sqladmin"})");
}

TEST_F(FileStoreTest, ReadsTextsAndObjectsFromJson) {
  const std::string path =
      write("secrets.json", R"({"key":"k\n","db@x":{"password":"p","port":5432,"l":[1,null]}})");
  EXPECT_EQ(fetch(path, "key")->reveal(), "k\n");
  EXPECT_EQ(fetch(path, "db@x")->reveal(), R"({"l":[1,null],"password":"p","port":5432})");
}

TEST_F(FileStoreTest, SaysWhatIsWrongAndShowsNoValue) {
  const std::string good = write("good.toml", "\"db@sqladmin\" = \"hunter2\"\n");
  const std::string number = write("number.toml", "a = 'hunter2'\nb = 7\n");
  const std::string broken = write("broken.toml", "a = 'x'\nb = hunter2\n");
  const std::string list = write("list.json", R"(["hunter2"])");
  std::string dotted = "a";
  for (int i = 0; i < 200'000; ++i) dotted += ".hunter2";
  const std::string deep = write("deep.toml", dotted + " = 1");
  const std::string odd = write("odd.toml", "é = 'hunter2'");
  const std::string bracket = write("bracket.toml", "[:hunter2]");
  const std::string none = folder / "none.toml";
  struct Case {
    const char* why;
    std::string path, id, expected;
  };
  const Case cases[] = {
      {"no such id", good, "db@sqladmim", "secret db@sqladmim is not in " + good},
      {"a number", number, "a", "the secret b in " + number + " is neither a string nor a table"},
      {"nesting without end", deep, "a", "the secrets file " + deep + " is not TOML: see line 1"},
      {"letters where TOML has none", odd, "a",
       "the secrets file " + odd + " is not TOML: see line 1"},
      {"what toml++ takes for granted", bracket, "a",
       "the secrets file " + bracket + " is not TOML"},
      {"no TOML", broken, "a", "the secrets file " + broken + " is not TOML: see line 2"},
      {"no object", list, "a", "the secrets file " + list + " is not a JSON object"},
      {"no file", none, "a",
       "the secrets file " + none + " cannot be read: No such file or directory"},
  };
  for (const auto& [why, path, id, expected] : cases) {
    SCOPED_TRACE(why);
    const auto secret = fetch(path, id);
    ASSERT_FALSE(secret);
    EXPECT_EQ(secret.error().code, ErrorCode::secret_unavailable);
    EXPECT_EQ(secret.error().message, expected);
    EXPECT_FALSE((secret.error().message + secret.error().hint).contains("hunter2"));
  }
  EXPECT_EQ(fetch(good, "db@sqladmim").error().hint, "there is db@sqladmin");
}

}  // namespace
}  // namespace dunlin
