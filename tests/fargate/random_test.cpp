#include "fargate/random.hpp"

#include <gtest/gtest.h>

#include <regex>
#include <set>

namespace dunlin::fargate {
namespace {

TEST(RandomTest, PasswordsNeedNoQuotingAnywhere) {
  const std::regex plain("[A-Za-z0-9][A-Za-z0-9_-]{31}");
  std::set<std::string> all;
  std::set<char> letters;
  for (int i = 0; i < 500; ++i) {
    const std::string password(random_password().reveal());
    EXPECT_TRUE(std::regex_match(password, plain));
    all.insert(password);
    letters.insert(password.begin(), password.end());
  }
  EXPECT_EQ(all.size(), 500U);
  EXPECT_EQ(letters.size(), 64U) << "every letter comes";
}

TEST(RandomTest, UuidsAreOfVersion4) {
  const std::regex version_4("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  const std::string one = random_uuid();
  EXPECT_TRUE(std::regex_match(one, version_4)) << one;
  EXPECT_NE(one, random_uuid());
}

}  // namespace
}  // namespace dunlin::fargate
