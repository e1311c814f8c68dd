#include "docs/render.hpp"

#include "base/text.hpp"
#include "docs/diagram.hpp"
#include "docs/markdown.hpp"

#include <algorithm>

namespace dunlin::docs {
namespace {

std::string heading(std::size_t level, std::string_view text) {
  return fmt::format("\n{} {}\n", std::string(level, '#'), text);
}

std::string paragraph(std::string_view text) {
  return text.empty() ? std::string() : fmt::format("\n{}\n", plain(text));
}

std::string sql(std::string_view text) { return code(one_line(text)); }

std::string code_list(const std::vector<std::string>& names) {
  std::vector<std::string> shown;
  std::ranges::transform(names, std::back_inserter(shown), code);
  return join(shown, ", ");
}

std::string cell(std::string_view text) { return text.empty() ? " " : fmt::format(" {} ", text); }

/// A table whose columns that are empty throughout are left out, the first but.
std::string table(const std::vector<std::string>& head,
                  const std::vector<std::vector<std::string>>& rows) {
  std::string first = "\n|";
  std::string line = "|";
  std::vector<std::string> body(rows.size(), "|");
  for (std::size_t at = 0; at < head.size(); ++at) {
    const bool is_used =
        std::ranges::any_of(rows, [&](const auto& row) { return !row[at].empty(); });
    if (at > 0 && !is_used) continue;
    first += cell(head[at]) + "|";
    line += " --- |";
    for (std::size_t row = 0; row < rows.size(); ++row) body[row] += cell(rows[row][at]) + "|";
  }
  return rows.empty() ? std::string() : fmt::format("{}\n{}\n{}\n", first, line, join(body, "\n"));
}

std::string columns_of(const std::vector<Column>& columns) {
  std::vector<std::vector<std::string>> rows;
  rows.reserve(columns.size());
  for (const Column& column : columns) {
    const bool typed = !column.type.empty();
    const bool has_default = !column.otherwise.empty();
    rows.push_back({code(column.name), typed ? code(column.type) : "",
                    column.is_nullable ? "yes" : "no", has_default ? sql(column.otherwise) : "",
                    plain(column.comment)});
  }
  return table({"column", "type", "null", "default", "comment"}, rows);
}

/// Those of a view are nullable as far as databases know, which says nothing.
std::string columns_of(const View& view) {
  std::vector<std::vector<std::string>> rows;
  rows.reserve(view.columns.size());
  for (const Column& column : view.columns) {
    rows.push_back(
        {code(column.name), column.type.empty() ? "" : code(column.type), plain(column.comment)});
  }
  return table({"column", "type", "comment"}, rows);
}

/// "- Primary key `bird_pkey`: `id`", with what is said of it.
std::string item(std::string_view kind, std::string_view name, std::string_view what,
                 std::string_view comment) {
  return fmt::format("- {}{}: {}{}\n", kind, name.empty() ? "" : " " + code(name), what,
                     comment.empty() ? "" : ". " + plain(comment));
}

std::string item(const ForeignKey& key) {
  const std::string there = key.schema.empty()
                                ? code(key.table)
                                : fmt::format("{}.{}", code(key.schema), code(key.table));
  std::string what = fmt::format("{} → {}", code_list(key.columns), there);
  if (!key.refers_to.empty()) what += fmt::format(" ({})", code_list(key.refers_to));
  if (!key.actions.empty()) what += " " + code(key.actions);
  return item("Foreign key", key.name, what, key.comment);
}

std::string items(std::string_view kind, const std::vector<Part>& parts) {
  std::string text;
  for (const Part& part : parts) text += item(kind, part.name, sql(part.definition), part.comment);
  return text;
}

std::string list(const std::string& items) { return items.empty() ? items : "\n" + items; }

std::string section(const Table& table) {
  std::string text = heading(4, plain(table.name)) + paragraph(table.comment);
  if (!table.kind.empty()) text += fmt::format("\nThis table is {}.\n", code(table.kind));
  text += columns_of(table.columns);
  std::string parts;
  if (const Key& key = table.primary; !key.columns.empty()) {
    parts += item("Primary key", key.name, code_list(key.columns), key.comment);
  }
  for (const Key& key : table.uniques) {
    parts += item("Unique", key.name, code_list(key.columns), key.comment);
  }
  for (const ForeignKey& key : table.foreign_keys) parts += item(key);
  parts += items("Check", table.checks) + items("Exclusion", table.exclusions) +
           items("Index", table.indexes) + items("Trigger", table.triggers);
  return text + list(parts);
}

std::string section(const View& view) {
  std::string text = heading(4, plain(view.name)) + paragraph(view.comment);
  if (view.is_materialized) text += "\nThis view is materialized.\n";
  text += columns_of(view);
  text += list(items("Index", view.indexes) + items("Trigger", view.triggers));
  return text + "\n" + fenced("sql", view.definition);
}

std::string section(const Domain& domain) {
  const std::string text = heading(4, plain(domain.name)) + paragraph(domain.comment);
  std::string parts =
      fmt::format("- Type: {}{}\n", code(domain.type), domain.is_nullable ? "" : ", not null");
  if (!domain.otherwise.empty()) parts += fmt::format("- Default: {}\n", sql(domain.otherwise));
  return text + list(parts + items("Check", domain.checks));
}

std::string section(const Composite& type) {
  std::vector<std::vector<std::string>> rows;
  rows.reserve(type.columns.size());
  for (const Column& column : type.columns) {
    rows.push_back({code(column.name), code(column.type), plain(column.comment)});
  }
  return heading(4, plain(type.name)) + paragraph(type.comment) +
         table({"attribute", "type", "comment"}, rows);
}

template <class Thing>
std::string sections(std::string_view title, const std::vector<Thing>& things) {
  std::string text = things.empty() ? std::string() : heading(3, title);
  for (const Thing& thing : things) text += section(thing);
  return text;
}

std::string chapter(std::string_view title, const std::string& rows) {
  return rows.empty() ? rows : heading(3, title) + rows;
}

std::string enums_of(const Schema& schema) {
  std::vector<std::vector<std::string>> rows;
  rows.reserve(schema.enums.size());
  for (const Enum& one : schema.enums) {
    rows.push_back({code(one.name), code_list(one.labels), plain(one.comment)});
  }
  return chapter("Enums", table({"enum", "values", "comment"}, rows));
}

std::string sequences_of(const Schema& schema) {
  std::vector<std::vector<std::string>> rows;
  rows.reserve(schema.sequences.size());
  for (const Sequence& one : schema.sequences) {
    rows.push_back({code(one.name), code(one.type), one.range, plain(one.comment)});
  }
  return chapter("Sequences", table({"sequence", "type", "values", "comment"}, rows));
}

std::string functions_of(const Schema& schema) {
  std::vector<std::vector<std::string>> rows;
  rows.reserve(schema.functions.size());
  for (const Function& one : schema.functions) {
    const std::string result = one.result.empty() ? "" : code(one.result);
    rows.push_back({sql(fmt::format("{}({})", one.name, one.arguments)), result, one.kind,
                    code(one.language), plain(one.comment)});
  }
  return chapter("Functions", table({"function", "returns", "kind", "language", "comment"}, rows));
}

std::string document(const Schema& schema) {
  std::string text = heading(2, "Schema " + plain(schema.name)) + paragraph(schema.comment);
  if (const std::string drawing = diagram(schema); !drawing.empty()) {
    text += heading(3, "Diagram") + "\n" + fenced("mermaid", drawing);
  } else if (!schema.tables.empty()) {
    text += heading(3, "Diagram") + "\nToo large to be drawn.\n";
  }
  const std::string things = sections("Tables", schema.tables) + sections("Views", schema.views) +
                             enums_of(schema) + sections("Domains", schema.domains) +
                             sections("Row types", schema.composites) + sequences_of(schema) +
                             functions_of(schema);
  return text + (things.empty() ? "\nThis schema is empty.\n" : things);
}

}  // namespace

std::string markdown(std::span<Schema> schemas) {
  std::string text;
  for (Schema& schema : schemas) {
    sort(schema);
    text += document(schema);
  }
  return text.empty() ? text : text.substr(1);  // headings begin with an empty line
}

}  // namespace dunlin::docs
