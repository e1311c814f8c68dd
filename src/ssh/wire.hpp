#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace dunlin::ssh {

/// Takes values off the front of a text in SSH's encoding (RFC 4251, section 5). Nothing when the
/// text is too short, and from then on nothing of any size: what is there at the end says that all
/// before it is. Safe on hostile bytes.
class WireReader {
 public:
  explicit WireReader(std::string_view text) : text_(text) {}

  std::optional<std::uint32_t> number() {
    if (text_.size() < 4) return end();
    std::uint32_t value = 0;
    for (const char byte : text_.substr(0, 4))
      value = (value << 8U) | static_cast<unsigned char>(byte);
    text_.remove_prefix(4);
    return value;
  }
  std::optional<std::string_view> string() {
    const auto size = number();
    return size ? bytes(*size) : std::nullopt;
  }
  std::optional<std::string_view> bytes(std::size_t count) {
    if (count > text_.size()) return end();
    const auto taken = text_.substr(0, count);
    text_.remove_prefix(count);
    return taken;
  }
  [[nodiscard]] bool at_end() const noexcept { return text_.empty(); }

 private:
  std::nullopt_t end() {
    text_ = {};
    return std::nullopt;
  }
  std::string_view text_;
};

/// A string as WireReader takes it.
[[nodiscard]] inline std::string wire_string(std::string_view text) {
  std::string result;
  for (const unsigned shift : {24U, 16U, 8U, 0U})
    result += static_cast<char>((text.size() >> shift) & 0xFFU);
  return result.append(text);
}

}  // namespace dunlin::ssh
