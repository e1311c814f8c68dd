// Behind PgBouncer: no lock may stay on a shared connection, nor any setting.
#include "database/postgresql/session_test.hpp"
#include "support/pgbouncer.hpp"

namespace dunlin::test {
namespace {

class PoolerTest : public SessionTest {
 protected:
  [[nodiscard]] postgresql::ConnectOptions through(const PgBouncer& pooler) const {
    auto with = options();
    with.target.parameters.emplace_back("host", "127.0.0.1");
    with.target.parameters.emplace_back("port", std::to_string(pooler.port()));
    return with;
  }
  static std::vector<Step> steps() {
    return {script_step(1, "create table a(i int)"),
            without_transaction(script_step(2, "create table b(i int)")),
            made_step(3, {{"copy a from stdin", StatementKind::copy_from_stdin, "1\n"}}),
            script_step(4, "create table c(i int)")};
  }
};

TEST_F(PoolerTest, ASessionLockIsRefusedAndNoneIsLeftBehind) {
  for (const char* mode : {"session", "transaction", "statement"}) {
    SCOPED_TRACE(mode);
    const PgBouncer pooler(mode);
    reopen(through(pooler));
    ASSERT_TRUE(database);
    const auto refused = database->lock({.table = history}, log);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::configuration);
    EXPECT_TRUE(refused.error().message.contains("pooler")) << refused.error().message;
    EXPECT_TRUE(refused.error().hint.contains("lockUrl")) << refused.error().hint;
    EXPECT_TRUE(database->has_history(history).value()) << "reading goes on working";
    database.reset();
    EXPECT_EQ(advisory_locks(), "0");
  }
}

TEST_F(PoolerTest, ALockOnADirectConnectionGuardsWorkThroughAPooler) {
  const PgBouncer pooler("transaction");
  auto with = through(pooler);
  with.lock_target = options().target;
  with.limits.table_lock_timeout = std::chrono::seconds(3);
  reopen(std::move(with));
  ASSERT_TRUE(database->lock({.table = history}, log));
  EXPECT_EQ(advisory_locks(), "1");
  const auto outcomes = apply(steps());
  ASSERT_EQ(outcomes.size(), 4U);
  EXPECT_FALSE(outcomes.back().error) << outcomes.back().error->message;
  database->unlock();
  EXPECT_EQ(advisory_locks(), "0");
  // The pool's connections are as they were.
  reopen(through(pooler));
  const std::vector<Query> question{
      {.text = "SELECT current_setting('lock_timeout'), current_setting('search_path')"}};
  EXPECT_EQ(database->query(question)->at(0), (Rows{{"0", "\"$user\", public"}}));
}

TEST_F(PoolerTest, TheTransactionalLockWorksThroughATransactionPooler) {
  const PgBouncer pooler("transaction");
  auto with = through(pooler);
  with.transactional_lock = true;
  reopen(std::move(with));
  ASSERT_TRUE(database->lock({.table = history}, log)) << "on a server session of its own";
  const auto outcomes = apply(steps());
  EXPECT_FALSE(outcomes.back().error) << outcomes.back().error->message;
  database.reset();
  onlooker.ask("SELECT pg_advisory_lock(77433833903597)");  // waits until it is free
}

TEST_F(PoolerTest, AssertedSessionPoolingIsBelieved) {
  const PgBouncer pooler("session");
  auto with = through(pooler);
  with.pooler = postgresql::Pooler::session;
  reopen(std::move(with));
  ASSERT_TRUE(database->lock({.table = history}, log));
  EXPECT_FALSE(apply(steps()).back().error);
  database->unlock();
  EXPECT_EQ(advisory_locks(), "0");
}

}  // namespace
}  // namespace dunlin::test
