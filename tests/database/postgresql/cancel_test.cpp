// A stop in the middle of something, and tables that others hold.
#include "database/postgresql/session_test.hpp"

#include <signal.h>

#include <algorithm>
#include <chrono>

namespace dunlin::test {
namespace {

using namespace std::chrono_literals;

class CancelTest : public SessionTest {
 protected:
  void SetUp() override {
    SessionTest::SetUp();
    auto with = options();
    with.interrupt = &interrupt;
    reopen(std::move(with));
  }
  /// Asks to stop when the nth step starts.
  Reacting stops_at(std::size_t index) {
    return Reacting([this, index](const Event& event) {
      const auto* started = std::get_if<StepStarted>(&event);
      if (started != nullptr && started->step.script_index == index) interrupt.request(SIGTERM);
    });
  }
  Interrupt interrupt;
};

TEST_F(CancelTest, ALongStatementIsCancelledAndRolledBack) {
  struct Case {
    const char* why;
    Step step;
    bool is_window, rolled_back;
  };
  const Case cases[] = {
      {"in a window", script_step(2, "create table b(i int)\nselect pg_sleep(60)"), true, true},
      {"alone",
       made_step(2, {{"begin", StatementKind::begins_transaction},
                     {"create table b(i int)"},
                     {"select pg_sleep(60)"}}),
       false, true},
      {"without a transaction",
       without_transaction(made_step(2, {{"create table b(i int)"}, {"select pg_sleep(60)"}})),
       false, false},
  };
  for (const auto& [why, step, is_window, rolled_back] : cases) {
    SCOPED_TRACE(why);
    onlooker.ask("DROP TABLE IF EXISTS a, b; DELETE FROM flyway_schema_history");
    const auto begin = std::chrono::steady_clock::now();
    Interrupt stop;
    auto with = options();
    with.interrupt = &stop;
    reopen(std::move(with));
    ASSERT_TRUE(database->lock({.table = history}, log));
    Reacting progress([&](const Event& event) {
      // A window's results come back with the next block; that one has begun is told at once.
      const auto* started = std::get_if<StepStarted>(&event);
      const auto* done = std::get_if<StatementDone>(&event);
      const bool is_sent = started != nullptr && started->step.script_index == 1 && is_window;
      const bool has_run = done != nullptr && done->statement.text == "create table b(i int)";
      if (is_sent || has_run) stop.request(SIGTERM);
    });
    const auto outcomes = apply({script_step(1, "create table a(i int)"), step}, progress);
    ASSERT_EQ(outcomes.size(), 2U);
    EXPECT_FALSE(outcomes[0].error);
    ASSERT_TRUE(outcomes[1].error);
    EXPECT_EQ(outcomes[1].error->code, ErrorCode::interrupted) << outcomes[1].error->message;
    EXPECT_EQ(outcomes[1].rolled_back, rolled_back);
    EXPECT_EQ(tables(), rolled_back ? "a" : "a b");
    database->unlock();
    EXPECT_EQ(advisory_locks(), "0");
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  }
}

TEST_F(CancelTest, AThousandTinyStepsStopAndTheHistoryTellsWhere) {
  ASSERT_TRUE(database->lock({.table = history}, log));
  std::vector<Step> steps;
  for (int version = 1; version <= 1000; ++version)
    steps.push_back(script_step(version, fmt::format("create table t{}(i int)", version)));
  auto progress = stops_at(100);
  const auto begin = std::chrono::steady_clock::now();
  const auto outcomes = apply(std::move(steps), progress);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  ASSERT_FALSE(outcomes.empty());
  ASSERT_TRUE(outcomes.back().error);
  EXPECT_EQ(outcomes.back().error->code, ErrorCode::interrupted);
  const auto applied = std::to_string(outcomes.size() - 1);
  EXPECT_EQ(onlooker.value("SELECT count(*) FROM flyway_schema_history WHERE success"), applied);
  EXPECT_EQ(onlooker.value("SELECT count(*) FROM pg_tables WHERE tablename ~ '^t\\d'"), applied);
  database->unlock();
  EXPECT_EQ(advisory_locks(), "0");
}

TEST_F(CancelTest, AfterAStopNothingIsSent) {
  interrupt.request(SIGINT);
  const auto outcomes = apply({script_step(1, "create table a(i int)")});
  ASSERT_TRUE(outcomes.at(0).error && outcomes[0].before_running);
  EXPECT_EQ(outcomes[0].error->code, ErrorCode::interrupted);
  const std::vector<Query> question{{.text = "SELECT 1"}};
  const auto answer = database->query(question);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::interrupted);
}

class TableLockTest : public SessionTest {
 protected:
  void SetUp() override {
    SessionTest::SetUp();
    onlooker.ask("CREATE TABLE busy(i int)");
    auto with = options();
    with.limits.table_lock_timeout = 100ms;
    with.limits.table_lock_retries = 3;
    reopen(std::move(with));
  }
  static std::vector<Step> steps() {
    return {script_step(1, "create table a(i int)"), script_step(2, "alter table busy add j int"),
            script_step(3, "create table c(i int)")};
  }
};

TEST_F(TableLockTest, AStepThatMeetsALockIsSentAgainWhenItIsFree) {
  onlooker.ask("BEGIN; LOCK TABLE busy");
  Reacting progress([&](const Event& event) {
    if (std::holds_alternative<WaitingForLock>(event)) onlooker.ask("COMMIT");
  });
  const auto outcomes = apply(steps(), progress);
  ASSERT_EQ(outcomes.size(), 3U);
  EXPECT_FALSE(outcomes.back().error) << outcomes.back().error->message;
  ASSERT_GE(progress.waits.size(), 1U);
  EXPECT_EQ(progress.waits[0].what, "a table lock");
  ASSERT_EQ(progress.waits[0].blockers.size(), 1U);
  EXPECT_EQ(progress.waits[0].blockers[0].query, "BEGIN; LOCK TABLE busy");
  EXPECT_EQ(rows(), "1 V1__s.sql true, 2 V2__s.sql true, 3 V3__s.sql true");
  EXPECT_EQ(std::ranges::count(progress.log.events, "started V2__s.sql"), 1);
}

TEST_F(TableLockTest, WhenItStaysTheStepFailsAndTheRestDoesNotRun) {
  onlooker.ask("BEGIN; LOCK TABLE busy");
  Reacting progress([](const Event&) {});
  const auto outcomes = apply(steps(), progress);
  ASSERT_EQ(outcomes.size(), 2U);
  ASSERT_TRUE(outcomes[1].error);
  EXPECT_EQ(outcomes[1].error->code, ErrorCode::table_lock_timeout);
  EXPECT_EQ(progress.waits.size(), 3U);
  onlooker.ask("ROLLBACK");
  EXPECT_EQ(rows(), "1 V1__s.sql true");
}

TEST_F(TableLockTest, AGroupIsSentAgainFromItsStart) {
  onlooker.ask("BEGIN; LOCK TABLE busy");
  Reacting progress([&](const Event& event) {
    if (std::holds_alternative<WaitingForLock>(event)) onlooker.ask("COMMIT");
  });
  const auto outcomes = apply(steps(), progress, Commit::once);
  ASSERT_EQ(outcomes.size(), 3U);
  EXPECT_FALSE(outcomes.back().error);
  EXPECT_EQ(rows(), "1 V1__s.sql true, 2 V2__s.sql true, 3 V3__s.sql true");
}

}  // namespace
}  // namespace dunlin::test
