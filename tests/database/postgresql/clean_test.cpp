#include "database/postgresql/clean.hpp"

#include "database/postgresql/open.hpp"
#include "database/steps.hpp"
#include "support/postgres_server.hpp"

#include <gtest/gtest.h>

namespace dunlin::postgresql {
namespace {

using test::Log;
using test::Onlooker;
using test::PostgresServer;

/// One object of each kind, as Flyway 11 was shown them.
struct Kind {
  const char* name;
  const char* sql;
  bool counts;   ///< makes the schema count as not empty
  bool is_left;  ///< by clean
};
constexpr Kind kKinds[] = {
    {"nothing", "select 1", false, false},
    {"table", "create table a(i int)", true, false},
    {"partitioned table", "create table a(i int) partition by range(i)", false, false},
    {"a table and its partition",
     "create table a(i int) partition by range(i); create table b partition of a default", true,
     false},
    {"inheritance", "create table a(i int); create table b() inherits (a)", true, false},
    {"view", "create view a as select 1 x", true, false},
    {"materialized view", "create materialized view a as select 1 x", false, false},
    {"view of a view", "create view b as select 1 x; create view a as select * from b", true,
     false},
    {"sequence", "create sequence a", true, false},
    {"serial", "create table a(i serial, j int generated always as identity)", true, false},
    {"enum", "create type a as enum('x')", true, false},
    {"domain", "create domain a as int", true, false},
    {"domain of an enum", "create type b as enum('x'); create domain a as b", true, false},
    {"composite type", "create type a as (i int)", false, false},
    {"range type", "create type a as range(subtype=int)", true, false},
    {"shell type", "create type a", true, false},
    {"base type",
     "create type a;"
     "create function a_in(cstring) returns a strict immutable language internal as 'int4in';"
     "create function a_out(a) returns cstring strict immutable language internal as 'int4out';"
     "create type a (input=a_in, output=a_out, like=int4)",
     true, false},
    {"function", "create function a() returns int language sql as 'select 1'", true, false},
    {"overloaded function",
     "create function a(int) returns int language sql as 'select 1';"
     "create function a(text, variadic int[]) returns int language sql as 'select 1'",
     true, false},
    {"procedure", "create procedure a(inout i int) language sql as 'select 1'", true, false},
    {"aggregate", "create aggregate a(int) (sfunc=int4pl, stype=int)", true, false},
    {"aggregate of all", "create aggregate a(*) (sfunc=int8inc, stype=bigint, initcond='0')", true,
     false},
    {"ordered-set aggregate",
     "create aggregate a(float8 order by anyelement) (sfunc=ordered_set_transition, "
     "stype=internal, finalfunc=percentile_disc_final, finalfunc_extra=true)",
     true, false},
    {"collation", "create collation a from \"C\"", false, false},
    {"extension", "create extension pgcrypto schema a", false, false},
    {"foreign table", "create foreign table a(i int) server files options(filename '/dev/null')",
     false, true},
    {"text search configuration", "create text search configuration a (copy=pg_catalog.english)",
     false, true},
    {"quotes in names", "create table \"it's \"\"odd\"\"\"(\"a b\" int)", true, false},
};

class CleanTest : public testing::Test {
 protected:
  void SetUp() override {
    onlooker.ask("create extension file_fdw; create server files foreign data wrapper file_fdw");
    auto opened = open(PostgresServer::instance().by_socket(name), log);
    ASSERT_TRUE(opened) << opened.error().message;
    database = *std::move(opened);
  }
  void make(const Kind& kind) {
    onlooker.ask(std::string("drop schema if exists a cascade; create schema a; "
                             "set search_path = a, public; ") +
                 kind.sql);
  }
  SchemaState state() {
    const std::vector<std::string> names = {"a"};
    return database->schemas(names).value().at(0);
  }

  std::string name = PostgresServer::instance().make_database();
  Onlooker onlooker{name};
  Log log;
  std::unique_ptr<Database> database;
};

TEST_F(CleanTest, CountsAsNotEmptyWhatFlywayCounts) {
  for (const Kind& kind : kKinds) {
    SCOPED_TRACE(kind.name);
    make(kind);
    EXPECT_TRUE(state().exists);
    EXPECT_EQ(state().empty, !kind.counts);
  }
}

TEST_F(CleanTest, LeavesTheSchemaAndWhatFlywayLeaves) {
  for (const Kind& kind : kKinds) {
    SCOPED_TRACE(kind.name);
    make(kind);
    const auto statements = database->clean_statements("a");
    ASSERT_TRUE(statements) << statements.error().message;
    const auto dropped = database->query(*statements);
    ASSERT_TRUE(dropped) << dropped.error().message;
    EXPECT_TRUE(state().exists && state().empty);
    // What a schema holds depends on it.
    const auto left = onlooker.value(
        "select count(*) from pg_depend where refclassid = 'pg_namespace'::regclass and refobjid = "
        "'a'::regnamespace");
    EXPECT_EQ(left == "0", !kind.is_left) << left;
    EXPECT_EQ(database->clean_statements("a")->size(), 0U);
  }
}

TEST_F(CleanTest, TouchesNoOtherSchema) {
  onlooker.ask(
      "create schema a; create schema b; create table b.t(i int); create sequence a.s;"
      "create table b.u(i int default nextval('a.s'), t text); create extension pgcrypto schema b");
  const auto statements = database->clean_statements("a");
  ASSERT_TRUE(statements && database->query(*statements));
  EXPECT_EQ(onlooker.value("select count(*) from pg_class where relnamespace = 'b'::regnamespace "
                           "and relkind = 'r'"),
            "2");
  EXPECT_EQ(onlooker.value("select count(*) from pg_extension where extname = 'pgcrypto'"), "1");
}

TEST_F(CleanTest, ASchemaThatIsNotThereHasNothingToDrop) {
  EXPECT_FALSE(state().exists);
  EXPECT_TRUE(database->clean_statements("a")->empty());
}

}  // namespace
}  // namespace dunlin::postgresql
