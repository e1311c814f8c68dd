#include "aws/xml.hpp"

#include <gtest/gtest.h>

#include <string>

namespace dunlin {
namespace {

/// `text`, `times` times.
std::string repeated(std::string_view text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

TEST(XmlTest, IsATreeOfNamesAndTexts) {
  const auto document = XmlDocument::parse(R"(<?xml version="1.0" encoding="UTF-8"?>
    <R xmlns="http://rds.amazonaws.com/doc/2014-10-31/">
      <Groups><member>sg-1</member><member>sg-2</member><other/></Groups>
      <Engine>aurora&#45;postgresql</Engine>
      <Message><![CDATA[a < b]]> &amp; &quot;c&quot;</Message>
    </R>)");
  ASSERT_TRUE(document);
  const XmlNode root = document->root();
  EXPECT_EQ(root.name(), "R");
  EXPECT_EQ(root.text(), "");
  EXPECT_EQ(root["Engine"].text(), "aurora-postgresql");
  EXPECT_EQ(root["Message"].text(), "a < b & \"c\"");
  EXPECT_EQ(root["Groups"].children().size(), 3U);
  const auto members = root["Groups"].children("member");
  ASSERT_EQ(members.size(), 2U);
  EXPECT_EQ(members[1].text(), "sg-2");
}

TEST(XmlTest, WhatIsNotThereIsEmptyAndAskedNoFurther) {
  const auto document = XmlDocument::parse("<a><b><c>1</c></b><d>2</d></a>");
  ASSERT_TRUE(document);
  const XmlNode root = document->root();
  EXPECT_FALSE(root["c"].exists()) << "a grandchild is no child";
  EXPECT_EQ(root.find("c").text(), "1");
  EXPECT_EQ(root.find("d").text(), "2");
  EXPECT_FALSE(root["b"].find("d").exists()) << "a sibling is not below";
  EXPECT_EQ(root["x"]["y"].find("z").text(), "");
  EXPECT_TRUE(root["x"].children().empty());
  EXPECT_EQ(XmlNode().name(), "");
}

TEST(XmlTest, RefusesWhatNoServiceSends) {
  const auto nested = [](std::size_t depth) {
    return repeated("<a>", depth) + repeated("</a>", depth);
  };
  struct Case {
    const char* why;
    std::string text;
    bool is_read;
  };
  const Case cases[] = {
      {"nothing", "", false},
      {"JSON", "{}", false},
      {"cut off", "<a><b>", false},
      {"two roots", "<a/><b/>", false},
      {"an unknown entity", "<a>&x;</a>", false},
      {"a declared entity", R"(<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>)", false},
      {"an entity from a file", R"(<!DOCTYPE a SYSTEM "/etc/passwd"><a/>)", false},
      {"no UTF-8", "<a>\xff</a>", false},
      {"as deep as may be", nested(64), true},
      {"deeper", nested(65), false},
      {"as many as may be", "<a>" + repeated("<b/>", 499'999) + "</a>", true},
      {"more", "<a>" + repeated("<b/>", 500'000) + "</a>", false},
      {"too long", "<a>" + std::string((16UL << 20U) - 6, 'x') + "</a>", false},
  };
  for (const auto& [why, text, is_read] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(XmlDocument::parse(text).has_value(), is_read);
  }
}

}  // namespace
}  // namespace dunlin
