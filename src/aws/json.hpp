#pragma once

#include "base/secret.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// Reading JSON that holds secrets. A wall around nlohmann-json: its header is slow to compile, and
/// its strings are not wiped by themselves.

enum class JsonKind { absent, null, boolean, number, string, array, object };

/// One value inside a JsonDocument; lives no longer than that.
class JsonNode {
 public:
  explicit JsonNode(const void* node = nullptr) : node_(node) {}
  [[nodiscard]] JsonKind kind() const noexcept;
  /// The member of an object; absent if this is no object or has no such member.
  [[nodiscard]] JsonNode operator[](std::string_view key) const;
  /// The characters of a string; empty for everything else.
  [[nodiscard]] std::string_view text() const noexcept;
  /// A number or a truth as JSON writes it: "5432"; empty for everything else.
  [[nodiscard]] std::string scalar() const;
  /// The names of an object's members, sorted.
  [[nodiscard]] std::vector<std::string> keys() const;
  /// The values of an array.
  [[nodiscard]] std::vector<JsonNode> items() const;

 private:
  friend Secret json_text(JsonNode node);
  const void* node_;
};

/// A parsed document. All its strings are wiped when it goes away.
class JsonDocument {
 public:
  /// Absent when `text` is not JSON.
  [[nodiscard]] static std::optional<JsonDocument> parse(std::string_view text);
  [[nodiscard]] JsonNode root() const noexcept;
  ~JsonDocument();
  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;

 private:
  struct Tree;
  explicit JsonDocument(std::unique_ptr<Tree> tree);
  std::unique_ptr<Tree> tree_;
};

/// A value written out as JSON, without blanks; members sorted by name.
[[nodiscard]] Secret json_text(JsonNode node);

/// `text` as a JSON string, quotes included. Bytes that are not UTF-8 become U+FFFD.
[[nodiscard]] std::string json_quoted(std::string_view text);
/// As above; bytes from 0x80 on stay as they are, and no copy is left behind.
[[nodiscard]] Secret json_quoted(const Secret& text);

}  // namespace dunlin
