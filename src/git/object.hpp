#pragma once

#include <array>
#include <cstddef>
#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace dunlin::git {

/// SHA-1 of an object: what Git calls it. Repositories with SHA-256 are refused.
struct ObjectId {
  std::array<char, 20> bytes{};
  /// From 40 hex digits of either case; nothing for any other text.
  [[nodiscard]] static std::optional<ObjectId> parse(std::string_view text);
  /// From 20 raw bytes.
  [[nodiscard]] static ObjectId of(std::string_view raw);
  /// 40 hex digits in lower case.
  [[nodiscard]] std::string text() const;
  friend bool operator==(const ObjectId&, const ObjectId&) = default;
};

struct ObjectIdHash {
  std::size_t operator()(const ObjectId& id) const noexcept {
    std::size_t value = 0;  // the bytes are a digest: any of them are as good as a hash
    std::memcpy(&value, id.bytes.data(), sizeof value);
    return value;
  }
};

/// As numbered in a pack.
enum class ObjectType { commit = 1, tree = 2, blob = 3, tag = 4 };

struct Object {
  ObjectType type = ObjectType::blob;
  std::shared_ptr<const std::string> data;
};

/// Objects by what they really are: each id was computed from the content, so what is found by an
/// id that a commit or a tree names is what its author committed.
using Objects = std::unordered_map<ObjectId, Object, ObjectIdHash>;

[[nodiscard]] ObjectId id_of(ObjectType type, std::string_view data);

}  // namespace dunlin::git
