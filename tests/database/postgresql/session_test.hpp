#pragma once

#include "base/text.hpp"
#include "database/postgresql/open.hpp"
#include "database/steps.hpp"
#include "support/postgres_server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace dunlin::test {

using Strings = std::vector<std::string>;
using sql::StatementKind;

/// A statement of a script made by hand.
struct Made {
  std::string text;
  StatementKind kind = StatementKind::plain;
  std::string data = {};  ///< of COPY
};

/// A script of statements whose kinds are told instead of found, each on a line of its own.
inline Step made_step(int version, const std::vector<Made>& statements) {
  std::string text;
  for (const auto& one : statements) text += one.text + "\n" + one.data;
  auto source = std::make_shared<PreparedText>();
  source->script = fmt::format("V{}__s.sql", version);
  source->shown = "sql/" + source->script;
  source->text = std::move(text);
  std::size_t offset = 0;
  std::uint32_t line = 1;
  for (const auto& one : statements) {
    const std::string_view all = source->text;
    source->statements.push_back({.text = all.substr(offset, one.text.size()),
                                  .data = all.substr(offset + one.text.size() + 1, one.data.size()),
                                  .offset = offset,
                                  .line = line,
                                  .kind = one.kind});
    const auto length = one.text.size() + 1 + one.data.size();
    line += static_cast<std::uint32_t>(std::ranges::count(all.substr(offset, length), '\n'));
    offset += length;
  }
  auto step = script_step(version, "");
  step.parts = {part(source)};
  return step;
}

inline Step without_transaction(Step step) {
  step.transaction = Transaction::none;
  return step;
}

/// A Log that calls `then` with each event it hears.
class Reacting final : public Progress {
 public:
  explicit Reacting(std::function<void(const Event&)> then) : then_(std::move(then)) {}
  void hear(const Event& event) override {
    log.hear(event);
    if (const auto* waiting = std::get_if<WaitingForLock>(&event)) waits.push_back(*waiting);
    then_(event);
  }
  Log log;
  std::vector<WaitingForLock> waits;

 private:
  std::function<void(const Event&)> then_;
};

/// A database with an empty history, and a session with it.
class SessionTest : public testing::Test {
 protected:
  void SetUp() override {
    reopen();
    ASSERT_TRUE(database);
    ASSERT_TRUE(database->query(database->create_history(history)));
  }

  [[nodiscard]] postgresql::ConnectOptions options() const {
    return PostgresServer::instance().by_socket(name);
  }
  void reopen() { reopen(options()); }
  void reopen(postgresql::ConnectOptions with) {
    database.reset();
    auto opened = postgresql::open(std::move(with), log);
    ASSERT_TRUE(opened) << opened.error().message;
    database = *std::move(opened);
  }
  std::vector<Outcome> apply(std::vector<Step> steps) { return apply(std::move(steps), log); }
  std::vector<Outcome> apply(std::vector<Step> steps, Progress& progress,
                             Commit commit = Commit::each_step) {
    Steps source(std::move(steps));
    return database->apply(source, {.history = history, .commit = commit}, progress);
  }
  /// "1 V1__s.sql true" for each row, in one line.
  std::string rows() {
    return join(onlooker.ask("SELECT installed_rank || ' ' || script || ' ' || success"
                             " FROM flyway_schema_history ORDER BY 1"),
                ", ");
  }
  std::string tables() {
    return join(onlooker.ask("SELECT relname FROM pg_class WHERE relkind IN ('r', 'i', 'S') AND"
                             " relnamespace = 'public'::regnamespace AND relname NOT LIKE 'flyway%'"
                             " ORDER BY 1"),
                " ");
  }
  std::string advisory_locks() {
    return onlooker.value(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database ="
        " (SELECT oid FROM pg_database WHERE datname = current_database())");
  }

  std::string name = PostgresServer::instance().make_database();
  HistoryTable history{.schema = "public", .name = "flyway_schema_history"};
  Onlooker onlooker{name};
  Log log;
  std::unique_ptr<Database> database;
};

}  // namespace dunlin::test
