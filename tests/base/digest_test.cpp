#include "base/digest.hpp"

#include "base/text.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

TEST(DigestTest, GivesThePublishedValues) {
  const std::string_view abc[] = {"a", "", "bc"};  // FIPS 180-4
  EXPECT_EQ(hex(sha1(abc)), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  // RFC 2202 and RFC 4231, case 2.
  EXPECT_EQ(hex(hmac_sha1("Jefe", "what do ya want for nothing?")),
            "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(Base64Test, GoesBothWays) {
  // RFC 4648, section 10
  constexpr std::pair<const char*, const char*> cases[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
  };
  for (const auto& [bytes, text] : cases) {
    EXPECT_EQ(base64(bytes), text);
    EXPECT_EQ(base64_decode(text).value_or("(none)"), bytes);
  }
  EXPECT_EQ(base64_decode(" Zm9v\r\nYg ").value_or("(none)"), "foob");
  for (const auto* const wrong : {"Z", "Zg==Zg", "Zm9v!", "Zm-_"})
    EXPECT_FALSE(base64_decode(wrong)) << wrong;
}

}  // namespace
}  // namespace dunlin
