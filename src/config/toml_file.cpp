#include "config/toml_file.hpp"

#include "base/text.hpp"
#include "base/toml.hpp"
#include "migration/encoding.hpp"

#include <algorithm>
#include <span>

namespace dunlin {
namespace {

Error syntax_error(std::string_view shown, const TomlFault& fault) {
  // the words before the bracket are Flyway's: people search for them
  if (fault.line == 0) {
    return {.code = ErrorCode::configuration,
            .message = fmt::format("Error parsing config file at {}: {}", shown, fault.what),
            .hint = "look for brackets, quotes and commas that are out of place"};
  }
  return {.code = ErrorCode::configuration,
          .message = fmt::format("Error parsing config file at [line {}, column {}] of {}: {}",
                                 fault.line, fault.column, shown, fault.what),
          .hint = "correct the file"};
}

Result<void> check_utf8(std::string_view text, std::string_view shown) {
  const std::size_t at = find_invalid_utf8(text);
  if (at >= text.size()) return {};
  const auto before = text.substr(0, at);
  return syntax_error(shown,
                      {.line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1,
                       .column = at - (before.rfind('\n') + 1) + 1,
                       .what = "this is not UTF-8"});
}

Error wrong_kind(std::string_view shown, const std::vector<std::string>& path, int line) {
  return {.code = ErrorCode::configuration,
          .message = fmt::format("Unable to load config file: {} line {}: {} is neither text, true "
                                 "or false, a whole number nor an array of these",
                                 shown, line, join(path, ".")),
          .hint = "write the value in quotes"};
}

bool is_plain(const Toml& value) {
  return value.kind == Toml::Kind::text || value.kind == Toml::Kind::boolean ||
         value.kind == Toml::Kind::integer;
}

class Flattener {
 public:
  explicit Flattener(std::string_view shown) : shown_(shown) {}

  Result<void> table(const Toml& table) {
    for (std::size_t i = 0; i < table.items.size(); ++i) {
      path_.push_back(table.keys[i]);
      DUNLIN_TRY(value(table.items[i]));
      path_.pop_back();
    }
    return {};
  }
  std::vector<TomlSetting> take() { return std::move(settings_); }

 private:
  Result<void> value(const Toml& value) {
    if (value.kind == Toml::Kind::table) return table(value);
    const bool is_list = value.kind == Toml::Kind::array;
    TomlSetting setting{path_, {}, is_list, value.line};
    for (const Toml& item : is_list ? std::span(value.items) : std::span(&value, 1)) {
      if (!is_plain(item)) return wrong_kind(shown_, path_, item.line);
      setting.values.push_back(item.text);
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
  DUNLIN_TRY(check_utf8(text, shown));
  const auto read = read_toml(text);
  if (const auto* fault = std::get_if<TomlFault>(&read)) return syntax_error(shown, *fault);
  Flattener flattener(shown);
  DUNLIN_TRY(flattener.table(std::get<Toml>(read)));
  return flattener.take();
}

}  // namespace dunlin
