// Steps that travel in windows: what is told, what is durable, and where it stops.
#include "database/postgresql/session_test.hpp"

namespace dunlin::test {
namespace {

class WindowTest : public SessionTest {};

std::vector<Step> many(int count) {
  std::vector<Step> steps;
  for (int version = 1; version <= count; ++version)
    steps.push_back(script_step(
        version, fmt::format("create table t{0}(i int)\ninsert into t{0} values ({0})", version)));
  return steps;
}

TEST_F(WindowTest, AppliesHundredsOfStepsInOrder) {
  const auto outcomes = apply(many(300));
  ASSERT_EQ(outcomes.size(), 300U);
  EXPECT_FALSE(outcomes.back().error) << outcomes.back().error->message;
  EXPECT_EQ(onlooker.value("SELECT count(*) FROM flyway_schema_history WHERE success"), "300");
  EXPECT_EQ(onlooker.value("SELECT max(xmin::text::bigint) - min(xmin::text::bigint)"
                           " FROM flyway_schema_history"),
            "299")
      << "each has a transaction of its own";
}

TEST_F(WindowTest, WhateverStatementFailsWhatCameBeforeIsApplied) {
  for (int bad = 1; bad <= 4; ++bad) {
    SCOPED_TRACE(bad);
    name = PostgresServer::instance().make_database();
    SetUp();
    auto steps = many(4);
    steps[static_cast<std::size_t>(bad - 1)] = script_step(bad, "create table x(i int)\n selec 1");
    const auto outcomes = apply(std::move(steps));
    ASSERT_EQ(outcomes.size(), static_cast<std::size_t>(bad));
    for (int good = 1; good < bad; ++good)
      EXPECT_FALSE(outcomes[static_cast<std::size_t>(good - 1)].error);
    const auto& last = outcomes.back();
    ASSERT_TRUE(last.error);
    EXPECT_EQ(last.error->sqlstate, "42601");
    EXPECT_EQ(last.error->message, "syntax error at or near \"selec\"");
    EXPECT_EQ(last.error->trail, (Strings{fmt::format("sql/V{}__s.sql", bad), "line 2, column 2"}));
    EXPECT_EQ(last.error->excerpt, " selec 1\n ^");
    Onlooker here(name);
    EXPECT_EQ(here.value("SELECT count(*) FROM flyway_schema_history"), std::to_string(bad - 1));
    EXPECT_EQ(here.value("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in%'"), "0");
  }
}

TEST_F(WindowTest, WhatIsReportedIsOnDisk) {
  struct Case {
    const char* why;
    bool fails;
  };
  constexpr Case cases[] = {{"all succeed: the last commit waits", false},
                            {"the last fails: a flush follows", true}};
  for (const auto& [why, fails] : cases) {
    SCOPED_TRACE(why);
    name = PostgresServer::instance().make_database();
    SetUp();
    auto steps = many(20);
    if (fails) steps.push_back(script_step(21, "select * from nowhere"));
    std::string flushed;
    Onlooker here(name);
    Reacting progress([&](const Event& event) {
      const auto* applied = std::get_if<StepApplied>(&event);
      if (applied == nullptr || applied->script_index != 19) return;
      // Every change so far is in what has been inserted into the log; t20's file is the last.
      flushed = here.value("SELECT pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn()");
    });
    apply(std::move(steps), progress);
    EXPECT_EQ(flushed, "t");
  }
}

TEST_F(WindowTest, WhatOthersCommittedCanBeMadeDurableToo) {
  Onlooker here(name);
  here.ask("SET synchronous_commit = off; CREATE TABLE t (i int); INSERT INTO t VALUES (1)");
  const std::string end = here.value("SELECT pg_current_wal_insert_lsn()");
  ASSERT_TRUE(database->make_durable());
  EXPECT_EQ(here.value("SELECT pg_current_wal_flush_lsn() >= '" + end + "'"), "t");
}

TEST_F(WindowTest, CommitsWithinAWindowAreAsynchronousUnlessToldOtherwise) {
  const auto seen = [&] { return join(onlooker.ask("SELECT s FROM seen ORDER BY v"), " "); };
  std::vector<Step> steps{script_step(1, "create table seen(v int, s text)")};
  for (int version = 2; version <= 4; ++version)
    steps.push_back(script_step(
        version, fmt::format("insert into seen values ({}, current_setting('synchronous_commit'))",
                             version)));
  auto again = steps;
  ASSERT_FALSE(apply(std::move(steps)).back().error);
  EXPECT_EQ(seen(), "off off on");
  onlooker.ask("DROP TABLE seen; DELETE FROM flyway_schema_history");
  auto careful = options();
  careful.asynchronous_commits = false;
  reopen(std::move(careful));
  ASSERT_FALSE(apply(std::move(again)).back().error);
  EXPECT_EQ(seen(), "on on on");
}

TEST_F(WindowTest, ALargeScriptIsAWindowOfItsOwn) {
  const std::string padding(700'000, 'x');
  std::vector<Step> steps;
  for (int version = 1; version <= 5; ++version)
    steps.push_back(script_step(
        version, fmt::format("select length('{}')\nselect length('{}')", padding, padding)));
  const auto outcomes = apply(std::move(steps));
  ASSERT_EQ(outcomes.size(), 5U);
  EXPECT_FALSE(outcomes.back().error);
  EXPECT_EQ(log.results.size(), 10U);
}

TEST_F(WindowTest, LongValuesAreCutBetweenTwoCharacters) {
  ASSERT_FALSE(apply({script_step(1, "select repeat('ä', 20000), 1\nselect repeat('x', 16384)")})
                   .at(0)
                   .error);
  std::string kept;
  for (int letters = 0; letters < 8192; ++letters) kept += "ä";
  EXPECT_EQ(log.results.at(0).rows.at(0).at(0), kept + "... (40000 bytes)");
  EXPECT_EQ(log.results.at(0).rows.at(0).at(1), "1");
  EXPECT_EQ(log.results.at(1).rows.at(0).at(0), std::string(16384, 'x'));
}

TEST_F(WindowTest, OfLongRowsFewAreKeptAndAllAreCounted) {
  ASSERT_FALSE(apply({script_step(1,
                                  "select repeat('x', 16000) from generate_series(1, 900)\n"
                                  "select generate_series(1, 3)")})
                   .at(0)
                   .error);
  EXPECT_EQ(log.results.at(0).row_count, 900U);
  EXPECT_EQ(log.results.at(0).rows.size(), 263U);  // 4 MiB
  EXPECT_EQ(log.results.at(1).rows.size(), 3U) << "each result anew";
}

TEST_F(WindowTest, HugeResultsAreCountedAndNotKept) {
  ASSERT_FALSE(apply({script_step(1, "select generate_series(1, 300000)")}).at(0).error);
  ASSERT_EQ(log.results.size(), 1U);
  EXPECT_EQ(log.results[0].rows.size(), 1000U);
  EXPECT_EQ(log.results[0].row_count, 300000U);
}

TEST_F(WindowTest, RoleAndSearchPathComeBackOtherSettingsLast) {
  database->query(std::vector{Query{.text = "create schema app"}}).value();
  onlooker.ask("create role r1; grant all on schema app to r1");
  Steps good({script_step(2, "set role r1\nset search_path to public\nset statement_timeout='77s'"),
              script_step(3,
                          "create table seen as select current_user::text u,"
                          " current_setting('search_path') p,"
                          " current_setting('statement_timeout') t")});
  const auto outcomes = database->apply(good, {.history = history, .default_schema = "app"}, log);
  ASSERT_FALSE(outcomes.back().error) << outcomes.back().error->message;
  EXPECT_EQ(onlooker.value("SELECT u || '; ' || p || '; ' || t FROM app.seen"),
            "postgres; \"app\",\"$user\", public; 77s");
  EXPECT_EQ(onlooker.value("SELECT string_agg(DISTINCT installed_by, ',') FROM"
                           " flyway_schema_history"),
            "postgres");
  onlooker.ask("DROP OWNED BY r1; DROP ROLE r1");
}

TEST_F(WindowTest, ADeferredConstraintThatFailsAtTheEndFailsItsStep) {
  const auto outcomes =
      apply({script_step(1,
                         "create table p(i int primary key)\ncreate table c(i int references p "
                         "deferrable initially deferred)"),
             script_step(2, "insert into c values (1)"), script_step(3, "select 1")});
  ASSERT_EQ(outcomes.size(), 2U);
  ASSERT_TRUE(outcomes[1].error);
  EXPECT_EQ(outcomes[1].error->sqlstate, "23503");
  EXPECT_EQ(rows(), "1 V1__s.sql true");
}

TEST_F(WindowTest, NoticesAndDetailsArePassedOn) {
  const auto outcomes = apply({script_step(1, "do $$begin raise notice 'hello'; end$$"),
                               script_step(2,
                                           "create table a(i int primary key)\ninsert into a "
                                           "values (1)\ninsert into a values (1)")});
  EXPECT_EQ(log.notes, Strings{"hello"});
  ASSERT_TRUE(outcomes.at(1).error);
  EXPECT_TRUE(outcomes[1].error->excerpt.ends_with("detail: Key (i)=(1) already exists."))
      << outcomes[1].error->excerpt;
}

TEST_F(WindowTest, ExecutionTimeComesFromTheServersClock) {
  const auto outcomes =
      apply({script_step(1, "select pg_sleep(0.12)"), script_step(2, "select 1")});
  EXPECT_GE(outcomes.at(0).execution_time.count(), 110);
  EXPECT_LT(outcomes.at(1).execution_time.count(), 100);
  EXPECT_EQ(onlooker.value("SELECT execution_time FROM flyway_schema_history WHERE version = '1'"),
            std::to_string(outcomes[0].execution_time.count()));
}

TEST_F(WindowTest, ACopyThatWasNotRecognisedEndsTheConnectionAndNothingElse) {
  const auto outcomes = apply({script_step(1, "create table a(i int)"),
                               script_step(2, "copy a from stdin"), script_step(3, "select 1")});
  ASSERT_FALSE(outcomes.empty());
  ASSERT_TRUE(outcomes.back().error);
  EXPECT_EQ(outcomes.back().error->code, ErrorCode::database_unreachable);
  reopen();
  EXPECT_TRUE(database->query({}));
}

TEST_F(WindowTest, ALostConnectionReportsOnlyWhatIsKnown) {
  Onlooker killer("postgres");
  Reacting progress([&](const Event& event) {
    const auto* started = std::get_if<StepStarted>(&event);
    if (started == nullptr || started->step.script_index != 2) return;
    killer.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name +
               "' AND application_name = 'dunlin'");
  });
  const auto outcomes =
      apply({script_step(1, "create table a(i int)"), script_step(2, "create table b(i int)"),
             script_step(3, "select 1\nselect pg_sleep(30)")},
            progress);
  ASSERT_FALSE(outcomes.empty());
  ASSERT_TRUE(outcomes.back().error);
  EXPECT_EQ(outcomes.back().error->code, ErrorCode::database_unreachable);
  EXPECT_TRUE(outcomes.back().error->message.contains("administrator command"))
      << outcomes.back().error->message;
  EXPECT_EQ(outcomes.back().script_index, 0U) << "its asynchronous commits may be lost";
}

}  // namespace
}  // namespace dunlin::test
