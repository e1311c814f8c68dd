// Steps that cannot stand in a window: each kind that breaks one, and what it leaves behind.
#include "database/postgresql/session_test.hpp"

namespace dunlin::test {
namespace {

class AloneTest : public SessionTest {
 protected:
  /// Between two ordinary steps, which must run as if nothing had happened.
  std::vector<Outcome> apply_between(Step step) {
    auto outcomes = apply({script_step(1, "create table a(i int primary key, t text)"),
                           std::move(step), script_step(3, "create table c(i int)")});
    EXPECT_TRUE(!outcomes.empty() && !outcomes.back().error)
        << (outcomes.empty() ? "none" : outcomes.back().error->message);
    EXPECT_EQ(rows(), "1 V1__s.sql true, 2 V2__s.sql true, 3 V3__s.sql true");
    return outcomes;
  }
};

TEST_F(AloneTest, CopyTakesTheDataOfTheScript) {
  std::string data;
  for (int i = 0; i < 50'000; ++i) data += fmt::format("{}\trow {}\n", i, i);
  apply_between(made_step(2, {{"insert into a values (-1, 'before')"},
                              {"copy a from stdin", StatementKind::copy_from_stdin, data},
                              {"copy a from stdin", StatementKind::copy_from_stdin, ""},
                              {"insert into a values (-2, 'after')"}}));
  EXPECT_EQ(onlooker.value("SELECT count(*) || ' ' || max(t) FROM a"), "50002 row 9999");
}

TEST_F(AloneTest, ACopyThatFailsUndoesItsScript) {
  const auto outcomes = apply(
      {script_step(1, "create table a(i int)"),
       made_step(2, {{"create table b(i int)"},
                     {"copy a from stdin", StatementKind::copy_from_stdin, "1\nnone\n3\n"}})});
  ASSERT_EQ(outcomes.size(), 2U);
  ASSERT_TRUE(outcomes[1].error);
  EXPECT_EQ(outcomes[1].error->sqlstate, "22P02");
  EXPECT_TRUE(outcomes[1].error->excerpt.contains("COPY a, line 2")) << outcomes[1].error->excerpt;
  EXPECT_EQ(outcomes[1].error->trail[1], "line 4, column 1");
  EXPECT_TRUE(outcomes[1].rolled_back);
  EXPECT_EQ(tables(), "a");
}

TEST_F(AloneTest, CopyToStdoutIsRefusedBeforeAnythingIsSent) {
  const auto outcomes =
      apply({script_step(1, "create table a(i int)"),
             made_step(2, {{"create table b(i int)"},
                           {"copy a to stdout", StatementKind::copy_to_stdout}})});
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_TRUE(outcomes[1].error && outcomes[1].before_running);
  EXPECT_EQ(tables(), "a");
}

TEST_F(AloneTest, AScriptMayBeginAndEndTransactions) {
  apply_between(made_step(2, {{"begin", StatementKind::begins_transaction},
                              {"create table b3(i int)"},
                              {"rollback", StatementKind::ends_transaction},
                              {"create table b4(i int)"},
                              {"commit", StatementKind::ends_transaction}}));
  EXPECT_EQ(tables(), "a a_pkey b4 c");
  EXPECT_TRUE(log.notes.front().contains("already a transaction")) << log.notes.front();
}

TEST_F(AloneTest, WhatAScriptCommittedItselfStaysAndIsTold) {
  const auto outcomes = apply({made_step(1, {{"create table b(i int)"},
                                             {"commit", StatementKind::ends_transaction},
                                             {"create table b2(i int)"},
                                             {"nonsense"}})});
  ASSERT_TRUE(outcomes.at(0).error);
  EXPECT_EQ(outcomes[0].error->trail[1], "line 4, column 1");
  EXPECT_FALSE(outcomes[0].rolled_back);
  EXPECT_EQ(tables(), "b");
  EXPECT_EQ(rows(), "");
}

TEST_F(AloneTest, SessionAuthorizationComesBack) {
  onlooker.ask("CREATE ROLE other; GRANT ALL ON SCHEMA public TO other");
  apply_between(
      made_step(2, {{"set session authorization other", StatementKind::changes_authorization},
                    {"create table b as select session_user::text u"}}));
  EXPECT_EQ(onlooker.value("SELECT u FROM b"), "other");
  EXPECT_EQ(onlooker.value("SELECT string_agg(DISTINCT installed_by, ',')"
                           " FROM flyway_schema_history"),
            "postgres");
  onlooker.ask("DROP OWNED BY other; DROP ROLE other");
}

TEST_F(AloneTest, ATransactionMayBeReadOnly) {
  struct Case {
    const char *why, *text;
  };
  constexpr Case cases[] = {
      {"for the script", "set transaction read only"},
      {"its isolation", "set transaction isolation level serializable, read only, deferrable"},
      {"by the variable", "set transaction_read_only = on"},
      {"for all that follow", "set default_transaction_read_only = on"},
  };
  for (const auto& [why, text] : cases) {
    SCOPED_TRACE(why);
    onlooker.ask("DROP TABLE IF EXISTS a, c; DELETE FROM flyway_schema_history");
    reopen();
    apply_between(made_step(2, {{text, StatementKind::changes_transaction}, {"select * from a"}}));
  }
}

TEST_F(AloneTest, IndexesAreBuiltConcurrentlyWhileTheLockIsHeld) {
  ASSERT_TRUE(database->lock({.table = history}, log));
  const auto outcomes =
      apply({script_step(1, "create table a(i int)"),
             without_transaction(made_step(
                 2, {{"create index concurrently a1 on a(i)", StatementKind::non_transactional}})),
             without_transaction(made_step(
                 3, {{"create index concurrently a2 on a(i)", StatementKind::non_transactional}})),
             script_step(4, "create table b(i int)")});
  EXPECT_EQ(outcomes.size(), 4U);
  EXPECT_FALSE(outcomes.back().error);
  EXPECT_EQ(tables(), "a a1 a2 b");
}

TEST_F(AloneTest, ARowStandsAsFailedWhileItsScriptRunsWithoutATransaction) {
  std::string seen;
  Reacting progress([&](const Event& event) {
    if (std::holds_alternative<StatementDone>(event)) seen = rows();
  });
  const auto outcomes =
      apply({without_transaction(made_step(1, {{"create table a(i int)"}}))}, progress);
  EXPECT_FALSE(outcomes.at(0).error);
  EXPECT_EQ(seen, "1 V1__s.sql false");
  EXPECT_EQ(rows(), "1 V1__s.sql true");
}

TEST_F(AloneTest, ARowThatSomebodyRemovedMeanwhileIsWrittenAnew) {
  Reacting progress([&](const Event& event) {
    if (std::holds_alternative<StatementDone>(event))
      onlooker.ask("DELETE FROM flyway_schema_history");
  });
  apply({without_transaction(made_step(1, {{"create table a(i int)"}}))}, progress);
  EXPECT_EQ(rows(), "1 V1__s.sql true");
  EXPECT_EQ(onlooker.value("SELECT installed_by FROM flyway_schema_history"), "postgres");
}

TEST_F(AloneTest, WithTheTransactionalLockNoRowIsLeftByAFailureWithoutATransaction) {
  auto with = options();
  with.transactional_lock = true;
  reopen(std::move(with));
  ASSERT_TRUE(database->lock({.table = history}, log));
  const auto outcomes =
      apply({without_transaction(made_step(1, {{"create table a(i int)"}, {"nonsense"}}))});
  ASSERT_TRUE(outcomes.at(0).error);
  EXPECT_FALSE(outcomes[0].rolled_back);
  EXPECT_EQ(rows(), "");
  EXPECT_EQ(tables(), "a");
}

TEST_F(AloneTest, AfterALossOfAllLocksTheLockIsTakenAgain) {
  struct Case {
    const char* why;
    Step step;
  };
  const Case cases[] = {
      {"within a transaction",
       made_step(2, {{"select pg_advisory_unlock_all()", StatementKind::drops_locks}})},
      {"without one",
       without_transaction(made_step(2, {{"discard all", StatementKind::drops_locks}}))},
  };
  for (const auto& [why, step] : cases) {
    SCOPED_TRACE(why);
    onlooker.ask("DROP TABLE IF EXISTS a, c; DELETE FROM flyway_schema_history");
    reopen();
    ASSERT_TRUE(database->lock({.table = history}, log));
    apply_between(step);
    EXPECT_EQ(advisory_locks(), "1");
    database->unlock();
    EXPECT_EQ(advisory_locks(), "0");
  }
}

TEST_F(AloneTest, AGroupSpansScriptsThatBreakWindows) {
  const auto steps = [](const char* last) {
    return std::vector<Step>{
        script_step(1, "create table a(i int)"),
        made_step(2, {{"copy a from stdin", StatementKind::copy_from_stdin, "1\n2\n"}}),
        script_step(3, last)};
  };
  EXPECT_TRUE(apply(steps("nonsense"), log, Commit::once).back().error);
  EXPECT_EQ(tables(), "");
  EXPECT_EQ(rows(), "");
  const auto outcomes = apply(steps("insert into a values (3)"), log, Commit::once);
  ASSERT_EQ(outcomes.size(), 3U);
  EXPECT_FALSE(outcomes.back().error);
  EXPECT_EQ(onlooker.value("SELECT count(*) FROM a"), "3");
  EXPECT_EQ(onlooker.value("SELECT count(DISTINCT xmin::text) FROM flyway_schema_history"), "1");
}

TEST_F(AloneTest, PrepareTransactionIsLeftToTheScript) {
  // max_prepared_transactions is 0 here, as it is by default, so the server refuses.
  const auto outcomes =
      apply({made_step(1, {{"create table a(i int)"},
                           {"prepare transaction 'x'", StatementKind::ends_transaction}})});
  ASSERT_TRUE(outcomes.at(0).error);
  EXPECT_EQ(outcomes[0].error->sqlstate, "55000");
  EXPECT_EQ(tables(), "");
}

TEST_F(AloneTest, NoTimeoutOfTableLocksEndsAMigrationWithoutATransaction) {
  auto with = options();
  with.limits.table_lock_timeout = std::chrono::milliseconds(4321);
  reopen(std::move(with));
  const auto outcomes =
      apply({script_step(1, "create table seen as select current_setting('lock_timeout') t"),
             without_transaction(
                 made_step(2, {{"insert into seen select current_setting('lock_timeout')"}})),
             script_step(3, "insert into seen select current_setting('lock_timeout')")});
  EXPECT_FALSE(outcomes.back().error);
  EXPECT_EQ(onlooker.ask("SELECT t FROM seen"), (Strings{"4321ms", "0", "4321ms"}));
}

}  // namespace
}  // namespace dunlin::test
