#pragma once

#include "base/byte_stream.hpp"
#include "base/result.hpp"

#include <array>
#include <string>
#include <string_view>

namespace dunlin::git {

/// One packet of Git's protocol (gitprotocol-common, "pkt-line").
struct Packet {
  enum class Kind { data, flush, delimiter, end } kind = Kind::data;
  std::string data;  ///< with its newline, if it is text

  /// The data without the newline that text packets may have.
  [[nodiscard]] std::string_view line() const noexcept;
  [[nodiscard]] bool is_data() const noexcept { return kind == Kind::data; }
};

/// A text as one packet: four hex digits of length, then the text. At most 65516 bytes.
[[nodiscard]] std::string packet(std::string_view text);
inline constexpr std::string_view kFlush = "0000";
inline constexpr std::string_view kDelimiter = "0001";

/// Reads packets from a stream. ErrorCode::source_failed when the stream ends (with what the server
/// said beside it), when a packet is malformed, and when the server sends an error ("ERR …").
class PacketReader {
 public:
  /// @param largest_total  bytes to read at most, over all packets
  PacketReader(ByteStream& stream, std::size_t largest_total)
      : stream_(stream), left_(largest_total) {}
  [[nodiscard]] Result<Packet> next();

 private:
  Result<void> read_exactly(std::span<char> target);
  ByteStream& stream_;
  std::size_t left_;
  std::array<char, 65536> buffer_{};
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace dunlin::git
