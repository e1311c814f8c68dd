// Held against botocore's serializer: the forms of sigv4_vectors.json.
#include "aws/query.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>

namespace dunlin {
namespace {

using nlohmann::json;

TEST(QueryFormTest, IsTheOneThatBotocoreSends) {
  const json vectors =
      json::parse(std::ifstream(DUNLIN_SOURCE_DIR "/tests/aws/sigv4_vectors.json"));
  for (const json& vector : vectors["forms"]) {
    SCOPED_TRACE(vector["why"]);
    QueryForm form;
    for (const json& each : vector["parameters"]) {
      form.add(each[0].get<std::string>(), each[1].get<std::string>());
    }
    EXPECT_EQ(form.body().reveal(), vector["form"].get<std::string>());
  }
}

TEST(QueryFormTest, CountsListsFromOneAndLeavesOutEmptyOnes) {
  const std::string two[] = {"subnet-1", "subnet-2"};
  QueryForm form;
  form.add_list("SubnetId", two).add_list("Filter", {}).add("MaxResults", "5");
  EXPECT_EQ(form.body().reveal(), "SubnetId.1=subnet-1&SubnetId.2=subnet-2&MaxResults=5");
  EXPECT_EQ(QueryForm().body().reveal(), "");
}

}  // namespace
}  // namespace dunlin
