#include "config/toml_file.hpp"

#include "base/text.hpp"
#include "migration/encoding.hpp"

#include <stdexcept>

// toml++ 3.3 takes for granted what a broken file does not hold: its assertions can be reached, and
// with NDEBUG they are undefined behaviour. Whoever can push a branch can write such a file, so
// here they throw. With exceptions its parser has a namespace of its own: no other file's is
// changed.
[[noreturn]] static void refuse_toml() { throw std::logic_error("no TOML"); }
#undef NDEBUG
#undef TOML_EXCEPTIONS
#define TOML_EXCEPTIONS 1
#define TOML_ASSERT(claim) ((claim) ? void() : refuse_toml())
#include <toml++/toml.h>

#include <algorithm>
#include <optional>

namespace dunlin {
namespace {

/// Control characters have no place anywhere in TOML.
bool is_control(char c) noexcept {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7F;
}

constexpr std::string_view kMark = "~.";

/// Letters beyond ASCII as "~." and two hex digits, so that toml++ never sees one: outside of
/// strings and comments, where TOML has none, it runs into a place that it declares unreachable. (A
/// mark that somebody spells as "\u007E." is taken for ours.)
std::string ascii(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_kept =
        static_cast<unsigned char>(text[at]) < 0x80 && !text.substr(at).starts_with(kMark);
    if (is_kept) {
      result += text[at];
    } else {
      result += std::string(kMark) + hex(text.substr(at, 1));
    }
  }
  return result;
}

/// The opposite of ascii.
std::string from_ascii(std::string_view text) {
  std::string result;
  std::size_t from = 0;
  for (auto at = text.find(kMark); at != std::string_view::npos; at = text.find(kMark, from)) {
    const auto digits = text.substr(at + kMark.size(), 2);
    result += text.substr(from, at - from);
    result += percent_decode('%' + std::string(digits));
    from = at + kMark.size() + digits.size();
  }
  return result += text.substr(from);
}

Error syntax_error(std::string_view shown, std::size_t line, std::size_t column,
                   std::string_view what) {
  // the words before the bracket are Flyway's: people search for them
  return {.code = ErrorCode::configuration,
          .message = fmt::format("Error parsing config file at [line {}, column {}] of {}: {}",
                                 line, column, shown, what),
          .hint = "correct the file"};
}

/// Refuses what must not reach toml++.
Result<void> check_characters(std::string_view text, std::string_view shown) {
  const auto control =
      static_cast<std::size_t>(std::ranges::find_if(text, is_control) - text.begin());
  const std::size_t at = std::min({control, find_invalid_utf8(text), text.size()});
  if (at == text.size()) return {};
  const auto before = text.substr(0, at);
  const auto line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1;
  const auto column = at - (before.rfind('\n') + 1) + 1;
  return syntax_error(
      shown, line, column,
      is_control(text[at]) ? "a control character has no place here" : "this is not UTF-8");
}

// --- from its nodes to settings

int line_of(const toml::node& node) { return static_cast<int>(node.source().begin.line); }

/// The text of a plain value; nothing for tables, arrays, dates and fractions.
std::optional<std::string> scalar(const toml::node& node) {
  if (const auto* text = node.as_string()) return from_ascii(text->get());
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
      path_.push_back(from_ascii(key.str()));
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
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  DUNLIN_TRY(check_characters(text, shown));
  toml::table root;
  try {
    root = toml::parse(ascii(text));
  } catch (const toml::parse_error& error) {
    const auto& begin = error.source().begin;
    return syntax_error(shown, begin.line, begin.column, from_ascii(error.description()));
  } catch (const std::logic_error&) {
    return Error{.code = ErrorCode::configuration,
                 .message = fmt::format("Error parsing config file at {}: it is no TOML", shown),
                 .hint = "look for brackets, quotes and commas that are out of place"};
  }
  Flattener flattener(shown);
  DUNLIN_TRY(flattener.table(root));
  return flattener.take();
}

}  // namespace dunlin
