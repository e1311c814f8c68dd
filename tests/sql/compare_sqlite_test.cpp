#include <gtest/gtest.h>
#include <sqlite3.h>

#include <memory>
#include <string>

#include "split.hpp"

// Splits are compared with what sqlite3_prepare_v2 takes for one statement.
namespace dunlin::sql {
namespace {

using Database = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;

Database open_database() {
  sqlite3* opened = nullptr;
  EXPECT_EQ(sqlite3_open(":memory:", &opened), SQLITE_OK);
  return {opened, &sqlite3_close};
}

/// Runs one statement after the other, as SQLite itself divides them, and returns how many bytes
/// each took, its semicolon included; blank ones left out.
std::vector<std::string> pieces(sqlite3* database, std::string_view script) {
  std::vector<std::string> result;
  while (!script.empty()) {
    sqlite3_stmt* statement = nullptr;
    const char* tail = nullptr;
    const int code = sqlite3_prepare_v2(database, script.data(), static_cast<int>(script.size()),
                                        &statement, &tail);
    EXPECT_EQ(code, SQLITE_OK) << sqlite3_errmsg(database) << "\n" << script;
    if (code != SQLITE_OK) return result;
    const auto length = static_cast<std::size_t>(tail - script.data());
    if (statement != nullptr) result.emplace_back(script.substr(0, length));
    while (sqlite3_step(statement) == SQLITE_ROW) {
    }
    sqlite3_finalize(statement);
    script.remove_prefix(length);
  }
  return result;
}

TEST(CompareSqliteTest, SplitsAsSqliteDoes) {
  const char* const scripts[] = {
      "create table a(i int, t text); create table log(s text);\n"
      "create trigger tr after insert on a begin\n  insert into log values ('in; ' || new.t);\n"
      "  insert into log select case when new.i > 1 then 'big' else 'small' end;\nend;\n"
      "insert into a values (1,'x;y');\n"
      "CREATE TRIGGER IF NOT EXISTS tr2 AFTER UPDATE OF t ON a FOR EACH ROW WHEN new.t <> old.t "
      "BEGIN SELECT 1; update a set i = i + 1 where t = new.t; END;\nupdate a set t='z';\n"
      "create table \"odd;name\"(\"col;\" int); create table [br;ack](i int); create table "
      "`back;tick`(i int);\n/* ; */ -- ;\n",
      "select 1; ; select 2 -- ;\n; select 3 /* ; */; select 4",
      "select 'a'';b', \"c;\", x'00', $a, ?1, :b, @c, 1 as end; select 2 as begin;",
      "select /* /* */ 1; select 2 /* open ;",
      "create temp table t(i); create temp trigger x after delete on t begin select 1; end; select "
      "1",
      "create table b(\"begin\" int, [end] text); create trigger y after insert on b when "
      "new.\"begin\" > 1 begin delete from b; end; select case 1 when 1 then ';' end;",
      "select 'a' -- x\r ; still a comment\n; select 2;",
      "select '\\'; select '\\\\';",
      "begin; savepoint s; rollback to s; end; pragma foreign_keys=on; vacuum;",
  };
  for (const std::string script : scripts) {
    const Database database = open_database();
    const auto theirs = pieces(database.get(), script);
    const auto ours = split(script, Dialect::sqlite);
    ASSERT_TRUE(ours) << ours.error().message;
    ASSERT_EQ(ours->size(), theirs.size()) << script;
    for (std::size_t i = 0; i < theirs.size(); ++i) {
      EXPECT_TRUE(theirs[i].contains((*ours)[i].text)) << theirs[i];
    }
  }
}

TEST(CompareSqliteTest, AgreesOnWhatIsComplete) {
  for (const std::string script :
       {"create trigger t after insert on a begin select case 1 when 1 then 2 end; end;",
        "create temporary trigger t after insert on a begin select 1; select ';'; end;",
        "create table t(i);", "select [a;b];", "select 'x;';"}) {
    EXPECT_EQ(sqlite3_complete(script.c_str()), 1) << script;
    EXPECT_EQ(texts(script, Dialect::sqlite).size(), 1U) << script;
  }
}

}  // namespace
}  // namespace dunlin::sql
