#include "base/interrupt.hpp"

#include <gtest/gtest.h>

#include <poll.h>

#include <csignal>

namespace dunlin {
namespace {

bool is_readable(const Interrupt& interrupt) {
  pollfd watched{.fd = interrupt.fd(), .events = POLLIN, .revents = 0};
  return poll(&watched, 1, 0) == 1;
}

TEST(Interrupt, IsSeenByWhoPollsAndByWhoLooks) {
  Interrupt interrupt;
  EXPECT_FALSE(interrupt.requested() || is_readable(interrupt));
  interrupt.request(SIGTERM);
  EXPECT_TRUE(interrupt.requested() && is_readable(interrupt));
  EXPECT_EQ(interrupt.signal(), SIGTERM);
}

TEST(Interrupt, OfTheWholeReachesItsParts) {
  Interrupt whole;
  const Interrupt part(&whole);
  EXPECT_FALSE(part.requested() || is_readable(part));
  whole.request(SIGINT);
  EXPECT_TRUE(part.requested() && is_readable(part));
  EXPECT_EQ(part.signal(), SIGINT);
}

TEST(Interrupt, OfAPartLeavesTheWholeAlone) {
  const Interrupt whole;
  Interrupt part(&whole);
  part.request(SIGTERM);
  EXPECT_TRUE(part.requested() && is_readable(part));
  EXPECT_FALSE(whole.requested() || is_readable(whole));
}

}  // namespace
}  // namespace dunlin
