#include "fargate/document.hpp"

#include "aws/json.hpp"

#include <gtest/gtest.h>

namespace dunlin::fargate {
namespace {

TEST(DocumentTest, IsJsonWithItsFieldsInOrder) {
  Document inner;
  inner.add("task", "a\"b").add("exitCode", std::nullopt);
  Document document;
  document.add("operation", "x")
      .add_if("empty", "")
      .add("exitCode", 3)
      .add("words", std::vector<std::string>{"a", "b"});
  document.add("tasks", std::vector{inner, inner})
      .add(Error{.code = ErrorCode::aws_failed, .message = "m", .hint = "h", .cause = "c"})
      .add(std::nullopt);
  EXPECT_EQ(document.text(),
            "{\n  \"operation\": \"x\",\n  \"empty\": null,\n  \"exitCode\": 3,\n"
            "  \"words\": [\"a\", \"b\"],\n  \"tasks\": [\n"
            "    {\"task\": \"a\\\"b\", \"exitCode\": null},\n"
            "    {\"task\": \"a\\\"b\", \"exitCode\": null}\n  ],\n"
            "  \"error\": {\"errorCode\": \"AWS_FAILED\", \"message\": \"m\", \"cause\": \"c\", "
            "\"hint\": \"h\"}\n}\n");
  EXPECT_TRUE(JsonDocument::parse(document.text()));
}

}  // namespace
}  // namespace dunlin::fargate
