#include "docs/diagram.hpp"

#include "base/text.hpp"

#include <gtest/gtest.h>

namespace dunlin::docs {
namespace {

Table table(std::string name, std::vector<Column> columns) {
  return {.name = std::move(name), .comment = {}, .kind = {}, .columns = std::move(columns)};
}

/// The line for a column of that name and type.
std::string line_of(const std::string& name, const std::string& type) {
  const auto text = diagram({.name = "s", .comment = {}, .tables = {table("t", {{name, type}})}});
  return std::string(trim(split(text, '\n').at(2)));
}

TEST(DiagramTest, WritesWhatMermaidCannotTakeAsAComment) {
  struct Case {
    const char *why, *name, *type, *expected;
  };
  constexpr Case cases[] = {
      {"words stay", "weight", "integer", "integer weight"},
      {"blanks and commas in a type", "w", "numeric(6,2)", "numeric(6_2) w"},
      {"words of the grammar", "fk", "UK", "_UK _fk \"fk\""},
      {"but not within a word", "pk_id", "int", "int pk_id"},
      {"a digit at the start", "2nd", "int", "int _2nd \"2nd\""},
      {"no ASCII", "ü", "int", "int _ \"ü\""},
      {"quotes, signs of entities", "a\"b#;", "int", "int a_b_ \"a#34;b#35;#59;\""},
      {"line ends", "a\nb", "int", "int a_b \"a b\""},
      {"no type at all, as in SQLite", "a", "", "_ a"},
  };
  for (const auto& [why, name, type, expected] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(line_of(name, type), expected);
  }
}

TEST(DiagramTest, DrawsHowManyThereAreOnEachSide) {
  struct Case {
    const char* why;
    bool nullable, unique;
    const char* expected;
  };
  constexpr Case cases[] = {
      {"many, each with one", false, false, "\"a\" ||--o{ \"b\" : \"x\""},
      {"many, each with one or none", true, false, "\"a\" |o--o{ \"b\" : \"x\""},
      {"at most one", false, true, "\"a\" ||--o| \"b\" : \"x\""},
  };
  for (const auto& [why, nullable, unique, expected] : cases) {
    SCOPED_TRACE(why);
    Table b = table("b", {{"x", "int", nullable}});
    b.foreign_keys.push_back({.columns = {"x"}, .table = "a"});
    if (unique) b.uniques.push_back({.columns = {"x"}});
    const auto text = diagram({.name = "s", .comment = {}, .tables = {table("a", {}), b}});
    EXPECT_TRUE(text.contains(expected)) << text;
  }
}

TEST(DiagramTest, LeavesColumnsOutBeforeItIsTooLarge) {
  Schema schema{.name = "s"};
  for (int n = 0; n < 400; ++n) {
    schema.tables.push_back(table(fmt::format("table_{}", n), {{"id", "int"}, {"name", "text"}}));
    for (int m = 0; m < 10; ++m)
      schema.tables.back().columns.push_back({fmt::format("column_{}", m), "text"});
    schema.tables.back().primary.columns = {"id"};
  }
  const auto text = diagram(schema);
  EXPECT_LE(text.size(), kLargestDiagram);
  EXPECT_TRUE(text.contains("int id PK")) << "keys are the last to go";
  EXPECT_FALSE(text.contains("column_1"));
  for (Table& one : schema.tables) one.name.insert(0, 200, 'x');
  EXPECT_EQ(diagram(schema), "");
}

}  // namespace
}  // namespace dunlin::docs
