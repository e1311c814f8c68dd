// The advisory lock: Flyway's key, waiting, naming the holder, its proof, poolers.
#include "database/postgresql/lock.hpp"

#include "database/postgresql/names.hpp"
#include "database/postgresql/session_test.hpp"

#include <chrono>

namespace dunlin::test {
namespace {

using postgresql::lock_key;
using namespace std::chrono_literals;

class LockTest : public SessionTest {
 protected:
  static constexpr const char* take = "SELECT pg_advisory_lock(77433833903597)";
  static constexpr const char* release = "SELECT pg_advisory_unlock(77433833903597)";
};

TEST(LockKeyTest, IsFlyways) {
  EXPECT_EQ(lock_key({.schema = "public", .name = "flyway_schema_history"}), 77433833903597)
      << "observed with Flyway 11 and 7.9";
  // "é" is one UTF-16 unit (233), an emoji two (0xD83D, 0xDE00); computed by hand.
  const auto hash = [](std::vector<std::int64_t> units) {
    std::int32_t h = 0;
    for (const auto unit : units)
      h = static_cast<std::int32_t>(static_cast<std::uint32_t>(h) * 31U +
                                    static_cast<std::uint32_t>(unit));
    return h;
  };
  EXPECT_EQ(lock_key({.schema = "", .name = "é😀"}) - 0x466C79776179,
            hash({34, 34, '.', 34, 233, 0xD83D, 0xDE00, 34}))
      << R"(of ""."é😀", with its quotes)";
}

TEST_F(LockTest, IsTheOneThatFlywayWaitsFor) {
  ASSERT_TRUE(database->lock({.table = history}, log));
  EXPECT_TRUE(database->lock({.table = history}, log)) << "taking it twice does nothing";
  EXPECT_EQ(onlooker.value("SELECT pg_try_advisory_lock(77433833903597)"), "f");
  database->unlock();
  EXPECT_EQ(onlooker.value("SELECT pg_try_advisory_lock(77433833903597)"), "t");
}

TEST_F(LockTest, GoesWithTheSession) {
  ASSERT_TRUE(database->lock({.table = history}, log));
  database.reset();
  EXPECT_EQ(advisory_locks(), "0");
}

TEST_F(LockTest, TheHolderIsNamedWhenTheTimeIsOver) {
  onlooker.ask(take);
  const auto refused = database->lock({.table = history, .retries = 0}, log);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::lock_timeout);
  const auto pid = onlooker.value("SELECT pg_backend_pid()");
  EXPECT_TRUE(refused.error().message.starts_with("Number of retries exceeded while attempting"));
  EXPECT_TRUE(refused.error().message.contains("pid " + pid + " (user postgres"))
      << refused.error().message;
  EXPECT_TRUE(refused.error().message.contains("pg_advisory_lock")) << refused.error().message;
  EXPECT_TRUE(refused.error().hint.contains("SELECT pg_terminate_backend(" + pid + ")"));
}

TEST_F(LockTest, WaitsUntilTheHolderLetsGoAndSaysForWhom) {
  onlooker.ask(take);
  Reacting progress([&](const Event& event) {
    if (std::holds_alternative<WaitingForLock>(event)) onlooker.ask(release);
  });
  ASSERT_TRUE(database->lock({.table = history, .retries = 30}, progress));
  ASSERT_EQ(progress.waits.size(), 1U);
  EXPECT_EQ(progress.waits[0].what, "the migration lock");
  ASSERT_EQ(progress.waits[0].blockers.size(), 1U);
  EXPECT_EQ(progress.waits[0].blockers[0].user, "postgres");
  EXPECT_EQ(progress.waits[0].blockers[0].client, "local");
  EXPECT_EQ(progress.waits[0].blockers[0].query, take);
}

TEST_F(LockTest, NoTransactionIsOpenWhileItIsHeldOrWaitedFor) {
  onlooker.ask(take);
  std::string states;
  Onlooker other(name);
  Reacting progress([&](const Event& event) {
    if (!std::holds_alternative<WaitingForLock>(event)) return;
    states = other.value(
        "SELECT state || (backend_xmin IS NULL)::text FROM pg_stat_activity WHERE"
        " application_name = 'dunlin' AND datname = current_database()");
    onlooker.ask(release);
  });
  ASSERT_TRUE(database->lock({.table = history}, progress));
  EXPECT_EQ(states, "idletrue");
}

TEST_F(LockTest, AStopEndsTheWaiting) {
  onlooker.ask(take);
  Interrupt interrupt;
  auto with = options();
  with.interrupt = &interrupt;
  reopen(std::move(with));
  Reacting progress([&](const Event& event) {
    if (std::holds_alternative<WaitingForLock>(event)) interrupt.request(15);
  });
  const auto stopped = database->lock({.table = history, .retries = -1}, progress);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::interrupted);
}

TEST_F(LockTest, WithoutTheLockNothingIsRun) {
  struct Case {
    const char* why;
    Step step;
  };
  const Case cases[] = {
      {"in a window", script_step(1, "create table a(i int)")},
      {"alone",
       made_step(1, {{"create table a(i int)"}, {"commit", StatementKind::ends_transaction}})},
      {"without a transaction", without_transaction(made_step(1, {{"create table a(i int)"}}))},
  };
  for (const auto& [why, step] : cases) {
    SCOPED_TRACE(why);
    reopen();
    ASSERT_TRUE(database->lock({.table = history}, log));
    ASSERT_TRUE(database->query(std::vector{Query{.text = release}}));
    const auto outcomes = apply({step});
    ASSERT_TRUE(outcomes.at(0).error);
    EXPECT_TRUE(outcomes[0].error->message.contains("no longer held"));
    EXPECT_TRUE(outcomes[0].before_running);
    EXPECT_EQ(tables() + rows(), "");
  }
}

TEST_F(LockTest, TheTransactionalLockIsHeldByASecondSession) {
  auto with = options();
  with.transactional_lock = true;
  reopen(std::move(with));
  ASSERT_TRUE(database->lock({.table = history}, log));
  EXPECT_EQ(onlooker.value("SELECT pg_try_advisory_lock(77433833903597)"), "f");
  const auto outcomes = apply(
      {script_step(1, "create table a(i int)"),
       without_transaction(made_step(
           2, {{"create index concurrently a1 on a(i)", StatementKind::non_transactional}}))});
  EXPECT_FALSE(outcomes.back().error)
      << "its transaction holds no snapshot, so nobody waits for it";
  database->unlock();
  EXPECT_EQ(advisory_locks(), "0");
}

TEST_F(LockTest, WhenTheSecondSessionIsGoneNothingIsRun) {
  auto with = options();
  with.transactional_lock = true;
  reopen(std::move(with));
  ASSERT_TRUE(database->lock({.table = history}, log));
  onlooker.ask(
      "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND"
      " database = (SELECT oid FROM pg_database WHERE datname = current_database())");
  const auto outcomes = apply({script_step(1, "create table a(i int)")});
  ASSERT_TRUE(outcomes.at(0).error && outcomes[0].before_running);
  EXPECT_EQ(tables(), "");
}

}  // namespace
}  // namespace dunlin::test
