#include "aws/secret_file.hpp"

#include "base/descriptor.hpp"
#include "base/join_secrets.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <vector>

namespace dunlin {
namespace {

constexpr std::size_t kLargest = 16UL << 20U;

Error failed(int error) { return {.code = ErrorCode::configuration, .message = reason_of(error)}; }

}  // namespace

Result<Secret> read_secret_file(const std::string& path) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) return failed(errno);
  std::vector<Secret> pieces;  // pipes have no size beforehand, so it is gathered piece by piece
  std::size_t size = 0;
  std::array<char, 4096> buffer{};
  while (true) {
    const ssize_t count = read(file.get(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed(errno);
    if (count == 0) break;
    pieces.emplace_back(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
    size += static_cast<std::size_t>(count);
    if (size > kLargest) return failed(EFBIG);
  }
  explicit_bzero(buffer.data(), buffer.size());
  return joined(pieces);
}

}  // namespace dunlin
