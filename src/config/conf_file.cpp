#include "config/conf_file.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <optional>

namespace dunlin {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_name_char(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

bool is_comment(std::string_view line) noexcept {
  return line.starts_with('#') || line.starts_with('!');
}

bool is_setting_of_its_own(std::string_view line) noexcept {
  return line.starts_with("flyway.") && line.contains('=');
}

/// Key and value of a whole line: between them '=', ':' or blanks, whichever comes first.
ConfLine setting(std::string_view line, int number) {
  const auto end = std::min(line.find_first_of("=: \t"), line.size());
  std::string_view rest = trim(line.substr(end));
  const bool only_blanks = end < line.size() && (line[end] == ' ' || line[end] == '\t');
  if (!only_blanks && !rest.empty()) rest.remove_prefix(1);
  if (only_blanks && (rest.starts_with('=') || rest.starts_with(':'))) rest.remove_prefix(1);
  return {std::string(line.substr(0, end)), std::string(trim(rest)), number};
}

/// A ${NAME} of a text.
struct Variable {
  std::size_t begin = 0;
  std::size_t end = 0;  ///< behind the brace
  std::string_view name;
};

std::optional<Variable> next_variable(std::string_view text, std::size_t from) {
  for (auto begin = text.find("${", from); begin != std::string_view::npos;
       begin = text.find("${", begin + 2)) {
    std::size_t end = begin + 2;
    while (end < text.size() && is_name_char(text[end])) ++end;
    if (end > begin + 2 && end < text.size() && text[end] == '}') {
      return Variable{begin, end + 1, text.substr(begin + 2, end - begin - 2)};
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<ConfLine> parse_conf(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  const std::vector<std::string> lines = split(text, '\n');
  std::vector<ConfLine> result;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const int number = static_cast<int>(i) + 1;
    std::string line(trim(lines[i]));
    if (line.empty() || is_comment(line)) continue;
    while (line.ends_with('\\') && i + 1 < lines.size()) {
      const std::string_view next = trim(lines[i + 1]);
      if (next.empty() || is_setting_of_its_own(next)) break;
      line.pop_back();
      line += next;
      ++i;
    }
    result.push_back(setting(line, number));
  }
  return result;
}

std::string expand_variables(std::string_view value, const Environment& environment) {
  std::string result;
  std::size_t from = 0;
  while (const auto variable = next_variable(value, from)) {
    result += value.substr(from, variable->begin - from);
    result += environment.find(variable->name).value_or("");
    from = variable->end;
  }
  result += value.substr(from);
  return result;
}

bool has_variables(std::string_view value) { return next_variable(value, 0).has_value(); }

}  // namespace dunlin
