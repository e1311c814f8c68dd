#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "split.hpp"

namespace dunlin::sql {
namespace {

using Texts = std::vector<std::string>;

TEST(SplitterTest, SplitsPostgresql) {
  struct Case {
    const char *why, *script;
    Texts texts;
  };
  const Case cases[] = {
      {"nothing", "", {}},
      {"nothing but blanks, comments and semicolons", ";; \n;-- x\n/* ; */", {}},
      {"no last semicolon", "a;\nb\n\n  ", {"a", "b"}},
      {"comments around are left out", "/* x */ a /* ; */; -- b;\n c -- d", {"a", "c"}},
      {"comments inside stay", "a -- ;\n b;", {"a -- ;\n b"}},
      {"CR line ends", "a -- x\rb;\rc;", {"a -- x\rb", "c"}},
      {"an open bracket does not swallow the rest",
       "insert into t values (1; b;",
       {"insert into t values (1", "b"}},
      {"a rule with several actions",
       "create rule r as on insert to t do also (insert into l values (new.n); delete from l;);b;",
       {"create rule r as on insert to t do also (insert into l values (new.n); delete from l;)",
        "b"}},
      {"a rule replaced",
       "create or replace rule r as on update to t do (a;b);c",
       {"create or replace rule r as on update to t do (a;b)", "c"}},
      {"BEGIN ATOMIC",
       "create function f(a int) returns int language sql begin atomic\n insert into t values "
       "(a);\n"
       " select case when a > 1 then 2 else 1 end;\nend;\nb;",
       {"create function f(a int) returns int language sql begin atomic\n insert into t values "
        "(a);\n select case when a > 1 then 2 else 1 end;\nend",
        "b"}},
      {"BEGIN ATOMIC on one line, a procedure",
       "create or replace procedure p() begin atomic a; b; end; c",
       {"create or replace procedure p() begin atomic a; b; end", "c"}},
      {"an empty body",
       "create procedure p() begin atomic end; c",
       {"create procedure p() begin atomic end", "c"}},
      {"END as a label inside a body",
       "create procedure p() begin atomic select 1 as end; select 2 end; end; c",
       {"create procedure p() begin atomic select 1 as end; select 2 end; end", "c"}},
      {"CASE in CASE in a body",
       "create procedure p() begin atomic select case 1 when 1 then (case when true then 2 end) "
       "end; end; c",
       {"create procedure p() begin atomic select case 1 when 1 then (case when true then 2 end) "
        "end; end",
        "c"}},
      {"a column named atomic before the END of a CASE",
       "create procedure p() begin atomic select case when a then atomic end; b; end; c",
       {"create procedure p() begin atomic select case when a then atomic end; b; end", "c"}},
      {"BEGIN is a statement of its own elsewhere",
       "begin; a; commit; end;",
       {"begin", "a", "commit", "end"}},
      {"a body in quotes",
       "create function g() returns text as 'begin return ''x;y''; end;' language plpgsql; b",
       {"create function g() returns text as 'begin return ''x;y''; end;' language plpgsql", "b"}},
      {"dollar quotes",
       "do $$ begin a; end $$; select $t$;$$;$t$;",
       {"do $$ begin a; end $$", "select $t$;$$;$t$"}},
      {"a quoted keyword opens no body",
       "create function f() returns int as \"begin\" atomic; b",
       {"create function f() returns int as \"begin\" atomic", "b"}},
  };
  for (const auto& [why, script, expected] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(texts(script, Dialect::postgresql), expected);
  }
}

TEST(SplitterTest, SplitsSqlite) {
  struct Case {
    const char *why, *script;
    Texts texts;
  };
  const Case cases[] = {
      {"a trigger",
       "create trigger tr after insert on a begin insert into l values ('in; '); insert into l "
       "select case when new.i > 1 then 'b' end; end; b;",
       {"create trigger tr after insert on a begin insert into l values ('in; '); insert into l "
        "select case when new.i > 1 then 'b' end; end",
        "b"}},
      {"a temporary one",
       "CREATE TEMP TRIGGER t AFTER UPDATE ON a BEGIN SELECT 1; END; b",
       {"CREATE TEMP TRIGGER t AFTER UPDATE ON a BEGIN SELECT 1; END", "b"}},
      {"names in brackets",
       "create table [br;ack](i int); create table `b;t`(i int);",
       {"create table [br;ack](i int)", "create table `b;t`(i int)"}},
      {"BEGIN elsewhere", "begin; a; end; b", {"begin", "a", "end", "b"}},
      {"a comment that stays open", "a; /* b; ", {"a"}},
      {"a backslash is SQLite's affair", "a \\ b; c", {"a \\ b", "c"}},
  };
  for (const auto& [why, script, expected] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(texts(script, Dialect::sqlite), expected);
  }
}

TEST(SplitterTest, TakesTheDataOfCopyApart) {
  struct Case {
    const char *why, *script, *data;
  };
  constexpr Case cases[] = {
      {"text", "copy t from stdin;\n1\tone;two\n2\tit's $$ -- \\.\n\\.\nselect 1;",
       "1\tone;two\n2\tit's $$ -- \\.\n"},
      {"no rows", "copy t from stdin;\n\\.\nselect 1;", ""},
      {"CRLF", "copy t from stdin;\r\n1\r\n2\r\n\\.\r\nselect 1;", "1\r\n2\r\n"},
      {"lone CRs", "copy t from stdin;\r1\r\\.\rselect 1;", "1\r"},
      {"a comment behind it", "copy t from stdin; -- data\n1\n\\.\nselect 1;", "1\n"},
      {"blanks around the mark", "copy t from stdin;\n1\n  \\. \nselect 1;", "1\n"},
      {"options and a list",
       "COPY \"a;b\".t (n, s) FROM STDIN WITH (FORMAT csv);\n6,\"a,;\"\n\\.\nselect 1",
       "6,\"a,;\"\n"},
      {"STDOUT is as good", "copy t from stdout;\n1\n\\.\nselect 1;", "1\n"},
      {"an old way", "copy binary a.b.t from stdin;\n1\n\\.\nselect 1;", "1\n"},
  };
  for (const auto& [why, script, data] : cases) {
    SCOPED_TRACE(why);
    const auto statements = split(script, Dialect::postgresql);
    ASSERT_TRUE(statements) << statements.error().message;
    ASSERT_EQ(statements->size(), 2U);
    EXPECT_EQ(statements->front().kind, StatementKind::copy_from_stdin);
    EXPECT_EQ(statements->front().data, data);
    EXPECT_EQ(statements->back().text, "select 1");
  }
}

TEST(SplitterTest, ReadsDataUpToTheEndOfTheText) {
  const auto statements = split("copy t from stdin;\n7\n\\.", Dialect::postgresql);
  ASSERT_TRUE(statements);
  ASSERT_EQ(statements->size(), 1U);
  EXPECT_EQ(statements->front().data, "7\n");
}

TEST(SplitterTest, LeavesOtherCopiesAlone) {
  for (const char* script : {"copy t from '/x/stdin'; b", "copy t from program 'x'; b",
                             "copy t to '/x'; b", "copy (select 1 from stdin) to '/x'; b"}) {
    SCOPED_TRACE(script);
    EXPECT_EQ(texts(script, Dialect::postgresql).size(), 2U);
  }
}

TEST(SplitterTest, FollowsStandardConformingStrings) {
  struct Case {
    const char *why, *script;
    std::size_t count;
  };
  constexpr Case cases[] = {
      {"off", "set standard_conforming_strings=off; a 'x\\';b';", 2},
      {"off, in other words", "SET LOCAL standard_conforming_strings TO 'false'; a 'x\\';b';", 2},
      {"on again", "set standard_conforming_strings=off; reset all; a 'x\\';b 'y'", 4},
      {"on by name",
       "set standard_conforming_strings = no; set standard_conforming_strings to "
       "default; a 'x\\';b",
       4},
      {"another setting", "set other=off; a 'x\\';b", 3},
  };
  for (const auto& [why, script, count] : cases) {
    SCOPED_TRACE(why);
    EXPECT_EQ(texts(script, Dialect::postgresql).size(), count);
  }
}

TEST(SplitterTest, NamesThePlaceOfWhatNeverEnds) {
  struct Case {
    const char *why, *script, *message;
    Dialect dialect = Dialect::postgresql;
  };
  constexpr Case cases[] = {
      {"a string", "a;\ninsert into t values ('x);\n",
       "a string that never ends begins at line 2, column 23"},
      {"a name", "a \"b;", "a quoted name that never ends begins at line 1, column 3"},
      {"a dollar quote", "a;\ndo $x$ b;\n$$;",
       "a dollar quote that never ends begins at line 2, column 4"},
      {"a comment inside a statement", "a /* b;",
       "a comment that never ends begins at line 1, column 3"},
      {"a body", "create procedure p() begin atomic a;",
       "a body that never ends begins at line 1, column 28"},
      {"data", "a;\ncopy t from stdin;\n1\n2\n",
       "COPY ... FROM STDIN whose data never end at line 2, column 1"},
      {"data that are not there", "copy t from stdin",
       "COPY ... FROM STDIN without data at line 1, column 1"},
      {"data on the wrong line", "copy t from stdin; 1\n\\.\n",
       "text behind COPY ... FROM STDIN on the same line at line 1, column 19"},
      {"a command of psql", "\\set x 1\ncreate table t(n int);\n",
       "\\set is a command of psql and no SQL, used at line 1, column 1"},
      {"an end mark without data", "a;\n\\.\n",
       "\\. with no COPY ... FROM STDIN before it at line 2, column 1"},
      {"a backslash", "a \\ b", "a backslash outside of quotes at line 1, column 3"},
      {"a string in SQLite", "a 'b", "a string that never ends begins at line 1, column 3",
       Dialect::sqlite},
      {"a trigger in SQLite", "create trigger t after insert on a begin select 1;",
       "a body that never ends begins at line 1, column 36", Dialect::sqlite},
  };
  for (const auto& [why, script, message, dialect] : cases) {
    SCOPED_TRACE(why);
    const auto statements = split(script, dialect);
    ASSERT_FALSE(statements);
    EXPECT_EQ(statements.error().code, ErrorCode::script_unreadable);
    EXPECT_EQ(statements.error().message, message);
    EXPECT_FALSE(statements.error().hint.empty());
    EXPECT_TRUE(statements.error().excerpt.ends_with('^'));
    EXPECT_EQ(statements.error().sqlstate, dialect == Dialect::postgresql ? "42601" : "");
  }
}

TEST(SplitterTest, RefusesNulBytesInStatementsOnly) {
  const std::string_view inside("a;\nb\0c", 6);
  EXPECT_EQ(texts(inside, Dialect::postgresql), Texts{"! a NUL byte at line 2, column 2"});
  const std::string_view comment("a; -- \0\nb", 9);
  EXPECT_EQ(texts(comment, Dialect::postgresql).size(), 2U);
}

TEST(SplitterTest, WarnsOfACommentThatNeverEnds) {
  std::vector<Warning> warnings;
  const auto statements =
      split("a;\n/* never ; \n", Dialect::postgresql, SplitOptions{}, &warnings);
  ASSERT_TRUE(statements);
  EXPECT_EQ(statements->size(), 1U);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_EQ(warnings.front().message,
            "a comment that begins at line 2, column 1 never ends: what follows is not run");
}

TEST(SplitterTest, TellsWhereStatementsBegin) {
  const auto statements = split(
      "\xEF\xBB\xBF"
      "a;\r\n\r\n-- why\r\n  ö b;c",
      Dialect::postgresql);
  ASSERT_TRUE(statements);
  ASSERT_EQ(statements->size(), 3U);
  EXPECT_EQ(statements->at(1).line, 4U);
  EXPECT_EQ(statements->at(1).column, 3U);
  EXPECT_EQ(statements->at(2).column, 7U);
}

TEST(SplitterTest, TellsPlacesOfTheFileAndNoSecret) {
  const std::string_view original = "alter role r password '${p}';\nb 'c";
  const PlaceholderValues values = {{"p", "s3cret\n\n"}};
  const auto replaced = replace_placeholders(original, values);
  ASSERT_TRUE(replaced);
  SplitOptions options;
  options.original = original;
  options.map = &replaced->map;
  Splitter splitter(replaced->text, Dialect::postgresql, options);
  ASSERT_TRUE(splitter.next());
  const auto failed = splitter.next();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "a string that never ends begins at line 2, column 3");
  EXPECT_EQ(failed.error().excerpt, "b 'c\n  ^");
}

TEST(SplitterTest, TakesTimeInProportionToTheText) {
  std::string script;
  for (int i = 0; i < 200'000; ++i) script += "insert into t values ('x', $$y$$, \"z\"); ";
  const auto statements = split(script, Dialect::postgresql);
  ASSERT_TRUE(statements);
  EXPECT_EQ(statements->size(), 200'000U);
  EXPECT_EQ(statements->back().line, 1U) << "columns of one long line are counted along, not anew";
}

}  // namespace
}  // namespace dunlin::sql
