#include "base/descriptor.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>

#include <array>
#include <cerrno>

namespace dunlin {
namespace {

bool is_open(int fd) { return fcntl(fd, F_GETFD) >= 0; }

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    EXPECT_EQ(pipe2(ends.data(), O_CLOEXEC), 0);
    out = Descriptor(ends[0]);
    in = Descriptor(ends[1]);
  }
  Descriptor out, in;
};

TEST(DescriptorTest, ClosesItsOwnAtTheEnd) {
  int fd = -1;
  {
    const Pipe pipe;
    fd = pipe.out.get();
    EXPECT_TRUE(pipe.out);
    EXPECT_TRUE(is_open(fd));
  }
  EXPECT_FALSE(is_open(fd));
}

TEST(DescriptorTest, ClosesWhatItHeldAsSoonAsItHoldsAnother) {
  Pipe pipe;
  const int first = pipe.out.get();
  const int second = pipe.in.get();
  pipe.out = std::move(pipe.in);
  EXPECT_FALSE(is_open(first));
  EXPECT_TRUE(is_open(second));
  EXPECT_EQ(pipe.out.get(), second);
}

TEST(DescriptorTest, LeavesOpenWhatWasTakenFromIt) {
  Pipe pipe;
  int fd = -1;
  {
    Descriptor moved = std::move(pipe.out);
    fd = moved.release();
    EXPECT_FALSE(moved);
  }
  EXPECT_TRUE(is_open(fd));
  close(fd);
}

TEST(DescriptorTest, HoldsNothingWhenThereIsNone) {
  const Descriptor none(open("/does/not/exist", O_RDONLY | O_CLOEXEC));
  EXPECT_FALSE(none);
  EXPECT_EQ(errno, ENOENT);
  EXPECT_EQ(reason_of(ENOENT), "No such file or directory");
}

}  // namespace
}  // namespace dunlin
