#include "fargate/document.hpp"

#include "aws/json.hpp"
#include "base/text.hpp"

namespace dunlin::fargate {

Document& Document::put(std::string_view name, std::string value) {
  fields_.push_back(fmt::format("{}: {}", json_quoted(name), value));
  return *this;
}

Document& Document::add(std::string_view name, std::string_view text) {
  return put(name, json_quoted(text));
}

Document& Document::add_if(std::string_view name, std::string_view text) {
  return put(name, text.empty() ? "null" : json_quoted(text));
}

Document& Document::add(std::string_view name, std::optional<int> number) {
  return put(name, number ? fmt::format("{}", *number) : "null");
}

Document& Document::add(std::string_view name, const std::vector<std::string>& texts) {
  std::vector<std::string> quoted;
  quoted.reserve(texts.size());
  for (const std::string& each : texts) quoted.push_back(json_quoted(each));
  return put(name, fmt::format("[{}]", join(quoted, ", ")));
}

Document& Document::add(std::string_view name, const std::vector<Document>& objects) {
  std::vector<std::string> lines;
  lines.reserve(objects.size());
  for (const Document& each : objects) lines.push_back("\n    " + each.object());
  return put(name, lines.empty() ? "[]" : fmt::format("[{}\n  ]", join(lines, ",")));
}

Document& Document::add(const std::optional<Error>& error) {
  if (!error) return *this;
  Document inner;
  inner.add("errorCode", kind_of(error->code).name).add("message", error->message);
  if (!error->cause.empty()) inner.add("cause", error->cause);
  if (!error->hint.empty()) inner.add("hint", error->hint);
  return put("error", inner.object());
}

std::string Document::object() const { return fmt::format("{{{}}}", join(fields_, ", ")); }

std::string Document::text() const { return fmt::format("{{\n  {}\n}}\n", join(fields_, ",\n  ")); }

}  // namespace dunlin::fargate
