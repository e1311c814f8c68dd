#include "aws/json.hpp"

#include <nlohmann/json.hpp>

#include <cstring>  // explicit_bzero

namespace dunlin {
namespace {

using nlohmann::json;

const json* as_json(const void* node) { return static_cast<const json*>(node); }

void wipe(json& node) noexcept {
  if (auto* const text = node.get_ptr<json::string_t*>()) {
    explicit_bzero(text->data(), text->size());
  } else if (auto* const members = node.get_ptr<json::object_t*>()) {
    for (auto& [name, value] : *members) wipe(value);
  } else if (auto* const items = node.get_ptr<json::array_t*>()) {
    for (json& each : *items) wipe(each);
  }
}

}  // namespace

JsonKind JsonNode::kind() const noexcept {
  if (node_ == nullptr) return JsonKind::absent;
  switch (as_json(node_)->type()) {
    case json::value_t::object:
      return JsonKind::object;
    case json::value_t::array:
      return JsonKind::array;
    case json::value_t::string:
      return JsonKind::string;
    case json::value_t::boolean:
      return JsonKind::boolean;
    case json::value_t::number_integer:
    case json::value_t::number_unsigned:
    case json::value_t::number_float:
      return JsonKind::number;
    default:
      return JsonKind::null;
  }
}

JsonNode JsonNode::operator[](std::string_view key) const {
  if (kind() != JsonKind::object) return JsonNode();
  const auto found = as_json(node_)->find(std::string(key));
  return found == as_json(node_)->end() ? JsonNode() : JsonNode(&*found);
}

std::string_view JsonNode::text() const noexcept {
  if (kind() != JsonKind::string) return {};
  return *as_json(node_)->get_ptr<const json::string_t*>();
}

std::string JsonNode::scalar() const {
  if (kind() != JsonKind::number && kind() != JsonKind::boolean) return {};
  return as_json(node_)->dump();
}

std::vector<std::string> JsonNode::keys() const {
  std::vector<std::string> names;
  if (kind() != JsonKind::object) return names;
  for (const auto& [name, value] : as_json(node_)->items()) names.push_back(name);
  return names;
}

std::vector<JsonNode> JsonNode::items() const {
  std::vector<JsonNode> nodes;
  if (kind() != JsonKind::array) return nodes;
  for (const json& each : *as_json(node_)) nodes.emplace_back(&each);
  return nodes;
}

struct JsonDocument::Tree {
  json value;
  explicit Tree(json parsed) : value(std::move(parsed)) {}
  ~Tree() { wipe(value); }
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;
};

JsonDocument::JsonDocument(std::unique_ptr<Tree> tree) : tree_(std::move(tree)) {}
JsonDocument::~JsonDocument() = default;
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;

std::optional<JsonDocument> JsonDocument::parse(std::string_view text) {
  json parsed = json::parse(text, nullptr, false);
  if (parsed.is_discarded()) return std::nullopt;
  return JsonDocument(std::make_unique<Tree>(std::move(parsed)));
}

JsonNode JsonDocument::root() const noexcept { return JsonNode(&tree_->value); }

Secret json_text(JsonNode node) {
  if (node.node_ == nullptr) return Secret("null");
  std::string text = as_json(node.node_)->dump(-1, ' ', false, json::error_handler_t::replace);
  Secret result(text);
  explicit_bzero(text.data(), text.size());
  return result;
}

std::string json_quoted(std::string_view text) {
  return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
}

Secret json_quoted(const Secret& text) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::vector<char> quoted;
  quoted.reserve(text.reveal().size() * 6 + 2);  // as long as it may get: it never grows
  const auto add = [&](std::string_view piece) {
    quoted.insert(quoted.end(), piece.begin(), piece.end());
  };
  add("\"");
  for (const char c : text.reveal()) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      add("\\");
      quoted.push_back(c);
    } else if (byte < 0x20) {
      add("\\u00");
      quoted.push_back(kDigits[byte >> 4U]);
      quoted.push_back(kDigits[byte & 15U]);
    } else {
      quoted.push_back(c);
    }
  }
  add("\"");
  Secret result(std::string_view(quoted.data(), quoted.size()));
  explicit_bzero(quoted.data(), quoted.size());
  return result;
}

}  // namespace dunlin
