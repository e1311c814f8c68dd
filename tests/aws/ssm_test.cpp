#include "aws/ssm.hpp"

#include "aws/moto_fixture.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

using test::MotoTest;

class ParameterStoreTest : public MotoTest {
 protected:
  void put(const std::string& name, const std::string& value) {
    ask(kSsm, "PutParameter",
        R"({"Type":"SecureString","Overwrite":true,"Name":")" + name + R"(","Value":")" + value +
            "\"}");
  }

  ParameterStore parameters{api, "us-west-2"};
};

TEST_F(ParameterStoreTest, FetchesMoreThanOneCallHolds) {
  std::vector<std::string> names;
  for (int i = 0; i < 12; ++i) {
    names.push_back("/many/" + std::to_string(i));
    put(names.back(), "value " + std::to_string(i));
  }
  const auto values = parameters.fetch(names);
  ASSERT_EQ(values.size(), names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    ASSERT_TRUE(values[i]) << values[i].error().message;
    EXPECT_EQ(values[i]->reveal(), "value " + std::to_string(i));
  }
}

TEST_F(ParameterStoreTest, NamesTheParameterThatDoesNotExist) {
  put("/here", "x");
  const std::string names[] = {"/here", "/not/here", "/here"};
  const auto values = parameters.fetch(names);
  EXPECT_EQ(values[0]->reveal(), "x");
  ASSERT_FALSE(values[1]);
  EXPECT_EQ(values[1].error().message, "parameter /not/here does not exist in us-west-2");
  EXPECT_EQ(values[2]->reveal(), "x");
}

TEST_F(ParameterStoreTest, FetchesAVersion) {
  put("/versions", "first");
  put("/versions", "second");
  const std::string names[] = {"/versions", "/versions:1"};
  const auto values = parameters.fetch(names);
  EXPECT_EQ(values[0]->reveal(), "second");
  ASSERT_TRUE(values[1]) << values[1].error().message;
  EXPECT_EQ(values[1]->reveal(), "first");
}

}  // namespace
}  // namespace dunlin
