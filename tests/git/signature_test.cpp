// Commits signed by git itself, and what git verify-commit says of them.
#include "git/signature.hpp"

#include "base/text.hpp"
#include "git/repository.hpp"
#include "support/git_repository.hpp"
#include "support/shell.hpp"
#include "support/sshd.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace dunlin::git {
namespace {

using test::quoted;

class SignatureTest : public testing::Test {
 protected:
  // Commits, signed by the key, and gives the commit back.
  Commit signed_by(const test::KeyPair& key) {
    folder_.write("key.pub", key.public_line + "\n");
    const auto path = folder_.write("key", key.private_text);
    test::shell("chmod 600 " + quoted(path));
    repository_.git("config gpg.format ssh && git config user.signingKey " + quoted(path));
    repository_.git("commit -q --allow-empty -S -m 'A subject\n\nand a body'");
    return commit();
  }
  Commit commit() {
    auto repository = fetch_repository({.url = repository_.path(), .ref = "master"});
    EXPECT_TRUE(repository) << repository.error().message;
    return repository ? repository->tree.commit : Commit{};
  }
  static ssh::AllowedSigners signers(const std::string& lines) {
    auto parsed = ssh::AllowedSigners::parse(lines);
    EXPECT_TRUE(parsed) << parsed.error().message;
    return parsed ? *std::move(parsed) : ssh::AllowedSigners();
  }
  // What git thinks of the commit, with the same lines.
  bool git_agrees(const std::string& lines) {
    const auto file = folder_.write("signers", lines + "\n");
    return repository_.run("export TZ=UTC; git -c gpg.ssh.allowedSignersFile=" + quoted(file) +
                           " verify-commit HEAD 2>&1 | grep -q '^Good .git. signature for' && "
                           "echo yes || echo no") == "yes";
  }
  test::GitRepository repository_;
  test::TemporaryFolder folder_;
};

TEST_F(SignatureTest, FindsWhoSignedWithEachKindOfKey) {
  for (const auto* const kind : {"-t ed25519", "-t ecdsa -b 256", "-t ecdsa -b 384",
                                 "-t ecdsa -b 521", "-t rsa -b 2048", "-t rsa -b 3072"}) {
    SCOPED_TRACE(kind);
    const auto key = test::make_key(kind);
    const auto lines = "ada@example.org,a " + key.public_line;
    const auto signer = signer_of(signed_by(key), signers(lines));
    ASSERT_TRUE(signer) << signer.error().message;
    EXPECT_EQ(*signer, "ada@example.org,a");
    EXPECT_TRUE(git_agrees(lines));
  }
}

TEST_F(SignatureTest, DecidesAsGitDoes) {
  const auto key = test::make_key("-t ed25519");
  const auto other = test::make_key("-t ed25519");
  const auto commit = signed_by(key);  // on 2 January 2021
  struct Case {
    const char* why;
    std::string lines;
    std::string words;  // of the refusal; empty when it is accepted
  };
  const Case cases[] = {
      {"the key", "a " + key.public_line, ""},
      {"comments and other lines", "# c\n\nb " + other.public_line + "\na " + key.public_line, ""},
      {"another key", "b " + other.public_line, "not among the allowed signers"},
      {"nobody", "# nobody", "not among the allowed signers"},
      {"its namespace", "a namespaces=\"file,git\" " + key.public_line, ""},
      {"another namespace", "a namespaces=\"file\" " + key.public_line, "may not sign for git"},
      {"valid by then", "a valid-after=\"20210101Z\" " + key.public_line, ""},
      {"not valid yet", "a valid-after=\"20210103\" " + key.public_line, "not valid yet"},
      {"valid still", "a valid-before=\"202101030000\" " + key.public_line, ""},
      {"not any more", "a valid-before=\"20210101000000\" " + key.public_line,
       "not valid any more"},
      {"an authority is no signer", "a cert-authority " + key.public_line,
       "not among the allowed signers"},
      {"several options", "a namespaces=\"git\",valid-after=\"20200101\" " + key.public_line, ""},
  };
  for (const auto& [why, lines, words] : cases) {
    SCOPED_TRACE(why);
    const auto signer = signer_of(commit, signers(lines));
    EXPECT_EQ(signer.has_value(), words.empty());
    EXPECT_EQ(git_agrees(lines), words.empty());
    if (signer) continue;
    EXPECT_EQ(signer.error().code, ErrorCode::commit_refused);
    EXPECT_NE(signer.error().message.find(words), std::string::npos) << signer.error().message;
  }
}

TEST_F(SignatureTest, RefusesACommitThatWasChanged) {
  const auto key = test::make_key("-t ed25519");
  const auto allowed = signers("a " + key.public_line);
  const auto genuine = signed_by(key);
  struct Case {
    const char *why, *from, *to, *words;
  };
  const Case cases[] = {
      {"the message", "A subject", "B subject", "not its own"},
      {"the author", "Ada", "Bob", "not its own"},
      {"a header more", "\ncommitter ", "\nencoding x\ncommitter ", "not its own"},
      {"a damaged signature", "SSHSIG", "SSHSIG", "is not signed"},
  };
  for (const auto& [why, from, to, words] : cases) {
    SCOPED_TRACE(why);
    auto changed = genuine;
    changed.text = std::string_view(from) == to ? replace_all(genuine.text, "gpgsig", "gpgsag")
                                                : replace_all(genuine.text, from, to);
    ASSERT_NE(changed.text, genuine.text);
    const auto signer = signer_of(changed, allowed);
    ASSERT_FALSE(signer);
    EXPECT_NE(signer.error().message.find(words), std::string::npos) << signer.error().message;
  }
}

TEST_F(SignatureTest, NeverTakesALetterMoreOrLess) {
  const auto key = test::make_key("-t ed25519");
  const auto allowed = signers("a " + key.public_line);
  const auto genuine = signed_by(key);
  const auto begin = genuine.text.find("BEGIN SSH");
  const auto end = genuine.text.find("-----END");
  for (auto at = begin; at < end; ++at) {
    if (std::string_view(" \n=").contains(genuine.text[at]))
      continue;  // base64 means nothing by it
    auto changed = genuine;
    changed.text[at] = changed.text[at] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(signer_of(changed, allowed)) << at;
    changed.text = genuine.text.substr(0, at) + genuine.text.substr(at + 1);
    EXPECT_FALSE(signer_of(changed, allowed)) << at;
  }
}

TEST_F(SignatureTest, SaysWhatItDoesNotCheck) {
  const auto key = test::make_key("-t rsa -b 1024");
  const auto weak = signer_of(signed_by(key), signers("a " + key.public_line));
  ASSERT_FALSE(weak);
  EXPECT_NE(weak.error().message.find("not checked"), std::string::npos) << weak.error().message;
  const Commit pgp{.text = "tree x\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n\nm\n"};
  EXPECT_NE(signer_of(pgp, {}).error().message.find("OpenPGP"), std::string::npos);
  const Commit plain{.id = "1a2b", .author = "Ada", .text = "tree x\n\ngpgsig no header\n"};
  EXPECT_EQ(signer_of(plain, {}).error().message, "commit 1a2b by Ada is not signed");
}

TEST_F(SignatureTest, IsAskedForByTheFetch) {
  const auto key = test::make_key("-t ed25519");
  signed_by(key);
  const auto file = folder_.write("allowed", "ada " + key.public_line + "\n");
  for (const auto& allowed : {file, "ada " + key.public_line}) {
    const auto fetched =
        fetch_repository({.url = repository_.path(), .ref = "master", .allowed_signers = allowed});
    ASSERT_TRUE(fetched) << fetched.error().message;
    EXPECT_EQ(fetched->tree.commit.signer, "ada");
  }
  repository_.commit("Without");
  const auto refused =
      fetch_repository({.url = repository_.path(), .ref = "master", .allowed_signers = file});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("is not signed"), std::string::npos);
}

TEST(AllowedSignersTest, NamesTheLineThatCannotBeRead) {
  const auto key = test::make_key("-t ed25519").public_line;
  struct Case {
    const char* why;
    std::string text, words;
  };
  const Case cases[] = {
      {"nobody before the key", key, "line 1: there is nobody before"},
      {"a damaged key", "a ssh-ed25519 AAAA", "damaged"},
      {"no key", "# c\na b", "line 2: unknown option b"},
      {"an unknown option", "a colour=\"red\" " + key, "unknown option colour"},
      {"no time", "a valid-after=\"tomorrow\" " + key, "no time: tomorrow"},
      {"no day", "a valid-after=\"20210231\" " + key, "no time: 20210231"},
  };
  for (const auto& [why, text, words] : cases) {
    SCOPED_TRACE(why);
    const auto parsed = ssh::AllowedSigners::parse(text);
    ASSERT_FALSE(parsed);
    EXPECT_EQ(parsed.error().code, ErrorCode::configuration);
    EXPECT_NE(parsed.error().message.find(words), std::string::npos) << parsed.error().message;
  }
}

}  // namespace
}  // namespace dunlin::git
