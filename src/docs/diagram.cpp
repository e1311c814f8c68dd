// Mermaid's grammar takes names in quotes, and in them anything but quotes, percent signs,
// backslashes and line ends; those are written as its entity codes (#34;). Columns and types take
// letters, digits and few signs, without quotes: what does not fit is written with underscores, and
// the true name follows as the column's comment. (mermaid 11, erDiagram.jison)
#include "docs/diagram.hpp"

#include "base/text.hpp"
#include "docs/markdown.hpp"

#include <algorithm>

namespace dunlin::docs {
namespace {

enum class Shown { all_columns, keys, names };

std::string quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : replace_all(printable(text), "\n", " ")) {
    if (std::string_view("\"%\\#;").contains(c)) {
      result += fmt::format("#{};", static_cast<int>(c));
    } else {
      result += c;
    }
  }
  return result + (text.empty() ? " \"" : "\"");
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

/// A word of a column's line, which has no quotes.
std::string word(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const bool fits = is_letter(c) || (c >= '0' && c <= '9') || c == '(' || c == ')';
    if (fits) {
      result += c;
    } else if (!result.ends_with('_')) {
      result += '_';
    }
  }
  // PK, FK and UK are words of the grammar itself, in any case.
  const std::string known = lower(result);
  const bool taken = known == "pk" || known == "fk" || known == "uk";
  if (result.empty() || !is_letter(result.front()) || taken) result.insert(0, "_");
  return result;
}

bool has(const std::vector<std::string>& columns, const std::string& name) {
  return std::ranges::count(columns, name) > 0;
}

std::string keys_of(const Table& table, const std::string& column) {
  std::vector<std::string> keys;
  if (has(table.primary.columns, column)) keys.emplace_back("PK");
  if (std::ranges::any_of(table.foreign_keys,
                          [&](const ForeignKey& key) { return has(key.columns, column); })) {
    keys.emplace_back("FK");
  }
  const std::vector<std::string> alone = {column};
  if (std::ranges::count(table.uniques, alone, &Key::columns) > 0) keys.emplace_back("UK");
  return join(keys, ", ");
}

std::string column_line(const Table& table, const Column& column) {
  const std::string keys = keys_of(table, column.name);
  const std::string name = word(column.name);
  std::string line = fmt::format("        {} {}", word(column.type), name);
  if (!keys.empty()) line += " " + keys;
  if (name != column.name) line += " " + quoted(column.name);
  return line + "\n";
}

std::string entity(const Table& table, Shown shown) {
  std::string lines;
  for (const Column& column : table.columns) {
    if (shown == Shown::names) break;
    if (shown == Shown::keys && keys_of(table, column.name).empty()) continue;
    lines += column_line(table, column);
  }
  const std::string name = quoted(table.name);
  return lines.empty() ? fmt::format("    {}\n", name)
                       : fmt::format("    {} {{\n{}    }}\n", name, lines);
}

/// Has each row there at most one here?
bool is_unique(const Table& table, const std::vector<std::string>& columns) {
  const auto holds = [&](const Key& key) {
    return !key.columns.empty() && std::ranges::all_of(key.columns, [&](const std::string& name) {
      return has(columns, name);
    });
  };
  return holds(table.primary) || std::ranges::any_of(table.uniques, holds);
}

std::string relation(const Table& table, const ForeignKey& key) {
  const bool optional = std::ranges::any_of(table.columns, [&](const Column& column) {
    return column.is_nullable && has(key.columns, column.name);
  });
  const std::string there = key.schema.empty() ? key.table : key.schema + "." + key.table;
  return fmt::format("    {} {}--{} {} : {}\n", quoted(there), optional ? "|o" : "||",
                     is_unique(table, key.columns) ? "o|" : "o{", quoted(table.name),
                     quoted(join(key.columns, ", ")));
}

std::string drawn(const Schema& schema, Shown shown) {
  std::string text = "erDiagram\n";
  for (const Table& table : schema.tables) text += entity(table, shown);
  for (const Table& table : schema.tables) {
    for (const ForeignKey& key : table.foreign_keys) text += relation(table, key);
  }
  return text;
}

}  // namespace

std::string diagram(const Schema& schema) {
  if (schema.tables.empty()) return {};
  for (const Shown shown : {Shown::all_columns, Shown::keys, Shown::names}) {
    std::string text = drawn(schema, shown);
    if (text.size() <= kLargestDiagram) return text;
  }
  return {};
}

}  // namespace dunlin::docs
