#include "migration/checksum.hpp"

#include "migration/encoding.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>

namespace dunlin {
namespace {

std::string from_base64(std::string_view text) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  std::uint32_t pending = 0;
  unsigned bits = 0;
  for (const char c : text) {
    if (c == '=') break;
    pending = pending << 6U | static_cast<std::uint32_t>(kLetters.find(c));
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(pending >> bits & 0xFFU);
  }
  return bytes;
}

// Each row of the table was recorded from the real Flyway: checksum, encoding, file, what it is.
TEST(ChecksumTest, IsThatOfFlywayForEveryRecordedFile) {
  std::ifstream table(DUNLIN_COMPAT "/checksum.tsv");
  std::string line;
  int rows = 0;
  while (std::getline(table, line)) {
    if (line.starts_with('#')) continue;
    const auto first = line.find('\t');
    const auto second = line.find('\t', first + 1);
    const auto third = line.find('\t', second + 1);
    SCOPED_TRACE(line.substr(third + 1));
    const auto text = decode(from_base64(line.substr(second + 1, third - second - 1)),
                             line.substr(first + 1, second - first - 1));
    ASSERT_TRUE(text) << text.error().message;
    EXPECT_EQ(checksum(*text), std::stoi(line.substr(0, first)));
    ++rows;
  }
  EXPECT_EQ(rows, 89);
}

TEST(ChecksumTest, IsZeroOfAnEmptyText) { EXPECT_EQ(checksum(""), 0); }

}  // namespace
}  // namespace dunlin
