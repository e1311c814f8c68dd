#include "secrets/field.hpp"

#include "aws/json.hpp"
#include "base/text.hpp"

#include <charconv>

namespace dunlin {
namespace {

Error unreadable(std::string message, std::string hint = {}) {
  return Error{.code = ErrorCode::secret_unavailable,
               .message = std::move(message),
               .hint = std::move(hint)};
}

std::string_view name_of(JsonKind kind) {
  switch (kind) {
    case JsonKind::null:
      return "null";
    case JsonKind::boolean:
      return "true or false";
    case JsonKind::number:
      return "a number";
    case JsonKind::string:
      return "a string";
    case JsonKind::array:
      return "a list";
    default:
      return "an object";
  }
}

Result<JsonDocument> parse_object(const Secret& secret, std::string_view id, std::string_view key) {
  auto document = JsonDocument::parse(secret.reveal());
  const std::string hint = fmt::format(R"(store it as {{"{}": "..."}})", key);
  if (!document) {
    return unreadable(fmt::format("secret {} is not JSON, and its .{} is wanted", id, key), hint);
  }
  if (document->root().kind() != JsonKind::object) {
    return unreadable(fmt::format("secret {} is {} in JSON, and its .{} is wanted", id,
                                  name_of(document->root().kind()), key),
                      hint);
  }
  return std::move(*document);
}

std::string optional_field(JsonNode root, std::string_view key) {
  const JsonNode node = root[key];
  return node.kind() == JsonKind::string ? std::string(node.text()) : node.scalar();
}

}  // namespace

Result<Secret> json_field(const Secret& secret, std::string_view id, std::string_view key,
                          FieldKind wanted) {
  const JsonDocument document = DUNLIN_TRY(parse_object(secret, id, key));
  const JsonNode node = document.root()[key];
  if (node.kind() == JsonKind::absent) {
    const auto keys = document.root().keys();
    return unreadable(fmt::format("secret {} lacks .{}; it has {}", id, key,
                                  keys.empty() ? "no keys" : "." + join(keys, ", .")),
                      "check the secret's JSON; keys are case-sensitive");
  }
  if (node.kind() == JsonKind::string) return Secret(node.text());
  if (wanted == FieldKind::scalar && !node.scalar().empty()) return Secret(node.scalar());
  return unreadable(
      fmt::format("secret {} has {} as .{}, not a string", id, name_of(node.kind()), key),
      "put the value in double quotes");
}

Result<DatabaseSecret> parse_database_secret(const Secret& secret, std::string_view id) {
  DatabaseSecret result;
  result.password = DUNLIN_TRY(json_field(secret, id, "password"));
  const JsonDocument document = DUNLIN_TRY(parse_object(secret, id, "password"));
  result.username = optional_field(document.root(), "username");
  result.host = optional_field(document.root(), "host");
  result.name = optional_field(document.root(), "dbname");
  const std::string port = optional_field(document.root(), "port");
  if (port.empty()) return result;
  int number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc{} || end != port.data() + port.size() || number < 1 || number > 65535) {
    return unreadable(
        fmt::format("secret {} has a .port that is none: it has to be 1 to 65535", id));
  }
  result.port = number;
  return result;
}

}  // namespace dunlin
