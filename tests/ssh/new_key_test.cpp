#include "ssh/new_key.hpp"

#include "base/text.hpp"
#include "ssh/private_key.hpp"
#include "ssh/session.hpp"
#include "support/sshd.hpp"

#include <gtest/gtest.h>

namespace dunlin::ssh {
namespace {

NewKey made() {
  auto key = make_key("dunlin of flock");
  EXPECT_TRUE(key) << key.error().message;
  return *std::move(key);
}

TEST(NewKeyTest, HasAPrivateHalfThatTheJobReads) {
  const NewKey key = made();
  const auto read = normalize_private_key(key.private_text);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_FALSE(read->encrypted);
  EXPECT_TRUE(key.private_text.reveal().starts_with("-----BEGIN OPENSSH PRIVATE KEY-----\n"));
  EXPECT_TRUE(key.private_text.reveal().ends_with("-----END OPENSSH PRIVATE KEY-----\n"));
}

TEST(NewKeyTest, HasAPublicLineThatSaysWhatItIsFor) {
  const NewKey key = made();
  const auto words = split(key.public_line, ' ');
  ASSERT_EQ(words.size(), 5U);
  EXPECT_EQ(words[0], "ssh-ed25519");
  EXPECT_TRUE(words[1].starts_with("AAAAC3NzaC1lZDI1NTE5"));
  EXPECT_TRUE(key.public_line.ends_with(" dunlin of flock"));
  EXPECT_TRUE(key.fingerprint.starts_with("SHA256:"));
  EXPECT_EQ(key.fingerprint.size(), 50U);
}

TEST(NewKeyTest, IsAnotherOneEachTime) { EXPECT_NE(made().public_line, made().public_line); }

}  // namespace
}  // namespace dunlin::ssh
