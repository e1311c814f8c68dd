#include "docs/sqlite_table.hpp"

#include <gtest/gtest.h>

namespace dunlin::docs {
namespace {

/// "name=definition;" of each check, then "column:expression;" of each generated column.
std::string found(std::string_view create) {
  const TableText text = read_create_table(create);
  std::string result;
  for (const Part& check : text.checks) result += check.name + "=" + check.definition + ";";
  for (const auto& [column, expression] : text.generated) result += column + ":" + expression + ";";
  return result;
}

TEST(SqliteTableTest, FindsChecksAndGeneratedColumns) {
  struct Case {
    const char *why, *create, *expected;
  };
  constexpr Case cases[] = {
      {"none", "CREATE TABLE t (a INT, b TEXT DEFAULT 'CHECK (x)')", ""},
      {"of a column", "CREATE TABLE t (a INT check(a > 0))", "=(a > 0);"},
      {"of the table, with a name", "CREATE TABLE t (a, CONSTRAINT \"my \"\"c\" CHECK (a))",
       "my \"c=(a);"},
      {"a name of another constraint is not its own",
       "CREATE TABLE t (a INT CONSTRAINT n NOT NULL CHECK (a > 0))", "=(a > 0);"},
      {"comments", "CREATE TABLE t (a -- CHECK (no)\n, b /* , CHECK (no) ( */ CHECK (b))", "=(b);"},
      {"quotes and parentheses in it", "CREATE TABLE t (a CHECK (a IN (')', \"(\", [)], `)`)), b)",
       "=(a IN (')', \"(\", [)], `)`));"},
      {"names that are words", "CREATE TABLE \"CHECK (a)\" ([check] INT, \"AS (x)\" INT)", ""},
      {"a deeper CHECK is none", "CREATE TABLE t (a DEFAULT (x CHECK (y)))", ""},
      {"generated", "CREATE TABLE t (a, b INT AS (a * 2), [c d] GENERATED ALWAYS AS (a) STORED)",
       "b:(a * 2) VIRTUAL;c d:(a) STORED;"},
      {"a table without a body", "CREATE TABLE t AS SELECT 1", ""},
  };
  for (const auto& [why, create, expected] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(found(create), expected);
  }
}

TEST(SqliteTableTest, AnIndexBeginsAtItsColumns) {
  EXPECT_EQ(from_parenthesis("CREATE INDEX \"i (x)\" ON [t (] /* ( */ (a DESC) WHERE a > 1"),
            "(a DESC) WHERE a > 1");
}

}  // namespace
}  // namespace dunlin::docs
