#include "aws/secret_file.hpp"

#include "aws/join_secrets.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <vector>

namespace dunlin {
namespace {

constexpr std::size_t kLargest = 16UL << 20U;

class Descriptor {
 public:
  explicit Descriptor(int number) noexcept : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const noexcept { return number_; }

 private:
  int number_;
};

Error reason(int number) {
  return Error{.code = ErrorCode::configuration, .message = std::strerror(number)};
}

}  // namespace

Result<Secret> read_secret_file(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return reason(errno);
  std::vector<Secret> pieces;  // pipes have no size beforehand, so it is gathered piece by piece
  std::size_t size = 0;
  std::array<char, 4096> buffer{};
  while (true) {
    const ssize_t count = read(file.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return reason(errno);
    if (count == 0) break;
    pieces.emplace_back(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
    size += static_cast<std::size_t>(count);
    if (size > kLargest) return reason(EFBIG);
  }
  explicit_bzero(buffer.data(), buffer.size());
  return joined(pieces);
}

}  // namespace dunlin
