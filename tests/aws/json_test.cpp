#include "aws/json.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

TEST(JsonTest, IsReadByKindAndName) {
  const auto document =
      JsonDocument::parse(R"({"t":"a\n","n":5432,"b":true,"l":[1,"x"],"z":null,"o":{"k":"v"}})");
  ASSERT_TRUE(document);
  const JsonNode root = document->root();
  EXPECT_EQ(root["t"].text(), "a\n");
  EXPECT_EQ(root["t"].scalar(), "");
  EXPECT_EQ(root["n"].scalar(), "5432");
  EXPECT_EQ(root["n"].text(), "");
  EXPECT_EQ(root["b"].scalar(), "true");
  EXPECT_EQ(root["l"].items().at(1).text(), "x");
  EXPECT_EQ(root["z"].kind(), JsonKind::null);
  EXPECT_EQ(root["o"]["k"].text(), "v");
  EXPECT_EQ(root["o"]["k"]["deeper"].kind(), JsonKind::absent);
  EXPECT_EQ(root.keys().size(), 6U);
}

TEST(JsonTest, IsWrittenOutAgain) {
  const char* text = R"({"b":true,"l":[1,"x\\"],"n":5432,"o":{"k":null},"x":0.5})";
  const auto document = JsonDocument::parse(text);
  ASSERT_TRUE(document);
  EXPECT_EQ(json_text(document->root()).reveal(), text);
  EXPECT_EQ(json_text(document->root()["l"]).reveal(), R"([1,"x\\"])");
  EXPECT_EQ(json_text(JsonNode()).reveal(), "null");
}

TEST(JsonTest, IsAbsentWhenMalformed) {
  for (const char* text : {"", "{", "{\"a\":}", "nul", "{} x", "\"\xff\""}) {
    EXPECT_FALSE(JsonDocument::parse(text)) << text;
  }
}

TEST(JsonTest, QuotesAnyText) {
  EXPECT_EQ(json_quoted("a\"b\\\n"), R"("a\"b\\\n")");
  EXPECT_EQ(json_quoted("\xff"), "\"\xef\xbf\xbd\"");
}

}  // namespace
}  // namespace dunlin
