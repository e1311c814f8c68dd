#include "fargate/random.hpp"

#include "base/text.hpp"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstring>  // explicit_bzero
#include <span>
#include <stdexcept>
#include <string_view>

namespace dunlin::fargate {
namespace {

// 64 letters, so that each takes six bits of a byte and all are equally likely.
constexpr std::string_view kLetters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
static_assert(kLetters.size() == 64);

/// Throws when there is no randomness: then the machine is broken, and nothing made of it is safe.
void fill(std::span<unsigned char> bytes) {
  std::size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t got = getrandom(bytes.data() + done, bytes.size() - done, 0);
    if (got < 0 && errno != EINTR) throw std::runtime_error("the system gives no random bytes");
    if (got > 0) done += static_cast<std::size_t>(got);
  }
}

}  // namespace

std::string random_uuid() {
  std::array<unsigned char, 16> bytes{};
  fill(bytes);
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0FU) | 0x40U);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3FU) | 0x80U);
  std::string digits =
      hex(std::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  for (const std::size_t at : {8U, 13U, 18U, 23U}) digits.insert(at, 1, '-');
  return digits;
}

Secret random_password() {
  std::array<unsigned char, kPasswordLength> bytes{};
  std::array<char, kPasswordLength> letters{};
  do {
    fill(bytes);
    for (std::size_t i = 0; i < bytes.size(); ++i)
      letters[i] = kLetters[bytes[i] % kLetters.size()];
  } while (letters.front() == '-' || letters.front() == '_');
  Secret password(std::string_view(letters.data(), letters.size()));
  explicit_bzero(bytes.data(), bytes.size());
  explicit_bzero(letters.data(), letters.size());
  return password;
}

}  // namespace dunlin::fargate
