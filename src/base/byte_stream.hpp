#pragma once

#include "base/result.hpp"

#include <cstddef>
#include <span>
#include <string_view>

namespace dunlin {

/// Bytes both ways: an SSH channel, the pipes of a child process, an HTTP body. Blocking.
class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// Reads at least one byte into `buffer`; 0 means that the other side has ended the stream.
  virtual Result<std::size_t> read(std::span<char> buffer) = 0;
  /// Writes all of `bytes`.
  virtual Result<void> write(std::string_view bytes) = 0;
  /// What the other side said beside the stream (standard error), for a message; may be empty.
  [[nodiscard]] virtual std::string complaint() { return {}; }
};

}  // namespace dunlin
