#include "aws/timestamp.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

using std::chrono::system_clock;
const auto kLeapDay = system_clock::time_point(std::chrono::seconds(1709251199));

TEST(TimestampTest, IsReadAsAwsWritesIt) {
  for (const char* text : {"2024-02-29T23:59:59Z", "2024-02-29T23:59:59.123456Z",
                           "2024-02-29T23:59:59+00:00", "2024-02-29T23:59:59UTC"}) {
    EXPECT_EQ(parse_timestamp(text), kLeapDay) << text;
  }
  for (const char* text : {"", "2024-02-30T00:00:00Z", "2024-02-29T23:59:59+01:00", "2024-02-29",
                           "2024-2-29T23:59:59Z", "2024-02-29T25:00:00Z"}) {
    EXPECT_EQ(parse_timestamp(text), std::nullopt) << text;
  }
}

TEST(TimestampTest, IsReadFromADateHeader) {
  EXPECT_EQ(parse_http_date("Thu, 29 Feb 2024 23:59:59 GMT"), kLeapDay);
  for (const char* text : {"", "Thu, 29 Feb 2024 23:59:59 CET", "29 Feb 2024 23:59:59 GMT",
                           "Thu, 31 Feb 2024 23:59:59 GMT", "Thu, 29 Foo 2024 23:59:59 GMT"}) {
    EXPECT_EQ(parse_http_date(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace dunlin
