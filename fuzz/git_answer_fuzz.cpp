#include "git/advertisement.hpp"

#include <algorithm>

#include "fuzz.hpp"

using dunlin::fuzz::require;

namespace {

class Answer final : public dunlin::ByteStream {
 public:
  explicit Answer(std::string_view text) : text_(text) {}
  dunlin::Result<std::size_t> read(std::span<char> buffer) override {
    const auto count = std::min(buffer.size(), text_.size());
    std::copy_n(text_.begin(), count, buffer.begin());
    text_.remove_prefix(count);
    return count;
  }
  dunlin::Result<void> write(std::string_view) override { return {}; }

 private:
  std::string_view text_;
};

}  // namespace

// What a server says first, over HTTP or not.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  for (const bool is_http : {false, true}) {
    Answer answer(dunlin::fuzz::text(data, size));
    dunlin::git::PacketReader reader(answer, 1U << 20U);
    const auto found = dunlin::git::read_advertisement(reader, is_http);
    if (!found) continue;
    for (const auto& ref : found->refs) require(!ref.name.ends_with("^{}"));
    static_cast<void>(dunlin::git::choose(found->refs, "master").has_value());
  }
  return 0;
}
