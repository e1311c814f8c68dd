#include "git/pkt_line.hpp"

#include "base/text.hpp"
#include "git/limits.hpp"

#include <algorithm>
#include <charconv>

namespace dunlin::git {
namespace {

Error failed(std::string message) {
  return {.code = ErrorCode::source_failed, .message = std::move(message)};
}

// What somebody else wrote, on one line and without control characters.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char letter : trim(text))
    line += static_cast<unsigned char>(letter) < ' ' ? ' ' : letter;
  return line;
}

/// Without what servers and git put before it: the word that it is an error is ours to say.
std::string said(std::string_view complaint) {
  std::string line = one_line(complaint);
  for (const std::string_view word : {"ERROR: ", "fatal: "}) {
    if (line.starts_with(word)) line.erase(0, word.size());
  }
  return line;
}

}  // namespace

std::string_view Packet::line() const noexcept {
  std::string_view text = data;
  if (text.ends_with('\n')) text.remove_suffix(1);
  return text;
}

std::string packet(std::string_view text) { return fmt::format("{:04x}{}", text.size() + 4, text); }

Result<void> PacketReader::read_exactly(std::span<char> target) {
  while (!target.empty()) {
    if (begin_ == end_) {
      begin_ = 0;
      end_ = DUNLIN_TRY(stream_.read(buffer_));
      if (end_ == 0) {
        const auto complaint = said(stream_.complaint());
        return failed(complaint.empty() ? "the Git server ended the conversation too early"
                                        : fmt::format("the Git server says: {}", complaint));
      }
    }
    const auto count = std::min(target.size(), end_ - begin_);
    std::copy_n(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_), count, target.begin());
    begin_ += count;
    target = target.subspan(count);
  }
  return {};
}

Result<Packet> PacketReader::next() {
  std::array<char, 4> digits{};
  DUNLIN_TRY(read_exactly(digits));
  std::size_t length = 0;
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), length, 16);
  if (error != std::errc() || end != digits.data() + digits.size() || length == 3) {
    return failed(fmt::format("the Git server does not speak Git's protocol: it sent '{}'",
                              one_line({digits.data(), digits.size()})));
  }
  if (length == 0) return Packet{.kind = Packet::Kind::flush};
  if (length == 1) return Packet{.kind = Packet::Kind::delimiter};
  if (length == 2) return Packet{.kind = Packet::Kind::end};
  if (length > left_) return failed(fmt::format("the Git server sends {}", kBeyond));
  left_ -= length;
  Packet read{.data = std::string(length - 4, '\0')};
  DUNLIN_TRY(read_exactly(read.data));
  if (read.data.starts_with("ERR "))
    return failed(fmt::format("the Git server says: {}", said(read.line().substr(4))));
  return read;
}

}  // namespace dunlin::git
