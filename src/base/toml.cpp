// The one file that sees toml++: with other macros in another file, the two would be one program
// with two meanings of the same names.
#include "base/toml.hpp"

#include "base/text.hpp"

#include <optional>
#include <stdexcept>

// toml++ 3.3 takes for granted what a broken file does not hold: its assertions can be reached, and
// with NDEBUG they are undefined behaviour. Whoever can push a branch can write such a file, so
// here they throw.
[[noreturn]] static void refuse_toml() { throw std::logic_error("no TOML"); }
#undef NDEBUG
#undef TOML_EXCEPTIONS
#define TOML_EXCEPTIONS 1
#define TOML_ASSERT(claim) ((claim) ? void() : refuse_toml())
#include <toml++/toml.h>

#include <algorithm>
#include <cstring>

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

TomlFault fault_at(std::string_view text, std::size_t at, std::string what) {
  const auto before = text.substr(0, at);
  return {.line = static_cast<std::size_t>(std::ranges::count(before, '\n')) + 1,
          .column = at - (before.rfind('\n') + 1) + 1,
          .what = std::move(what)};
}

std::optional<TomlFault> fault_of_characters(std::string_view text) {
  const auto* const control = std::ranges::find_if(text, is_control);
  if (control == text.end()) return std::nullopt;
  return fault_at(text, static_cast<std::size_t>(control - text.begin()),
                  "a control character has no place here");
}

/// Behind the string that begins at `at`; a string of one line ends with the line at the latest.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const std::string three(3, quote);
  const bool is_long = text.substr(at).starts_with(three);
  for (at += is_long ? 3 : 1; at < text.size(); ++at) {
    if (text[at] == '\\' && quote == '"') {
      ++at;
    } else if (is_long && text.substr(at).starts_with(three)) {
      at += 3;
      // one or two more may belong to the text
      for (int more = 0; more < 2 && at < text.size() && text[at] == quote; ++more) ++at;
      return at;
    } else if (!is_long && (text[at] == quote || text[at] == '\n')) {
      return at + 1;
    }
  }
  return text.size();
}

/// A key of very many parts: toml++ makes tables within tables of it without a limit, and what
/// visits or destroys them calls itself as often.
std::optional<TomlFault> fault_of_depth(std::string_view text) {
  constexpr int kMostDots = 15;
  int dots = 0;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      at = end_of_string(text, at);
      continue;
    }
    if (c == '#') {
      at = std::min(text.find('\n', at), text.size());
      continue;
    }
    // Blanks may stand around dots; whatever ends a key starts the next count.
    if (c == '.') {
      if (++dots > kMostDots) return fault_at(text, at, "a key has more than 16 parts");
    } else if (std::string_view("\n=,[]{}").contains(c)) {
      dots = 0;
    }
    ++at;
  }
  return std::nullopt;
}

// --- from its nodes to ours

Toml scalar(const toml::node& node) {
  if (const auto* text = node.as_string()) {
    return {.kind = Toml::Kind::text, .text = from_ascii(text->get())};
  }
  if (const auto* truth = node.as_boolean()) {
    return {.kind = Toml::Kind::boolean, .text = truth->get() ? "true" : "false"};
  }
  if (const auto* number = node.as_integer()) {
    return {.kind = Toml::Kind::integer, .text = std::to_string(number->get())};
  }
  if (const auto* number = node.as_floating_point()) {
    return {.kind = Toml::Kind::fraction, .text = fmt::format("{}", number->get())};
  }
  return {.kind = Toml::Kind::time};
}

Toml from_node(const toml::node& node) {
  Toml value;
  if (const auto* table = node.as_table()) {
    for (const auto& [key, member] : *table) {
      value.keys.push_back(from_ascii(key.str()));
      value.items.push_back(from_node(member));
    }
  } else if (const auto* array = node.as_array()) {
    value.kind = Toml::Kind::array;
    for (const toml::node& item : *array) value.items.push_back(from_node(item));
  } else {
    value = scalar(node);
  }
  value.line = static_cast<int>(node.source().begin.line);
  return value;
}

}  // namespace

std::variant<Toml, TomlFault> read_toml(std::string_view text) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (auto fault = fault_of_characters(text)) return *std::move(fault);
  if (auto fault = fault_of_depth(text)) return *std::move(fault);
  std::string plain = ascii(text);
  try {
    const toml::table root = toml::parse(plain);
    explicit_bzero(plain.data(), plain.size());  // it may be a file of secrets
    return from_node(root);
  } catch (const toml::parse_error& error) {
    const auto& begin = error.source().begin;
    return TomlFault{
        .line = begin.line, .column = begin.column, .what = from_ascii(error.description())};
  } catch (const std::logic_error&) {
    return TomlFault{.what = "it is no TOML"};
  }
}

}  // namespace dunlin
