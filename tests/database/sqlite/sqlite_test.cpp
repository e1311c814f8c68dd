// What is SQLite's own: one file, one writer, and errors of files. The rest is the contract test's.
#include "database/sqlite/open.hpp"
#include "database/steps.hpp"
#include "support/temporary_folder.hpp"

#include <gtest/gtest.h>

#include <signal.h>

#include <thread>

namespace dunlin::sqlite {
namespace {

using test::Log;
using test::script_step;
using test::Steps;
using test::TemporaryFolder;

class SqliteTest : public testing::Test {
 protected:
  Result<std::unique_ptr<Database>> try_open(const std::string& url, OpenOptions options = {}) {
    options.url = parse_url(url).value();
    return open(options, log);
  }
  std::unique_ptr<Database> must_open(OpenOptions options = {}) {
    auto opened = try_open("jdbc:sqlite:" + file, std::move(options));
    EXPECT_TRUE(opened) << opened.error().message;
    return *std::move(opened);
  }
  static Rows ask(Database& database, const std::string& text) {
    const Query query{.text = text};
    auto rows = database.query(std::span(&query, 1));
    EXPECT_TRUE(rows) << rows.error().message;
    return rows ? rows->at(0) : Rows{};
  }
  std::vector<Outcome> apply(Database& database, Steps steps) {
    return database.apply(steps, {.history = history}, log);
  }

  TemporaryFolder folder;
  std::string file = folder / "x.db";
  HistoryTable history{.schema = "main", .name = "flyway_schema_history"};
  Log log;
};

TEST_F(SqliteTest, KnowsWhatFlywayPrintsOfIt) {
  const auto database = must_open();
  EXPECT_EQ(database->facts().product, "SQLite");
  EXPECT_EQ(database->facts().url, "jdbc:sqlite:" + file);
  EXPECT_EQ(database->facts().schema, "main");
  EXPECT_EQ(database->facts().user, "");
  EXPECT_TRUE(database->facts().version.starts_with("3.")) << database->facts().version;
}

TEST_F(SqliteTest, SaysWhatIsWrongWithAFile) {
  struct Case {
    const char *why, *url, *message;
    IfMissing if_missing;
  };
  const std::string junk = "jdbc:sqlite:" + folder.write("junk.db", std::string(200, 'x'));
  const std::string no_folder = "jdbc:sqlite:" + folder / "no/such/x.db";
  const std::string a_folder = "jdbc:sqlite:" + folder.path();
  const std::string absent = "jdbc:sqlite:" + folder / "absent.db";
  const Case cases[] = {
      {"no folder", no_folder.c_str(), "there is no folder", IfMissing::create},
      {"a folder", a_folder.c_str(), "it is a folder", IfMissing::create},
      {"no database", junk.c_str(), "file is not a database", IfMissing::create},
      {"not to be made", absent.c_str(), "there is no such file", IfMissing::refuse},
  };
  for (const auto& [why, url, message, if_missing] : cases) {
    SCOPED_TRACE(why);
    const auto opened = try_open(url, {.if_missing = if_missing});
    ASSERT_FALSE(opened);
    EXPECT_EQ(opened.error().code, ErrorCode::database_unreachable);
    EXPECT_TRUE(opened.error().message.contains(message)) << opened.error().message;
    EXPECT_TRUE(opened.error().message.contains("Unable to obtain connection from database"));
    EXPECT_FALSE(opened.error().hint.empty());
  }
}

TEST_F(SqliteTest, MakesTheHistoryTableThatFlywayMakes) {
  const auto database = must_open();
  ASSERT_TRUE(database->query(database->create_history(history)));
  const auto made = ask(*database, "select sql from sqlite_master where sql is not null");
  EXPECT_EQ(made.at(0).at(0), R"(CREATE TABLE "flyway_schema_history" (
    "installed_rank" INT NOT NULL PRIMARY KEY,
    "version" VARCHAR(50),
    "description" VARCHAR(200) NOT NULL,
    "type" VARCHAR(20) NOT NULL,
    "script" VARCHAR(1000) NOT NULL,
    "checksum" INT,
    "installed_by" VARCHAR(100) NOT NULL,
    "installed_on" TEXT NOT NULL DEFAULT (strftime('%Y-%m-%d %H:%M:%f','now')),
    "execution_time" INT NOT NULL,
    "success" BOOLEAN NOT NULL
))");
  EXPECT_EQ(made.at(1).at(0),
            R"(CREATE INDEX "flyway_schema_history_s_idx" ON "flyway_schema_history" ("success"))");
  EXPECT_TRUE(database->query(database->create_history(history))) << "somebody else was faster";
  ASSERT_FALSE(apply(*database, Steps({script_step(1, "")})).at(0).error);
  EXPECT_EQ(ask(*database,
                "select typeof(installed_rank), typeof(checksum), typeof(success), "
                "typeof(version) from flyway_schema_history"),
            (Rows{{"integer", "integer", "integer", "text"}}));
}

TEST_F(SqliteTest, ARankThatAnotherTookIsAConflictBeforeAnythingRuns) {
  const auto database = must_open();
  ASSERT_TRUE(database->query(database->create_history(history)));
  Step mine = script_step(1, "create table a(i int)");
  mine.row.installed_rank = 1;
  const auto other = must_open();
  ASSERT_FALSE(apply(*other, Steps({script_step(1, "create table a(i int)")})).at(0).error);
  const auto outcomes = apply(*database, Steps({mine}));
  ASSERT_TRUE(outcomes.at(0).error);
  EXPECT_EQ(outcomes[0].error->code, ErrorCode::history_conflict);
  EXPECT_TRUE(outcomes[0].before_running);
  EXPECT_EQ(database->read_history(history)->size(), 1U);
}

TEST_F(SqliteTest, TwoProgramsAtOnceRunEachScriptOnce) {
  ASSERT_TRUE(must_open()->query(must_open()->create_history(history)));
  const auto migrate = [&] {
    const auto database = must_open();
    Log mine;
    ASSERT_TRUE(database->lock({.table = history}, mine));
    for (;;) {
      const auto done = static_cast<int>(database->read_history(history)->size());
      if (done == 20) return;
      Step next = script_step(done + 1, "create table t" + std::to_string(done) + "(i int)");
      next.row.installed_rank = done + 1;
      Steps steps({next});
      const auto outcomes = database->apply(steps, {.history = history}, mine);
      const auto& error = outcomes.at(0).error;
      ASSERT_TRUE(!error || error->code == ErrorCode::history_conflict) << error->message;
    }
  };
  {
    const std::jthread other(migrate);
    migrate();
  }
  const auto rows = must_open()->read_history(history);
  ASSERT_EQ(rows->size(), 20U);
  for (std::size_t i = 0; i < 20; ++i) {
    EXPECT_EQ((*rows)[i].version, std::to_string(i + 1));
  }
}

TEST_F(SqliteTest, WaitsForAWriterAsLongAsItWasTold) {
  const auto writer = must_open();
  ASSERT_TRUE(writer->query(writer->create_history(history)));
  const auto database = must_open();
  Step writing = script_step(1, "create table a(i int)\nselect 1");
  class Interferes final : public Progress {
   public:
    explicit Interferes(std::function<void()> act) : act_(std::move(act)) {}
    void hear(const Event& event) override {
      if (std::holds_alternative<QueryResult>(event)) act_();
    }

   private:
    std::function<void()> act_;
  } progress([&] {
    ASSERT_TRUE(database->lock({.table = history, .retries = 0}, log));
    const auto outcomes = apply(*database, Steps({script_step(2, "create table b(i int)")}));
    ASSERT_TRUE(outcomes.at(0).error);
    EXPECT_EQ(outcomes[0].error->code, ErrorCode::lock_timeout);
    EXPECT_TRUE(outcomes[0].error->message.contains(file)) << outcomes[0].error->message;
    EXPECT_TRUE(database->read_history(history)) << "reading does not wait";
  });
  Steps steps({writing});
  EXPECT_FALSE(writer->apply(steps, {.history = history}, progress).at(0).error);
}

TEST_F(SqliteTest, AStopEndsAStatementThatRuns) {
  Interrupt interrupt;
  const auto database = must_open({.interrupt = &interrupt});
  ASSERT_TRUE(database->query(database->create_history(history)));
  class Stops final : public Progress {
   public:
    explicit Stops(Interrupt& stop) : stop_(stop) {}
    void hear(const Event& event) override {
      if (!std::holds_alternative<StatementDone>(event)) return;
      signal_ = std::jthread([this] { stop_.request(SIGTERM); });
    }

   private:
    Interrupt& stop_;
    std::jthread signal_;
  } progress(interrupt);
  // The second statement has no end of its own.
  Step step = script_step(1,
                          "create table a(i int)\n"
                          "with recursive n(i) as (select 1 union all select i from n) "
                          "select count(*) from n");
  Steps steps({step});
  const auto outcomes = database->apply(steps, {.history = history}, progress);
  ASSERT_TRUE(outcomes.at(0).error);
  EXPECT_EQ(outcomes[0].error->code, ErrorCode::interrupted);
  EXPECT_TRUE(outcomes[0].error->message.contains("stopped"));
  EXPECT_TRUE(outcomes[0].rolled_back);
  EXPECT_TRUE(database->read_history(history)->empty());
}

TEST_F(SqliteTest, TextInDoubleQuotesIsTakenAsFlywayTakesItWithAWarning) {
  const auto database = must_open();
  ASSERT_TRUE(database->query(database->create_history(history)));
  const auto outcomes =
      apply(*database,
            Steps({script_step(1, "create table \"a\"(t text)\ninsert into a values (\"abc\")")}));
  ASSERT_FALSE(outcomes.at(0).error) << outcomes[0].error->message;
  EXPECT_EQ(ask(*database, "select t from a"), (Rows{{"abc"}}));
  ASSERT_EQ(log.notes.size(), 1U);
  EXPECT_TRUE(log.notes[0].contains("sql/V1__s.sql, line 2")) << log.notes[0];
}

TEST_F(SqliteTest, NamesThePlaceWithinAStatement) {
  const auto database = must_open();
  ASSERT_TRUE(database->query(database->create_history(history)));
  const auto outcomes =
      apply(*database, Steps({script_step(1, "create table a(i int)\nselect i, nope from a")}));
  ASSERT_TRUE(outcomes.at(0).error);
  EXPECT_EQ(outcomes[0].error->message, "no such column: nope");
  EXPECT_EQ(outcomes[0].error->trail,
            (std::vector<std::string>{"sql/V1__s.sql", "line 2, column 11"}));
  EXPECT_TRUE(outcomes[0].error->excerpt.ends_with("\n          ^")) << outcomes[0].error->excerpt;
}

TEST_F(SqliteTest, WhatEndsTheTransactionUnaskedFailsTheStep) {
  const auto database = must_open();
  ASSERT_TRUE(database->query(database->create_history(history)));
  const auto outcomes =
      apply(*database, Steps({script_step(1,
                                          "create table a(i int unique)\ninsert into a values (1)\n"
                                          "insert or rollback into a values (1)\n"
                                          "create table b(i int)")}));
  ASSERT_TRUE(outcomes.at(0).error);
  EXPECT_TRUE(outcomes[0].error->message.contains("UNIQUE constraint failed"));
  EXPECT_TRUE(outcomes[0].rolled_back);
  EXPECT_EQ(ask(*database, "select count(*) from sqlite_master where name in ('a', 'b')"),
            (Rows{{"0"}}));
}

TEST_F(SqliteTest, ForeignKeysAreCheckedAtTheEndOfAStepThatDefersThem) {
  const auto database = must_open({.init_sql = "PRAGMA foreign_keys = ON"});
  ASSERT_TRUE(database->query(database->create_history(history)));
  const auto outcomes = apply(
      *database, Steps({script_step(1,
                                    "create table p(i integer primary key)\n"
                                    "create table c(i references p deferrable initially deferred)\n"
                                    "insert into c values (7)")}));
  ASSERT_TRUE(outcomes.at(0).error);
  EXPECT_TRUE(outcomes[0].error->message.contains("FOREIGN KEY")) << outcomes[0].error->message;
  EXPECT_EQ(outcomes[0].error->trail.back(), "at COMMIT");
  EXPECT_TRUE(outcomes[0].rolled_back);
  EXPECT_TRUE(database->read_history(history)->empty());
}

TEST_F(SqliteTest, CleanWorksWhereFlywayFails) {
  const auto database = must_open({.init_sql = "PRAGMA foreign_keys = ON"});
  Steps steps(
      {script_step(1,
                   "create table p(i integer primary key autoincrement)\n"
                   "create table c(i references p(i))\n"
                   "create trigger t after delete on p begin select raise(abort, 'no'); end\n"
                   "insert into p values (1)\ninsert into c values (1)\n"
                   "create virtual table f using fts5(t)\ninsert into f values ('x')\n"
                   "create view v as select * from p\nanalyze")});
  ASSERT_TRUE(database->query(database->create_history(history)));
  const auto outcomes = database->apply(steps, {.history = history}, log);
  ASSERT_FALSE(outcomes.at(0).error) << outcomes[0].error->message;
  const auto cleaned = database->query(database->clean_statements("main").value());
  ASSERT_TRUE(cleaned) << cleaned.error().message;
  EXPECT_EQ(ask(*database, "select name from sqlite_master"), (Rows{{"sqlite_sequence"}}));
  EXPECT_EQ(ask(*database, "select * from sqlite_sequence"), Rows{});
}

TEST_F(SqliteTest, AnotherSchemaIsNotThere) {
  const auto database = must_open();
  const auto there = database->has_history({.schema = "other", .name = "h"});
  ASSERT_FALSE(there);
  EXPECT_TRUE(
      there.error().message.starts_with("Unable to check whether table \"other\".\"h\" exists"));
  EXPECT_TRUE(database->create_schema("other").text.empty()) << "SQLite cannot make one";
}

}  // namespace
}  // namespace dunlin::sqlite
