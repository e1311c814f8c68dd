// A delta (gitformat-pack, "Deltified representation"): the base's size, the result's size, then
// instructions that copy a range of the base or bring bytes of their own.
#include "git/pack.hpp"

#include <optional>

namespace dunlin::git {
namespace {

Error damaged() {
  return {.code = ErrorCode::source_failed,
          .message = "the repository's pack is damaged: a delta does not fit its base",
          .hint = "try again; if it stays so, run git fsck on the server"};
}

// Takes bytes from the front of a text; nothing once it is used up.
class Bytes {
 public:
  explicit Bytes(std::string_view text) : text_(text) {}
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
  std::optional<unsigned> take() {
    if (text_.empty()) return std::nullopt;
    const auto byte = static_cast<unsigned char>(text_.front());
    text_.remove_prefix(1);
    return byte;
  }
  std::optional<std::string_view> take(std::size_t count) {
    if (count > text_.size()) return std::nullopt;
    const auto piece = text_.substr(0, count);
    text_.remove_prefix(count);
    return piece;
  }
  // Seven bits a byte, the lowest first; the eighth says that more follow.
  std::optional<std::size_t> take_size() {
    std::size_t size = 0;
    for (unsigned shift = 0; shift < 63; shift += 7) {
      const auto byte = take();
      if (!byte) return std::nullopt;
      size |= static_cast<std::size_t>(*byte & 127U) << shift;
      if (*byte < 128) return size;
    }
    return std::nullopt;
  }
  // The bytes of a number whose bits of `present` are set; the others are zero.
  std::optional<std::size_t> take_number(unsigned present, unsigned most) {
    std::size_t number = 0;
    for (unsigned i = 0; i < most; ++i) {
      if ((present >> i & 1U) == 0) continue;
      const auto byte = take();
      if (!byte) return std::nullopt;
      number |= static_cast<std::size_t>(*byte) << 8 * i;
    }
    return number;
  }

 private:
  std::string_view text_;
};

// The bytes that one instruction adds; nothing if it is damaged.
std::optional<std::string_view> piece_of(unsigned code, Bytes& delta, std::string_view base) {
  if (code < 128) return code == 0 ? std::nullopt : delta.take(code);
  const auto offset = delta.take_number(code & 15U, 4);
  auto size = delta.take_number(code >> 4U & 7U, 3);
  if (!offset || !size) return std::nullopt;
  if (*size == 0) size = 0x10000;
  if (*offset > base.size() || *size > base.size() - *offset) return std::nullopt;
  return base.substr(*offset, *size);
}

}  // namespace

Result<std::string> apply_delta(std::string_view base, std::string_view delta, std::size_t most) {
  Bytes bytes(delta);
  const auto base_size = bytes.take_size();
  const auto size = bytes.take_size();
  if (base_size != base.size() || !size || *size > most) return damaged();
  std::string result;
  result.reserve(*size);
  while (!bytes.empty()) {
    const auto piece = piece_of(*bytes.take(), bytes, base);
    if (!piece || piece->size() > *size - result.size()) return damaged();
    result.append(*piece);
  }
  if (result.size() != *size) return damaged();
  return result;
}

}  // namespace dunlin::git
