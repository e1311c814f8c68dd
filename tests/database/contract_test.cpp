// What every Database does alike. PostgreSQL's pipeline, SQLite's one file: nobody who uses the
// interface can tell them apart by what is tested here.
#include "base/text.hpp"
#include "database/site.hpp"
#include "database/steps.hpp"

#include <gtest/gtest.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

namespace dunlin::test {
namespace {

using Strings = std::vector<std::string>;

class ContractTest : public testing::TestWithParam<Implementation> {
 protected:
  void SetUp() override {
    database = site->open();
    ASSERT_TRUE(database);
    ASSERT_TRUE(database->query(database->create_history(site->history())));
  }

  std::vector<Outcome> apply(Steps steps, Commit commit = Commit::each_step) {
    return database->apply(steps, {.history = site->history(), .commit = commit}, log);
  }
  Rows ask(std::string text) { return ask(*database, {.text = std::move(text)}); }
  static Rows ask(Database& session, Query query) {
    auto rows = session.query(std::span(&query, 1));
    EXPECT_TRUE(rows) << rows.error().message;
    return rows ? rows->at(0) : Rows{};
  }
  bool holds(const std::string& table) {
    const Query query{.text = "select count(*) from " + table};
    return database->query(std::span(&query, 1)).has_value();
  }
  /// An empty history and nothing else, and no session open: none may cross a fork.
  void start_over() {
    const auto statements = database->clean_statements(site->history().schema);
    ASSERT_TRUE(statements && database->query(*statements));
    ASSERT_TRUE(database->query(database->create_history(site->history())));
    database.reset();
  }
  /// "1 V1__s.sql true" for each row.
  Strings history() {
    auto rows = database->read_history(site->history());
    EXPECT_TRUE(rows) << rows.error().message;
    Strings lines;
    for (const auto& row : rows ? *rows : std::vector<HistoryRow>{}) {
      lines.push_back(fmt::format("{} {} {}", row.installed_rank, row.script, row.success));
    }
    return lines;
  }

  std::unique_ptr<Site> site = GetParam().make_site();
  std::unique_ptr<Database> database;
  Log log;
};

TEST_P(ContractTest, AppliesStepsInOrderAndTellsOfEach) {
  const auto outcomes =
      apply(Steps({script_step(1, "create table a(i int)\ninsert into a values (1)"),
                   script_step(2, "create table b(i int)")}));
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_FALSE(outcomes[0].error || outcomes[1].error);
  EXPECT_EQ(outcomes[1].script_index, 1U);
  EXPECT_EQ(history(), (Strings{"1 V1__s.sql true", "2 V2__s.sql true"}));
  // How far a step runs ahead of its commit is the implementation's affair; the order in each is
  // not.
  const auto told = [&](std::string_view script, std::string_view applied) {
    Strings words;
    std::ranges::copy_if(log.events, std::back_inserter(words), [&](const std::string& event) {
      return event.ends_with(script) || event == applied;
    });
    return words;
  };
  EXPECT_EQ(told("V1__s.sql", "applied 0"),
            (Strings{"started V1__s.sql", "executed V1__s.sql", "applied 0"}));
  EXPECT_EQ(told("V2__s.sql", "applied 1"),
            (Strings{"started V2__s.sql", "executed V2__s.sql", "applied 1"}));
}

TEST_P(ContractTest, AStatementThatFailsUndoesItsStepAndStopsTheRun) {
  struct Case {
    const char *why, *text;
    const char* line;
  };
  constexpr Case cases[] = {
      {"the first", "insert into nowhere values (1)\ncreate table b(i int)", "line 1"},
      {"the second", "create table b(i int)\ninsert into nowhere values (1)", "line 2"},
      {"the last of three", "create table b(i int)\nselect 1\n  select * from nowhere", "line 3"},
  };
  for (const auto& [why, text, line] : cases) {
    SCOPED_TRACE(why);
    site = GetParam().make_site();
    SetUp();
    const auto outcomes =
        apply(Steps({script_step(1, "create table a(i int)"), script_step(2, text),
                     script_step(3, "create table c(i int)")}));
    ASSERT_EQ(outcomes.size(), 2U);
    ASSERT_TRUE(outcomes[1].error);
    EXPECT_EQ(outcomes[1].error->code, ErrorCode::sql_failed);
    EXPECT_TRUE(outcomes[1].error->message.contains("nowhere")) << outcomes[1].error->message;
    EXPECT_TRUE(join(outcomes[1].error->trail, " ").contains(line))
        << join(outcomes[1].error->trail, " ");
    EXPECT_TRUE(outcomes[1].error->excerpt.contains('^')) << outcomes[1].error->excerpt;
    EXPECT_EQ(outcomes[1].file, "V2__s.sql");
    EXPECT_EQ(outcomes[1].callback, "");
    EXPECT_TRUE(outcomes[1].rolled_back);
    EXPECT_EQ(outcomes[1].script_index, 1U);
    EXPECT_TRUE(holds("a"));
    EXPECT_FALSE(holds("b") || holds("c"));
    EXPECT_EQ(history(), Strings{"1 V1__s.sql true"});
    EXPECT_EQ(std::ranges::count(log.events, "applied 1"), 0);
  }
}

TEST_P(ContractTest, GoesOnAfterAFailureInTheSameSession) {
  EXPECT_TRUE(apply(Steps({script_step(1, "insert into nowhere values (1)")})).at(0).error);
  EXPECT_FALSE(apply(Steps({script_step(1, "create table a(i int)")})).at(0).error);
  EXPECT_EQ(history(), Strings{"1 V1__s.sql true"});
}

TEST_P(ContractTest, RunsCallbacksInsideTheirStepAndNamesTheOneThatFails) {
  Step step = script_step(1, "create table a(i int)");
  const auto before = prepared("beforeEachMigrate__x.sql", "create table c(i int)");
  const auto after = prepared("afterEachMigrate.sql", "insert into nowhere values (1)");
  step.parts.insert(step.parts.begin(), part(before, "beforeEachMigrate - x"));
  step.parts.push_back(part(after, "afterEachMigrate"));
  const auto outcomes = apply(Steps({step}));
  ASSERT_EQ(outcomes.size(), 1U);
  EXPECT_EQ(outcomes[0].callback, "afterEachMigrate");
  EXPECT_EQ(outcomes[0].file, "afterEachMigrate.sql");
  EXPECT_TRUE(outcomes[0].rolled_back);
  EXPECT_FALSE(holds("a") || holds("c"));
  EXPECT_EQ(history(), Strings{});
  EXPECT_EQ(log.events, (Strings{"callback beforeEachMigrate - x", "started V1__s.sql",
                                 "callback afterEachMigrate"}));
}

TEST_P(ContractTest, ACallbackThatStandsAloneEarnsNoRow) {
  const auto text = prepared("beforeMigrate.sql", "create table a(i int)");
  const auto outcomes =
      apply(Steps({{.parts = {part(text, "beforeMigrate")}, .effect = HistoryEffect::none}}));
  ASSERT_EQ(outcomes.size(), 1U);
  EXPECT_FALSE(outcomes[0].error);
  EXPECT_TRUE(holds("a"));
  EXPECT_EQ(history(), Strings{});
}

TEST_P(ContractTest, AGroupIsAppliedWholeOrNotAtAll) {
  const auto failed = apply(Steps({script_step(1, "create table a(i int)"),
                                   script_step(2, "insert into nowhere values (1)")}),
                            Commit::once);
  ASSERT_EQ(failed.size(), 1U) << "the first step is undone, so it has no outcome";
  EXPECT_EQ(failed[0].script_index, 1U);
  EXPECT_TRUE(failed[0].error && failed[0].rolled_back);
  EXPECT_FALSE(holds("a"));
  EXPECT_EQ(history(), Strings{});
  EXPECT_EQ(std::ranges::count(log.events, "applied 0"), 0);

  const auto done = apply(
      Steps({script_step(1, "create table a(i int)"), script_step(2, "create table b(i int)")}),
      Commit::once);
  ASSERT_EQ(done.size(), 2U);
  EXPECT_FALSE(done[0].error || done[1].error);
  EXPECT_EQ(history(), (Strings{"1 V1__s.sql true", "2 V2__s.sql true"}));
}

TEST_P(ContractTest, WithoutATransactionWhatRanBeforeTheFailureStays) {
  Step step = script_step(1, "create table a(i int)\ninsert into nowhere values (1)");
  step.transaction = Transaction::none;
  const auto outcomes = apply(Steps({step}));
  ASSERT_EQ(outcomes.size(), 1U);
  EXPECT_TRUE(outcomes[0].error);
  EXPECT_FALSE(outcomes[0].rolled_back);
  EXPECT_TRUE(holds("a"));
  EXPECT_EQ(history(), Strings{"1 V1__s.sql false"}) << "the next run must see that it failed";
}

TEST_P(ContractTest, WithoutATransactionASuccessLeavesOneGoodRow) {
  Step step = script_step(2, "create table b(i int)\ninsert into b values (1)");
  step.transaction = Transaction::none;
  const auto outcomes = apply(Steps(
      {script_step(1, "create table a(i int)"), step, script_step(3, "create table c(i int)")}));
  ASSERT_EQ(outcomes.size(), 3U);
  EXPECT_FALSE(outcomes[1].error);
  EXPECT_EQ(history(), (Strings{"1 V1__s.sql true", "2 V2__s.sql true", "3 V3__s.sql true"}));
}

TEST_P(ContractTest, AStepThatCannotBeMadeReadyEndsTheRunButUndoesNothing) {
  const auto outcomes = apply(Steps({script_step(1, "create table a(i int)")},
                                    Error{.code = ErrorCode::script_unreadable, .message = "why"}));
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_FALSE(outcomes[0].error);
  ASSERT_TRUE(outcomes[1].error);
  EXPECT_EQ(outcomes[1].error->message, "why");
  EXPECT_TRUE(outcomes[1].before_running);
  EXPECT_EQ(history(), Strings{"1 V1__s.sql true"});
}

TEST_P(ContractTest, AScriptWithoutStatementsEarnsItsRow) {
  ASSERT_FALSE(apply(Steps({script_step(1, ""), script_step(2, "-- a comment"),
                            script_step(3, "/* one */ -- and another")}))
                   .back()
                   .error);
  EXPECT_EQ(history(), (Strings{"1 V1__s.sql true", "2 V2__s.sql true", "3 V3__s.sql true"}));
}

TEST_P(ContractTest, NothingToDoIsNothingDone) {
  EXPECT_TRUE(apply(Steps({})).empty());
  EXPECT_TRUE(log.events.empty());
}

TEST_P(ContractTest, KeepsSomeRowsOfAQueryAndCountsAll) {
  Steps steps({script_step(
      1,
      "select 1 as one, null as none union all select 2, 'x' union all select 3, 'y' order by 1")});
  const auto outcomes =
      database->apply(steps, {.history = site->history(), .output_query_rows = 2}, log);
  ASSERT_FALSE(outcomes.at(0).error);
  ASSERT_EQ(log.results.size(), 1U);
  EXPECT_EQ(log.results[0].columns, (Strings{"one", "none"}));
  EXPECT_EQ(log.results[0].rows, (Rows{{"1", std::nullopt}, {"2", "x"}}));
  EXPECT_EQ(log.results[0].row_count, 3U);
}

TEST_P(ContractTest, AScriptMayCommitAsFlywaysDriverAllows) {
  const auto outcomes =
      apply(Steps({script_step(1, "create table a(i int)\ncommit\ncreate table b(i int)")}));
  ASSERT_FALSE(outcomes.at(0).error) << outcomes.at(0).error->message;
  EXPECT_TRUE(holds("a") && holds("b"));
  EXPECT_FALSE(log.notes.empty()) << "somebody should hear that this cannot be undone";
  EXPECT_EQ(history(), Strings{"1 V1__s.sql true"});
}

TEST_P(ContractTest, QueriesAreOneTransaction) {
  const Query batch[] = {{.text = "create table a(i int)"}, {.text = "select * from nowhere"}};
  const auto answer = database->query(batch);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().code, ErrorCode::sql_failed);
  EXPECT_FALSE(holds("a"));
  EXPECT_TRUE(database->query({})) << "no queries, no rows";
}

TEST_P(ContractTest, ParametersArePassedAndNeverPasted) {
  const std::string odd = "it's \"odd\"; drop table a; -- \n\\ ü $1";
  ask("create table a(t text, n text)");
  ask(*database, {.text = "insert into a values ($1, $2)", .parameters = {odd, std::nullopt}});
  EXPECT_EQ(ask("select t, n from a"), (Rows{{odd, std::nullopt}}));
  EXPECT_EQ(ask(*database, {.text = "select t from a where t = $1", .parameters = {odd}}).size(),
            1U);
}

TEST_P(ContractTest, AHistoryRowComesBackAsItWasWritten) {
  HistoryRow row{.installed_rank = 7,
                 .version = std::nullopt,
                 .description = "it's \"x\" ü",
                 .type = "SQL",
                 .script = "R__x.sql",
                 .checksum = -731837914,
                 .installed_by = "me",
                 .execution_time = 1234,
                 .success = false};
  const auto insert = database->insert_row(site->history(), row);
  ASSERT_TRUE(database->query(std::span(&insert, 1)));
  const auto rows = database->read_history(site->history());
  ASSERT_TRUE(rows && rows->size() == 1);
  const auto& back = rows->front();
  EXPECT_EQ(back.installed_rank, 7);
  EXPECT_EQ(back.version, std::nullopt);
  EXPECT_EQ(back.description, row.description);
  EXPECT_EQ(back.checksum, row.checksum);
  EXPECT_EQ(back.installed_by, "me");
  EXPECT_EQ(back.execution_time, 1234);
  EXPECT_FALSE(back.success);
  EXPECT_EQ(back.installed_on.size(),
            std::string("2026-11-22 18:42:48.123").size() + (back.installed_on.size() > 23 ? 3 : 0))
      << back.installed_on;
}

TEST_P(ContractTest, ReadsAHistoryThatOthersHaveTouched) {
  const auto table = database->quoted(site->history());
  ask("alter table " + table + " add column note text");
  ask("insert into " + table +
      " (installed_rank, description, type, script, installed_by, execution_time, success, note)"
      " values (3, 'd', 'SPRING_JDBC', 'x.Y', 'u', 0, " +
      (database->dialect() == sql::Dialect::sqlite ? "1" : "true") + ", 'n')");
  const auto rows = database->read_history(site->history());
  ASSERT_TRUE(rows && rows->size() == 1);
  EXPECT_EQ(rows->front().type, "SPRING_JDBC");
  EXPECT_EQ(rows->front().checksum, std::nullopt);
  EXPECT_TRUE(rows->front().success);
  EXPECT_FALSE(apply(Steps({script_step(1, "")})).at(0).error);
  EXPECT_EQ(history(), (Strings{"3 x.Y true", "4 V1__s.sql true"}));
}

TEST_P(ContractTest, HistoryTablesMayHaveAnyName) {
  HistoryTable odd = site->history();
  odd.name = "it's an \"odd\"; name";
  EXPECT_EQ(database->has_history(odd).value(), false);
  ASSERT_TRUE(database->query(database->create_history(odd)));
  EXPECT_EQ(database->has_history(odd).value(), true);
  Steps steps({script_step(1, "create table a(i int)")});
  const auto outcomes = database->apply(steps, {.history = odd}, log);
  EXPECT_FALSE(outcomes.at(0).error);
  EXPECT_EQ(database->read_history(odd)->size(), 1U);
  EXPECT_EQ(history(), Strings{}) << "the other table is left alone";
}

TEST_P(ContractTest, KnowsWhichSchemasAreThereAndEmpty) {
  const Strings names = {site->history().schema, "no such schema"};
  const auto statements = database->clean_statements(names[0]);
  ASSERT_TRUE(statements && database->query(*statements));
  auto states = database->schemas(names);
  ASSERT_TRUE(states && states->size() == 2);
  EXPECT_TRUE(states->at(0).exists && states->at(0).empty);
  EXPECT_FALSE(states->at(1).exists);
  ask("create table a(i int)");
  states = database->schemas(names);
  EXPECT_FALSE(states->at(0).empty);
}

TEST_P(ContractTest, CleanLeavesNothing) {
  ask("create table p(i int primary key)");
  ask("create table c(i int references p(i))");
  ask("create view v as select * from p");
  ask("create table \"it's \"\"odd\"\"\"(i int)");
  const auto statements = database->clean_statements(site->history().schema);
  ASSERT_TRUE(statements);
  ASSERT_TRUE(database->query(*statements));
  EXPECT_FALSE(holds("p") || holds("c") || holds("v"));
  EXPECT_EQ(database->has_history(site->history()).value(), false);
  const Strings names = {site->history().schema};
  EXPECT_TRUE(database->schemas(names)->at(0).empty);
  EXPECT_TRUE(database->clean_statements(site->history().schema)->empty());
}

TEST_P(ContractTest, AStopThatWasRequestedEndsTheRunBeforeTheNextStatement) {
  Interrupt interrupt;
  database = site->open(&interrupt);
  class StopsAfterFirst final : public Progress {
   public:
    explicit StopsAfterFirst(Interrupt& stop) : stop_(stop) {}
    void hear(const Event& event) override {
      if (std::holds_alternative<StepApplied>(event)) stop_.request(SIGTERM);
    }

   private:
    Interrupt& stop_;
  };
  Step alone = script_step(1, "create table a(i int)");
  alone.transaction = Transaction::none;  // so that nothing behind it is on its way already
  Steps steps({alone, script_step(2, "create table b(i int)")});
  StopsAfterFirst progress(interrupt);
  const auto outcomes = database->apply(steps, {.history = site->history()}, progress);
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_FALSE(outcomes[0].error);
  ASSERT_TRUE(outcomes[1].error);
  EXPECT_EQ(outcomes[1].error->code, ErrorCode::interrupted);
  EXPECT_TRUE(outcomes[1].rolled_back);
  database = site->open();
  EXPECT_EQ(history(), Strings{"1 V1__s.sql true"});
}

/// Ends its own process, as a kill from outside would, at the nth thing it hears.
class Dies final : public Progress {
 public:
  explicit Dies(int at) : left_(at) {}
  void hear(const Event&) override {
    if (--left_ == 0) kill(getpid(), SIGKILL);
  }

 private:
  int left_;
};

/// The steps of the run that is killed: as many of V1 to V3 as the history lacks.
Steps remaining(std::size_t applied, Transaction transaction) {
  std::vector<Step> steps = {script_step(1, "create table a(i int)\ninsert into a values (1)"),
                             script_step(2, "insert into a values (2)\ncreate table b(i int)"),
                             script_step(3, "insert into a values (3)\ninsert into a values (4)")};
  for (auto& step : steps) step.transaction = transaction;
  steps.erase(steps.begin(), steps.begin() + static_cast<std::ptrdiff_t>(applied));
  return Steps(std::move(steps));
}

/// Runs the steps in a process of its own, which is killed at the nth event.
/// @return whether it was; false: it came to its end first
bool killed_at(int nth, Site& site, Commit commit, Transaction transaction) {
  const pid_t child = fork();
  if (child == 0) {
    const auto database = site.open();
    Dies progress(nth);
    auto steps = remaining(0, transaction);
    if (!database->lock({.table = site.history()}, progress)) _exit(0);
    (void)database->apply(steps, {.history = site.history(), .commit = commit}, progress);
    _exit(0);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return WIFSIGNALED(status);
}

TEST_P(ContractTest, KilledAnywhereASecondRunCompletes) {
  for (const auto commit : {Commit::each_step, Commit::once}) {
    int nth = 1;
    for (bool killed = true; killed; ++nth) {
      SCOPED_TRACE(fmt::format("killed at event {}", nth));
      start_over();
      killed = killed_at(nth, *site, commit, Transaction::own);
      database = site->open();
      // A server may still be at what the dead client sent; it keeps the lock until it is done.
      ASSERT_TRUE(database->lock({.table = site->history()}, log));
      const auto applied = history().size();
      EXPECT_EQ(holds("a") ? ask("select count(*) from a")[0][0] : "none",
                (Strings{"none", "1", "2", "4"})[applied])
          << "the rows and the history tell the same story";
      const auto outcomes = apply(remaining(applied, Transaction::own), commit);
      EXPECT_TRUE(outcomes.empty() || !outcomes.back().error);
      EXPECT_EQ(history(), (Strings{"1 V1__s.sql true", "2 V2__s.sql true", "3 V3__s.sql true"}));
      EXPECT_EQ(ask("select count(*) from a"), (Rows{{"4"}}));
    }
    EXPECT_GT(nth, 10) << "each step tells of its start, its statements and its end";
  }
}

TEST_P(ContractTest, KilledWithoutATransactionTheHistoryNamesTheScript) {
  int nth = 1;
  for (bool killed = true; killed; ++nth) {
    SCOPED_TRACE(fmt::format("killed at event {}", nth));
    start_over();
    killed = killed_at(nth, *site, Commit::each_step, Transaction::none);
    database = site->open();
    ASSERT_TRUE(database->lock({.table = site->history()}, log));
    const auto rows = history();
    for (std::size_t i = 0; i + 1 < rows.size(); ++i) EXPECT_TRUE(rows[i].ends_with("true"));
    const auto inserted = holds("a") ? ask("select count(*) from a")[0][0] : "none";
    const bool untouched = inserted == "none";
    EXPECT_TRUE(untouched || !rows.empty()) << "what has run has left a row";
  }
}

INSTANTIATE_TEST_SUITE_P(Databases, ContractTest,
                         testing::Values(postgresql_implementation(), sqlite_implementation()),
                         [](const auto& which) { return which.param.name; });

}  // namespace
}  // namespace dunlin::test
