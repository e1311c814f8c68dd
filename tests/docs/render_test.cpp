#include "docs/render.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

namespace dunlin::docs {
namespace {

Schema birds() {
  Table bird{.name = "bird", .comment = {}, .kind = {}};
  bird.columns = {{"id", "int", false}, {"nest", "int"}};
  bird.primary = {.name = "bird_pkey", .columns = {"id"}};
  bird.foreign_keys = {{.name = "lives",
                        .columns = {"nest"},
                        .schema = "wood",
                        .table = "nest",
                        .refers_to = {"id"},
                        .actions = "ON DELETE CASCADE"}};
  bird.checks = {{.name = "z", .definition = "(id > 0)"}, {.name = "B", .definition = "(id\n< 9)"}};
  Schema schema{.name = "app", .comment = "All."};
  schema.tables = {bird, {.name = "Ast"}, {.name = "äst"}};
  schema.enums = {{.name = "mood", .comment = {}, .labels = {"b", "a"}}};
  return schema;
}

TEST(RenderTest, ShowsWhatThereIs) {
  std::vector schemas = {birds()};
  const std::string text = markdown(schemas);
  EXPECT_TRUE(text.starts_with("## Schema app\n\nAll.\n\n### Diagram\n\n```mermaid\n")) << text;
  for (const char* part :
       {"| column | type | null |\n| --- | --- | --- |\n| `id` | `int` | no |\n",
        "- Primary key `bird_pkey`: `id`\n",
        "- Foreign key `lives`: `nest` → `wood`.`nest` (`id`) `ON DELETE CASCADE`\n",
        "- Check `B`: `(id < 9)`\n- Check `z`: `(id > 0)`\n", "| `mood` | `b`, `a` |\n"}) {
    EXPECT_TRUE(text.contains(part)) << part << "\nis not in\n" << text;
  }
  EXPECT_FALSE(text.contains("\n\n\n")) << text;
}

TEST(RenderTest, SortsByBytesWhateverTheOrder) {
  Schema other = birds();
  std::ranges::reverse(other.tables);
  for (Table& table : other.tables) std::ranges::reverse(table.checks);
  std::vector one = {birds()};
  std::vector two = {other};
  const std::string text = markdown(one);
  EXPECT_EQ(text, markdown(two));
  EXPECT_LT(text.find("#### Ast"), text.find("#### bird"));
  EXPECT_LT(text.find("#### bird"), text.find("#### äst"));
}

TEST(RenderTest, SaysThatASchemaIsEmpty) {
  std::vector<Schema> schemas = {{.name = "a_*"}};
  EXPECT_EQ(markdown(schemas), "## Schema a\\_\\*\n\nThis schema is empty.\n");
}

}  // namespace
}  // namespace dunlin::docs
