#include "config/toml_file.hpp"

#include "base/text.hpp"

#include <toml++/toml.h>

#include <optional>

namespace dunlin {
namespace {

int line_of(const toml::node& node) { return static_cast<int>(node.source().begin.line); }

/// The text of a plain value; nothing for tables, arrays, dates and fractions.
std::optional<std::string> scalar(const toml::node& node) {
  if (const auto* text = node.as_string()) return text->get();
  if (const auto* truth = node.as_boolean()) return truth->get() ? "true" : "false";
  if (const auto* number = node.as_integer()) return std::to_string(number->get());
  return std::nullopt;
}

Error wrong_kind(std::string_view shown, const std::vector<std::string>& path, int line) {
  return {.code = ErrorCode::configuration,
          .message = fmt::format("Unable to load config file: {} line {}: {} is neither text, true "
                                 "or false, a whole number nor an array of these",
                                 shown, line, join(path, ".")),
          .hint = "write the value in quotes"};
}

class Flattener {
 public:
  explicit Flattener(std::string_view shown) : shown_(shown) {}

  Result<void> table(const toml::table& table) {
    for (const auto& [key, node] : table) {
      path_.emplace_back(key.str());
      DUNLIN_TRY(value(node));
      path_.pop_back();
    }
    return {};
  }
  std::vector<TomlSetting> take() { return std::move(settings_); }

 private:
  Result<void> value(const toml::node& node) {
    if (const auto* inner = node.as_table()) return table(*inner);
    if (const auto* items = node.as_array()) return array(*items);
    auto text = scalar(node);
    if (!text) return wrong_kind(shown_, path_, line_of(node));
    settings_.push_back({path_, {std::move(*text)}, false, line_of(node)});
    return {};
  }
  Result<void> array(const toml::array& items) {
    TomlSetting setting{path_, {}, true, line_of(items)};
    for (const toml::node& item : items) {
      auto text = scalar(item);
      if (!text) return wrong_kind(shown_, path_, line_of(item));
      setting.values.push_back(std::move(*text));
    }
    settings_.push_back(std::move(setting));
    return {};
  }

  std::string_view shown_;
  std::vector<std::string> path_;
  std::vector<TomlSetting> settings_;
};

}  // namespace

Result<std::vector<TomlSetting>> parse_toml(std::string_view text, std::string_view shown) {
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    const auto& error = parsed.error();
    // the words before the bracket are Flyway's: people search for them
    return Error{
        .code = ErrorCode::configuration,
        .message = fmt::format("Error parsing config file at [line {}, column {}] of {}: {}",
                               error.source().begin.line, error.source().begin.column, shown,
                               error.description()),
        .hint = "correct the file"};
  }
  Flattener flattener(shown);
  DUNLIN_TRY(flattener.table(parsed.table()));
  return flattener.take();
}

}  // namespace dunlin
