// Which certificate authorities a connection trusts when nobody names them.
#include "database/postgresql/trust.hpp"

#include "database/postgresql/connect.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace dunlin::test {
namespace {

using postgresql::choose_roots;
using postgresql::Parameters;
using postgresql::value_of;

constexpr auto kBundle = "/bundle.pem";

Environment with_bundle(std::map<std::string, std::string, std::less<>> more = {}) {
  more.emplace("SSL_CERT_FILE", kBundle);
  return Environment(std::move(more));
}

TEST(TrustTest, TakesTheSystemsAuthoritiesOnlyWhereTheHostsNameIsVerifiedToo) {
  struct Case {
    const char* why;
    Parameters parameters;
    std::map<std::string, std::string, std::less<>> environment;
    const char* roots;
  };
  const std::vector<Case> cases = {
      {"nobody names a file", {{"sslmode", "verify-full"}}, {}, kBundle},
      {"the variable asks for it", {}, {{"PGSSLMODE", "verify-full"}}, kBundle},
      {"the URL wins", {{"sslmode", "require"}}, {{"PGSSLMODE", "verify-full"}}, ""},
      {"a file is named", {{"sslmode", "verify-full"}, {"sslrootcert", "/own"}}, {}, "/own"},
      {"libpq reads the variable", {{"sslmode", "verify-full"}}, {{"PGSSLROOTCERT", "/own"}}, ""},
      {"any certificate would do", {{"sslmode", "verify-ca"}}, {}, ""},
      {"libpq would begin to verify", {{"sslmode", "require"}}, {}, ""},
      {"nothing is asked for", {}, {}, ""},
      {"the system's, by name", {{"sslrootcert", "system"}}, {}, kBundle},
      {"by name in the variable", {}, {{"PGSSLROOTCERT", "system"}}, kBundle},
  };
  for (const auto& [why, parameters, environment, roots] : cases) {
    SCOPED_TRACE(why);
    auto chosen = parameters;
    ASSERT_TRUE(choose_roots(chosen, with_bundle(environment)));
    EXPECT_EQ(value_of(chosen, "sslrootcert"), roots);
  }
}

TEST(TrustTest, LeavesTheUsersOwnAuthoritiesToLibpq) {
  const TemporaryFolder home;
  home.write(".postgresql/root.crt", "one");
  Parameters parameters = {{"sslmode", "verify-full"}};
  ASSERT_TRUE(choose_roots(parameters, with_bundle({{"HOME", home.path()}})));
  EXPECT_EQ(value_of(parameters, "sslrootcert"), "");
}

TEST(TrustTest, VerifiesTheNameWithTheSystemsAuthorities) {
  Parameters parameters = {{"sslrootcert", "system"}};
  ASSERT_TRUE(choose_roots(parameters, with_bundle()));
  EXPECT_EQ(value_of(parameters, "sslmode"), "verify-full");
  Parameters weaker = {{"sslrootcert", "system"}, {"sslmode", "verify-ca"}};
  const auto refused = choose_roots(weaker, with_bundle());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().message, "sslrootcert=system needs sslmode=verify-full, not verify-ca");
}

}  // namespace
}  // namespace dunlin::test
