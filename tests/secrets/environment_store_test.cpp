#include "secrets/environment_store.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

TEST(EnvironmentStoreTest, LooksUpTheIdAndThenItsNameAsAVariable) {
  const Environment environment({{"TOKEN", "t"}, {"POSTGRESQL_DB_SQLADMIN", "p"}});
  EnvironmentStore store(environment);
  const std::string ids[] = {"TOKEN", "postgresql@db@sqladmin", "other-one"};
  const auto secrets = store.fetch(ids);
  EXPECT_EQ(secrets[0]->reveal(), "t");
  EXPECT_EQ(secrets[1]->reveal(), "p");
  ASSERT_FALSE(secrets[2]);
  EXPECT_EQ(secrets[2].error().message, "secret other-one is not in the environment");
  EXPECT_EQ(secrets[2].error().hint, "set OTHER_ONE");
}

}  // namespace
}  // namespace dunlin
