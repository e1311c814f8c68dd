#include "secrets/file_store.hpp"

#include "aws/json.hpp"
#include "aws/secret_file.hpp"
#include "base/text.hpp"
#include "base/toml.hpp"

namespace dunlin {
namespace {

using Values = std::map<std::string, Secret>;

Error unavailable(std::string message, std::string hint = {}) {
  return Error{.code = ErrorCode::secret_unavailable,
               .message = std::move(message),
               .hint = std::move(hint)};
}

Result<Secret> read_file(const std::string& path) {
  auto text = read_secret_file(path);
  if (text) return text;
  return unavailable(
      fmt::format("the secrets file {} cannot be read: {}", path, text.error().message),
      "secrets.file names it; it holds one line ID = \"VALUE\" for each secret");
}

Error wrong_value(const std::string& path, std::string_view id) {
  return unavailable(fmt::format("the secret {} in {} is neither a string nor a table", id, path));
}

Result<Values> parse_json(const std::string& path, const Secret& text) {
  const auto document = JsonDocument::parse(text.reveal());
  if (!document || document->root().kind() != JsonKind::object) {
    return unavailable(fmt::format("the secrets file {} is not a JSON object", path));
  }
  Values values;
  for (const std::string& id : document->root().keys()) {
    const JsonNode node = document->root()[id];
    if (node.kind() == JsonKind::string) {
      values.emplace(id, Secret(node.text()));
    } else if (node.kind() == JsonKind::object) {
      values.emplace(id, json_text(node));
    } else {
      return wrong_value(path, id);
    }
  }
  return values;
}

void write_json(const Toml& value, std::string& out);

void write_table(const Toml& table, std::string& out) {
  out += '{';
  for (std::size_t i = 0; i < table.items.size(); ++i) {
    if (i > 0) out += ',';
    out += json_quoted(table.keys[i]) + ":";
    write_json(table.items[i], out);
  }
  out += '}';
}

void write_array(const Toml& array, std::string& out) {
  out += '[';
  for (const Toml& item : array.items) {
    if (!out.ends_with('[')) out += ',';
    write_json(item, out);
  }
  out += ']';
}

/// As JSON; dates and times, which no secret has, become null.
void write_json(const Toml& value, std::string& out) {
  switch (value.kind) {
    case Toml::Kind::table:
      return write_table(value, out);
    case Toml::Kind::array:
      return write_array(value, out);
    case Toml::Kind::text:
      out += json_quoted(value.text);
      break;
    case Toml::Kind::time:
      out += "null";
      break;
    default:
      out += value.text;
  }
}

Result<Values> parse_toml(const std::string& path, const Secret& text) {
  const auto read = read_toml(text.reveal());
  if (const auto* fault = std::get_if<TomlFault>(&read)) {
    // Not what the parser says: it quotes the text, which is secret.
    const std::string where = fault->line > 0 ? fmt::format(": see line {}", fault->line) : "";
    return unavailable(fmt::format("the secrets file {} is not TOML{}", path, where),
                       "ids with other characters than letters, digits, - and _ stand in quotes");
  }
  Values values;
  const Toml& root = std::get<Toml>(read);
  for (std::size_t i = 0; i < root.items.size(); ++i) {
    const std::string& id = root.keys[i];
    const Toml& value = root.items[i];
    if (value.kind == Toml::Kind::text) {
      values.emplace(id, Secret(value.text));
    } else if (value.kind == Toml::Kind::table) {
      std::string json;
      write_json(value, json);
      values.emplace(id, Secret(json));
      explicit_bzero(json.data(), json.size());
    } else {
      return wrong_value(path, id);
    }
  }
  return values;
}

}  // namespace

Result<Values> FileStore::read() const {
  const Secret text = DUNLIN_TRY(read_file(path_));
  return lower(path_).ends_with(".json") ? parse_json(path_, text) : parse_toml(path_, text);
}

std::vector<Result<Secret>> FileStore::fetch(std::span<const std::string> ids) {
  const auto values = read();
  std::vector<std::string> known;
  if (values) {
    for (const auto& [id, value] : *values) known.push_back(id);
  }
  std::vector<Result<Secret>> results;
  for (const std::string& id : ids) {
    if (!values) {
      results.emplace_back(values.error());
    } else if (const auto found = values->find(id); found != values->end()) {
      results.emplace_back(found->second.duplicate());
    } else {
      const auto near = nearest(id, known);
      results.emplace_back(unavailable(fmt::format("secret {} is not in {}", id, path_),
                                       near.empty()
                                           ? std::string("add it there")
                                           : fmt::format("there is {}", join(near, ", "))));
    }
  }
  return results;
}

}  // namespace dunlin
