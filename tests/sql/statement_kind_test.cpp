#include <gtest/gtest.h>

#include "split.hpp"

namespace dunlin::sql {
namespace {

TEST(StatementKindTest, IsToldByTheFirstWords) {
  using enum StatementKind;
  struct Case {
    const char* script;
    StatementKind kind;
  };
  constexpr Case cases[] = {
      {"select 1", plain},
      {"begin", begins_transaction},
      {"BEGIN ISOLATION LEVEL SERIALIZABLE", begins_transaction},
      {"start /* x */ transaction read only", begins_transaction},
      {"commit and chain", ends_transaction},
      {"end", ends_transaction},
      {"abort", ends_transaction},
      {"rollback work", ends_transaction},
      {"rollback to s", plain},
      {"rollback work to savepoint s", plain},
      {"savepoint s", plain},
      {"prepare transaction 'x'", ends_transaction},
      {"prepare q as select 1", plain},
      {"commit prepared 'x'", plain},
      {"copy t to stdout", copy_to_stdout},
      {"copy (select 1) to stdout with csv", copy_to_stdout},
      {"copy t to '/x'", plain},
      {"set session authorization x", changes_authorization},
      {"set local session authorization x", changes_authorization},
      {"reset session authorization", changes_authorization},
      {"set session_authorization = 'x'", changes_authorization},
      {"set role x", plain},
      {"set transaction read only", changes_transaction},
      {"set session characteristics as transaction read only", changes_transaction},
      {"set default_transaction_read_only = on", changes_transaction},
      {"set session transaction_read_only = on", changes_transaction},
      {"reset default_transaction_read_only", changes_transaction},
      {"set search_path = x", plain},
      {"discard all", drops_locks},
      {"discard temp", plain},
      {"select pg_advisory_unlock_all()", drops_locks},
      {"select 'pg_advisory_unlock_all'", plain},
      {"vacuum", non_transactional},
  };
  for (const auto& [script, kind] : cases) {
    SCOPED_TRACE(script);
    EXPECT_EQ(only(script).kind, kind);
  }
}

// Flyway's list was seen in its scenarios tx-statements-detected, tx-undetected-nontx and
// tx-create-index-concurrently; `all` is what PostgreSQL 15 refuses in a transaction.
TEST(StatementKindTest, KnowsWhatCannotRunInATransaction) {
  struct Case {
    const char* script;
    bool to_flyway, to_all;
  };
  constexpr Case cases[] = {
      {"create table a(i int)", true, true},
      {"create index concurrently i on a(i)", false, false},
      {"create unique index concurrently i on a(i)", false, false},
      {"create index i on a(i)", true, true},
      {"create index \"concurrently\" on a(i)", true, true},
      {"DROP INDEX CONCURRENTLY i", false, false},
      {"vacuum (full) a", false, false},
      {"create database x", false, false},
      {"drop tablespace x", false, false},
      {"create subscription s connection '' publication p", false, false},
      {"alter system set a = 'b'", false, false},
      {"alter type e add value 'y'", true, true},
      {"discard all", false, false},
      {"reindex database x", false, false},
      {"reindex (verbose) system x", false, false},
      {"reindex verbose schema x", false, false},
      {"reindex table a", true, true},
      {"reindex table concurrently a", true, false},
      {"cluster", true, false},
      {"cluster verbose", true, false},
      {"cluster a", true, true},
      {"alter database x set tablespace y", true, false},
      {"commit prepared 'x'", true, false},
      {"alter table a.b detach partition c concurrently", true, false},
  };
  for (const auto& [script, to_flyway, to_all] : cases) {
    SCOPED_TRACE(script);
    EXPECT_EQ(only(script).transactional, to_flyway);
    SplitOptions options;
    options.non_transactional = NonTransactional::all;
    EXPECT_EQ(only(script, Dialect::postgresql, options).transactional, to_all);
  }
}

TEST(StatementKindTest, DependsOnTheServersVersion) {
  SplitOptions options;
  options.server_version = 110022;
  EXPECT_FALSE(only("alter type s.e add value 'y'", Dialect::postgresql, options).transactional);
  options.server_version = 120000;
  EXPECT_TRUE(only("alter type s.e add value 'y'", Dialect::postgresql, options).transactional);
}

TEST(StatementKindTest, KnowsSqlites) {
  using enum StatementKind;
  struct Case {
    const char* script;
    StatementKind kind;
    bool to_flyway, to_all;
  };
  constexpr Case cases[] = {
      {"pragma foreign_keys=on", non_transactional, false, false},
      {"PRAGMA main.foreign_keys", non_transactional, false, false},
      {"pragma user_version=1", plain, true, true},
      {"pragma journal_mode=wal", plain, true, false},
      {"vacuum", plain, true, false},
      {"attach 'x' as y", plain, true, true},
      {"begin immediate", begins_transaction, true, true},
      {"end transaction", ends_transaction, true, true},
      {"rollback to x", plain, true, true},
  };
  for (const auto& [script, kind, to_flyway, to_all] : cases) {
    SCOPED_TRACE(script);
    EXPECT_EQ(only(script, Dialect::sqlite).kind, kind);
    EXPECT_EQ(only(script, Dialect::sqlite).transactional, to_flyway);
    SplitOptions options;
    options.non_transactional = NonTransactional::all;
    EXPECT_EQ(only(script, Dialect::sqlite, options).transactional, to_all);
  }
}

TEST(StatementKindTest, FollowsThePatternsOfTheUser) {
  SplitOptions options;
  auto pattern = StatementPattern::parse("^call archive\\.(run|stop)\\b");
  ASSERT_TRUE(pattern) << pattern.error().message;
  options.patterns.push_back(*std::move(pattern));
  EXPECT_FALSE(only("CALL /* x */\n archive.run()", Dialect::postgresql, options).transactional);
  EXPECT_EQ(only("call archive.run()", Dialect::postgresql, options).kind,
            StatementKind::non_transactional);
  EXPECT_TRUE(only("call archive.runs()", Dialect::postgresql, options).transactional);
  const auto wrong = StatementPattern::parse("(");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, ErrorCode::configuration);
}

}  // namespace
}  // namespace dunlin::sql
