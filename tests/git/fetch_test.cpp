// Against git itself: a local `git upload-pack`, and sshd in front of one.
#include "base/text.hpp"
#include "git/repository.hpp"
#include "support/git_repository.hpp"
#include "support/shell.hpp"
#include "support/sshd.hpp"

#include <gtest/gtest.h>

#include <signal.h>

#include <algorithm>

namespace dunlin::git {
namespace {

using test::GitRepository;

RepositoryOptions options_for(const std::string& url, const std::string& ref) {
  return {.url = url, .ref = ref};
}

Tree tree_of(const std::string& url, const std::string& ref) {
  auto repository = fetch_repository(options_for(url, ref));
  EXPECT_TRUE(repository) << repository.error().message;
  return repository ? std::move(repository->tree) : Tree{};
}

Error error_of(const std::string& url, const std::string& ref) {
  auto repository = fetch_repository(options_for(url, ref));
  EXPECT_FALSE(repository) << url << " " << ref;
  return repository ? Error{} : repository.error();
}

std::string content(const Tree& tree, std::string_view path) {
  const auto file = tree.files.find(path);
  return file == tree.files.end() ? "(none)" : *file->second.content;
}

TEST(FetchTest, BringsTheTreeOfABranch) {
  const GitRepository repository;
  repository.write("sql/V1__a.sql", "select 1;\n");
  const auto first = repository.commit("First\n\nwith a body");
  repository.git("checkout -q -b develop");
  repository.write("sql/sub/V2__b.sql", std::string("a\0\xFF\r\n", 5));
  const auto second = repository.commit("Second");
  for (const auto& url : {repository.path(), repository.bare(), "file://" + repository.path()}) {
    SCOPED_TRACE(url);
    const auto master = tree_of(url, "master");
    EXPECT_EQ(master.commit.id, first);
    EXPECT_EQ(master.commit.author, "Ada Lovelace <a@example.org>");
    EXPECT_EQ(master.commit.date, "2021-01-02T03:04:05+01:30");
    EXPECT_EQ(master.commit.subject, "First");
    EXPECT_EQ(master.files.size(), 1U);
    const auto develop = tree_of(url, "develop");
    EXPECT_EQ(develop.commit.id, second);
    EXPECT_EQ(content(develop, "sql/V1__a.sql"), "select 1;\n");
    EXPECT_EQ(content(develop, "sql/sub/V2__b.sql"), std::string("a\0\xFF\r\n", 5));
  }
}

TEST(FetchTest, FollowsTagsAndPrefersBranches) {
  const GitRepository repository;
  repository.write("f", "one");
  const auto one = repository.commit("One");
  repository.git("tag light && git tag -a -m note annotated && git tag -a -m n nested annotated");
  repository.git("tag both");
  repository.write("f", "two");
  const auto two = repository.commit("Two");
  repository.git("branch both && git update-ref refs/pull/7/head " + one);
  for (const auto& url : {repository.path(), repository.bare()}) {
    EXPECT_EQ(tree_of(url, "light").commit.id, one);
    EXPECT_EQ(tree_of(url, "annotated").commit.id, one);
    EXPECT_EQ(tree_of(url, "nested").commit.id, one);
    EXPECT_EQ(tree_of(url, "both").commit.id, two);
    EXPECT_EQ(tree_of(url, "refs/tags/both").commit.id, one);
    EXPECT_EQ(tree_of(url, "refs/pull/7/head").commit.id, one);
    EXPECT_EQ(tree_of(url, "HEAD").commit.id, two);
  }
}

TEST(FetchTest, BringsAnyCommitByItsFullId) {
  const GitRepository repository;
  repository.write("f", "one");
  const auto one = repository.commit("One");
  repository.write("f", "two");
  const auto two = repository.commit("Two");
  for (const auto* const allow : {"true", "false"}) {
    repository.git(std::string("config uploadpack.allowReachableSHA1InWant ") + allow);
    EXPECT_EQ(content(tree_of(repository.path(), one), "f"), "one");
    EXPECT_EQ(content(tree_of(repository.path(), upper(two)), "f"), "two");
  }
  const auto error = error_of(repository.path(), "0123456789012345678901234567890123456789");
  EXPECT_EQ(error.code, ErrorCode::missing_branch) << error.message;
  EXPECT_EQ(error_of(repository.path(), one.substr(0, 12)).code, ErrorCode::missing_branch);
}

TEST(FetchTest, AFullIdIsACommitWhateverBranchesAreCalled) {
  const GitRepository repository;
  repository.write("f", "one");
  const auto one = repository.commit("One");
  repository.write("f", "two");
  repository.commit("Two");
  repository.git("config uploadpack.allowReachableSHA1InWant true");
  repository.git("update-ref refs/heads/" + one + " HEAD && git update-ref refs/tags/" + one +
                 " HEAD");
  EXPECT_EQ(content(tree_of(repository.path(), one), "f"), "one");
}

TEST(FetchTest, NamesBranchesThatLookAlike) {
  const GitRepository repository;
  repository.commit("One");
  repository.git("branch -m main && git branch develop");
  const auto master = error_of(repository.path(), "master");
  EXPECT_EQ(master.code, ErrorCode::missing_branch);
  EXPECT_NE(master.message.find("no branch or tag master"), std::string::npos) << master.message;
  EXPECT_NE(master.hint.find("main"), std::string::npos) << master.hint;
  const auto typo = error_of(repository.path(), "devlop");
  EXPECT_NE(typo.hint.find("develop"), std::string::npos) << typo.hint;
}

TEST(FetchTest, SaysThatARepositoryIsEmptyOrNone) {
  const GitRepository empty;
  const auto nothing = error_of(empty.path(), "master");
  EXPECT_EQ(nothing.code, ErrorCode::missing_branch);
  EXPECT_NE(nothing.message.find("empty"), std::string::npos) << nothing.message;
  const test::TemporaryFolder folder;
  const auto none = error_of(folder / "missing.git", "master");
  EXPECT_EQ(none.code, ErrorCode::source_failed);
  EXPECT_NE(none.message.find("missing.git"), std::string::npos) << none.message;
  EXPECT_FALSE(none.hint.empty());
}

TEST(FetchTest, AppliesDeltasOfAPackedRepository) {
  const GitRepository repository;
  std::string text;
  for (int i = 0; i < 2000; ++i) text += fmt::format("insert into t values ({});\n", i * 7919);
  for (int i = 0; i < 60; ++i)
    repository.write(fmt::format("sql/V{}__x.sql", i), text + fmt::format("-- {}\n", i) + text);
  repository.commit("Many alike");
  repository.git("gc -q --aggressive");
  ASSERT_NE(repository.run("git verify-pack -v .git/objects/pack/*.idx | grep -c chain"), "0");
  const auto tree = tree_of(repository.path(), "master");
  ASSERT_EQ(tree.files.size(), 60U);
  EXPECT_EQ(content(tree, "sql/V33__x.sql"), text + "-- 33\n" + text);
}

TEST(FetchTest, KeepsOddNamesAndKindsOfFiles) {
  const GitRepository repository;
  for (const auto* const name : {"a b", "\xC3\xA4", "-x", "new\nline", "quote'\"", "a.b", "a/b"})
    repository.write(name, name);
  repository.run("ln -s 'a b' link && chmod +x ./-x");
  repository.git(
      "update-index --add --cacheinfo 160000,0123456789012345678901234567890123456789,module");
  repository.git(
      "add -A . && git update-index --add --cacheinfo "
      "160000,0123456789012345678901234567890123456789,module && git commit -q -m odd");
  const auto tree = tree_of(repository.path(), "master");
  for (const auto* const name : {"a b", "\xC3\xA4", "-x", "new\nline", "quote'\"", "a.b", "a/b"})
    EXPECT_EQ(content(tree, name), name);
  EXPECT_EQ(tree.files.at("link").kind, File::Kind::symlink);
  EXPECT_EQ(content(tree, "link"), "a b");
  EXPECT_EQ(tree.files.at("module").kind, File::Kind::submodule);
}

TEST(FetchTest, BringsFilesOfManyMegabytes) {
  const GitRepository repository;
  std::string big;
  for (unsigned i = 0; big.size() < (5U << 20U); ++i) big += fmt::format("{:x},", i * 2654435761U);
  repository.write("sql/V1__big.sql", big);
  repository.commit("Big");
  EXPECT_TRUE(content(tree_of(repository.path(), "master"), "sql/V1__big.sql") == big);
}

TEST(FetchTest, EndsAtItsLimits) {
  const GitRepository repository;
  repository.run("head -c 300000 /dev/urandom > noise; head -c 300000 /dev/zero > zeros");
  repository.commit("Large");
  struct Case {
    const char* why;
    Limits limits;
    const char* words;
  };
  const Case cases[] = {
      {"the pack", {.pack = 100000}, "its pack is beyond the limit of 100000 bytes"},
      {"one file", {.object = 200000}, "a file is beyond the limit of 200000 bytes"},
      {"all files", {.all_objects = 400000}, "all files are beyond the limit of 400000 bytes"},
      {"how many files", {.files = 1}, "more than 1 files"},
      {"the list of branches", {.refs = 100}, "its list of branches is beyond the limit"},
  };
  for (const auto& [why, limits, words] : cases) {
    SCOPED_TRACE(why);
    auto options = options_for(repository.path(), "master");
    options.limits = limits;
    const auto fetched = fetch_repository(std::move(options));
    ASSERT_FALSE(fetched);
    EXPECT_EQ(fetched.error().code, ErrorCode::source_failed);
    EXPECT_NE(fetched.error().message.find(words), std::string::npos) << fetched.error().message;
  }
}

TEST(FetchTest, RefusesRepositoriesNamedBySha256) {
  const GitRepository repository("--object-format=sha256");
  repository.commit("One");
  const auto error = error_of(repository.path(), "master");
  EXPECT_EQ(error.code, ErrorCode::source_failed);
  EXPECT_NE(error.message.find("sha256"), std::string::npos) << error.message;
}

TEST(FetchTest, RefusesNamesThatLeadOutOfTheTree) {
  for (const auto* const name : {"..", ".git", ".GIT"}) {
    SCOPED_TRACE(name);
    const GitRepository repository;
    repository.write("blob", "x");
    const auto blob = ObjectId::parse(repository.git("hash-object -w blob")).value();
    repository.write("tree", "100644 " + std::string(name) + std::string(1, '\0') +
                                 std::string(blob.bytes.begin(), blob.bytes.end()));
    const auto tree = repository.git("hash-object -w -t tree --literally tree");
    repository.git("update-ref refs/heads/master $(git commit-tree -m bad " + tree + ")");
    const auto error = error_of(repository.path(), "master");
    EXPECT_EQ(error.code, ErrorCode::source_failed);
    EXPECT_NE(error.message.find("refused"), std::string::npos) << error.message;
  }
}

TEST(FetchTest, StopsWhenInterrupted) {
  const GitRepository repository;
  repository.commit("One");
  Interrupt interrupt;
  interrupt.request(SIGTERM);
  auto options = options_for(repository.path(), "master");
  options.interrupt = &interrupt;
  const auto fetched = fetch_repository(std::move(options));
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().code, ErrorCode::interrupted);
}

std::size_t fetched_contents(const Repository& repository) {
  return static_cast<std::size_t>(std::ranges::count_if(
      repository.tree.files, [](const auto& entry) { return entry.second.content != nullptr; }));
}

// A commit whose files together are larger than what is fetched in one go.
class PartedFetchTest : public testing::Test {
 protected:
  PartedFetchTest() {
    repository_.write("sql/V1__a.sql", "select 1;");
    repository_.write("big/data.bin", repository_.run("head -c 300000 /dev/urandom | base64"));
    repository_.run("ln -s ../sql/V1__a.sql big/link");
    id_ = repository_.commit("One");
  }
  Result<Repository> fetch(const std::string& ref, std::vector<std::string> wanted) {
    return fetch_repository({.url = repository_.path(),
                             .ref = ref,
                             .wanted = std::move(wanted),
                             .limits = {.whole = 100'000}});
  }
  void allow() { repository_.git("config uploadpack.allowFilter true"); }
  GitRepository repository_;
  std::string id_;
};

TEST_F(PartedFetchTest, BringsOnlyTheFilesThatAreWanted) {
  allow();
  for (const auto& ref : {std::string("master"), std::string("HEAD"), id_}) {
    SCOPED_TRACE(ref);
    const auto fetched = fetch(ref, {"flyway.conf", "sql"});
    ASSERT_TRUE(fetched) << fetched.error().message;
    EXPECT_EQ(fetched->tree.commit.id, id_);
    EXPECT_EQ(fetched->tree.files.size(), 3U);
    EXPECT_EQ(content(fetched->tree, "sql/V1__a.sql"), "select 1;");
    EXPECT_EQ(content(fetched->tree, "big/link"), "../sql/V1__a.sql");
    EXPECT_EQ(fetched->tree.files.at("big/data.bin").content, nullptr);
  }
}

TEST_F(PartedFetchTest, BringsAnotherFileWhenItIsAskedFor) {
  allow();
  auto fetched = fetch("master", {"sql"});
  ASSERT_TRUE(fetched) << fetched.error().message;
  ASSERT_TRUE(fetched->load({"big/data.bin", "sql/V1__a.sql", "nowhere"}));
  EXPECT_EQ(content(fetched->tree, "big/data.bin") + "\n",
            repository_.run("cat big/data.bin") + "\n");
}

TEST_F(PartedFetchTest, TakesAllWhereTheServerFiltersNothingOrAllIsWanted) {
  for (const bool allowed : {false, true}) {
    if (allowed) allow();
    const auto fetched =
        fetch("master", allowed ? std::vector<std::string>{} : std::vector<std::string>{"sql"});
    ASSERT_TRUE(fetched) << fetched.error().message;
    EXPECT_EQ(fetched_contents(*fetched), 3U);
  }
}

TEST_F(PartedFetchTest, TakesASmallCommitInOneGo) {
  allow();
  const auto fetched =
      fetch_repository({.url = repository_.path(), .ref = "master", .wanted = {"sql"}});
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_EQ(fetched_contents(*fetched), 3U);
}

TEST(FetchTest, RefusesACommitThatIsNotTheOneExpected) {
  const GitRepository repository;
  const auto one = repository.commit("One");
  const auto two = repository.commit("Two");
  const auto expecting = [&](const std::string& id) {
    return fetch_repository({.url = repository.path(), .ref = "master", .expected_commit = id});
  };
  EXPECT_TRUE(expecting(two));
  EXPECT_TRUE(expecting(upper(two)));
  const auto refused = expecting(one);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::commit_refused);
  for (const auto& part : {one, two, std::string("\"Two\"")})
    EXPECT_NE(refused.error().message.find(part), std::string::npos) << refused.error().message;
}

TEST(FetchTest, NamesTheBranchThatHeadStandsFor) {
  const GitRepository repository;
  const auto id = repository.commit("One");
  auto fetched = fetch_repository({.url = repository.path(), .ref = "HEAD"});
  ASSERT_TRUE(fetched) << fetched.error().message;
  EXPECT_EQ(fetched->ref, "refs/heads/master");
}

class SshFetchTest : public testing::Test {
 protected:
  [[nodiscard]] RepositoryOptions options(const std::string& path, const std::string& ref) const {
    return {.url = fmt::format("ssh://{}@127.0.0.1:{}{}", server_.user(), server_.port(), path),
            .ref = ref,
            .key = Secret(key_.private_text),
            .known_hosts = server_.known_hosts()};
  }
  GitRepository repository_;
  test::KeyPair key_ = test::make_key("-t ed25519");
  test::Sshd server_{{.authorized_keys = key_.public_line}};
};

TEST_F(SshFetchTest, BringsBranchTagAndCommit) {
  repository_.write("sql/V1__it's.sql", "select 1;");
  const auto one = repository_.commit("One");
  repository_.git("tag -a -m note v1");
  repository_.write("sql/V2__b.sql", "select 2;");
  const auto two = repository_.commit("Two");
  for (const auto& [ref, id] : {std::pair{std::string("master"), two}, {"v1", one}, {two, two}}) {
    auto fetched = fetch_repository(options(repository_.path(), ref));
    ASSERT_TRUE(fetched) << fetched.error().message;
    EXPECT_EQ(fetched->tree.commit.id, id);
    EXPECT_EQ(content(fetched->tree, "sql/V1__it's.sql"), "select 1;");
  }
}

TEST_F(SshFetchTest, BringsPartsWhereTheServerTakesTheVariableForProtocol2) {
  repository_.write("sql/V1__a.sql", "select 1;");
  repository_.write("big/data.bin", repository_.run("head -c 300000 /dev/urandom | base64"));
  repository_.git("config uploadpack.allowFilter true");
  repository_.commit("One");
  for (const auto* const extra : {"", "AcceptEnv GIT_PROTOCOL"}) {
    SCOPED_TRACE(extra);
    const test::Sshd server({.authorized_keys = key_.public_line, .extra = extra});
    auto asked = options(repository_.path(), "master");
    asked.url =
        fmt::format("ssh://{}@127.0.0.1:{}{}", server.user(), server.port(), repository_.path());
    asked.known_hosts = server.known_hosts();
    asked.wanted = {"sql"};
    asked.limits.whole = 100'000;
    const auto fetched = fetch_repository(std::move(asked));
    ASSERT_TRUE(fetched) << fetched.error().message;
    EXPECT_EQ(content(fetched->tree, "sql/V1__a.sql"), "select 1;");
    EXPECT_EQ(fetched_contents(*fetched), *extra == '\0' ? 2U : 1U);
  }
}

TEST_F(SshFetchTest, FindsACommitThatTheServerDoesNotOffer) {
  // sshd refuses the variable that asks for protocol 2, so that the server speaks version 0.
  repository_.write("f", "one");
  const auto one = repository_.commit("One");
  repository_.write("f", "two");
  repository_.commit("Two");
  for (const auto* const allow : {"true", "false"}) {
    SCOPED_TRACE(allow);
    repository_.git(std::string("config uploadpack.allowReachableSHA1InWant ") + allow);
    auto fetched = fetch_repository(options(repository_.path(), one));
    ASSERT_TRUE(fetched) << fetched.error().message;
    EXPECT_EQ(content(fetched->tree, "f"), "one");
    const auto missing = fetch_repository(options(repository_.path(), std::string(40, 'a')));
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, ErrorCode::missing_branch) << missing.error().message;
  }
}

TEST_F(SshFetchTest, ShowsWhatTheServerComplainsAbout) {
  const auto fetched = fetch_repository(options("/no/such/repo.git", "master"));
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().code, ErrorCode::source_failed);
  EXPECT_NE(fetched.error().message.find("does not appear to be a git repository"),
            std::string::npos)
      << fetched.error().message;
  EXPECT_NE(fetched.error().hint.find("key"), std::string::npos);
}

TEST_F(SshFetchTest, TakesKnownHostsFromAFile) {
  repository_.commit("One");
  const test::TemporaryFolder folder;
  auto with_file = options(repository_.path(), "master");
  with_file.known_hosts = folder.write("known_hosts", server_.known_hosts());
  EXPECT_TRUE(fetch_repository(std::move(with_file)));
  auto without = options(repository_.path(), "master");
  without.known_hosts = folder / "missing";
  const auto fetched = fetch_repository(std::move(without));
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().code, ErrorCode::configuration);
}

TEST_F(SshFetchTest, AsksForADeployKey) {
  auto no_key = options(repository_.path(), "master");
  no_key.key = Secret();
  const auto fetched = fetch_repository(std::move(no_key));
  ASSERT_FALSE(fetched);
  EXPECT_EQ(fetched.error().code, ErrorCode::deploy_key);
}

}  // namespace
}  // namespace dunlin::git
