#include "sql/without_literals.hpp"

#include <gtest/gtest.h>

namespace dunlin::sql {
namespace {

TEST(WithoutLiteralsTest, KeepsWhatTellsStatementsApartAndNoText) {
  struct Case {
    const char *why, *statement, *expected;
  };
  constexpr Case cases[] = {
      {"nothing to hide", "alter table t add c int", "alter table t add c int"},
      {"a password", "alter role a password 'x y'", "alter role a password '...'"},
      {"doubled quotes", "select 'it''s', 1", "select '...', 1"},
      {"escapes", "select E'a\\'b' as c", "select '...' as c"},
      {"dollar quotes", "do $$ x $$", "do '...'"},
      {"tagged ones", "do $a$ $$ x $a$;", "do '...';"},
      {"names stay", "select * from \"my table\"", "select * from \"my table\""},
      {"comments may hold anything", "select /* secret */ 1 -- more", "select 1"},
      {"lines become one", "select\n  1,\n  2", "select 1, 2"},
      {"cut off in a string", "alter role a password 'x", "alter role a password '...'"},
      {"cut off in a dollar quote", "do $$ x", "do '...'"},
      {"cut off in a comment", "select /* x", "select "},
      {"empty", "", ""},
  };
  for (const auto& [why, statement, expected] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(without_literals(statement, Dialect::postgresql), expected);
  }
}

}  // namespace
}  // namespace dunlin::sql
