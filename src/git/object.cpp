#include "git/object.hpp"

#include "base/digest.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <charconv>

namespace dunlin::git {

std::optional<ObjectId> ObjectId::parse(std::string_view text) {
  ObjectId id;
  if (text.size() != 2 * id.bytes.size()) return std::nullopt;
  for (std::size_t i = 0; i < id.bytes.size(); ++i) {
    unsigned value = 0;
    const auto* const begin = text.data() + 2 * i;
    const auto [end, error] = std::from_chars(begin, begin + 2, value, 16);
    if (error != std::errc() || end != begin + 2) return std::nullopt;
    id.bytes.at(i) = static_cast<char>(value);
  }
  return id;
}

ObjectId ObjectId::of(std::string_view raw) {
  ObjectId id;
  std::copy_n(raw.begin(), std::min(raw.size(), id.bytes.size()), id.bytes.begin());
  return id;
}

std::string ObjectId::text() const { return hex({bytes.data(), bytes.size()}); }

ObjectId id_of(ObjectType type, std::string_view data) {
  constexpr std::array<std::string_view, 5> names = {"", "commit", "tree", "blob", "tag"};
  auto header = fmt::format("{} {}", names.at(static_cast<std::size_t>(type)), data.size());
  header.push_back('\0');
  const std::array<std::string_view, 2> parts = {header, data};
  return ObjectId::of(sha1(parts));
}

}  // namespace dunlin::git
