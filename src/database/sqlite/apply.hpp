#pragma once

#include "database/database.hpp"
#include "database/sqlite/connection.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace dunlin::sqlite {

/// Runs steps on one connection: Database::apply of a SQLite file.
///
/// A step is `BEGIN IMMEDIATE`, which takes the file's only write lock; a look at the history,
/// which nobody can change from then on; the statements; the history row; `COMMIT`. So two programs
/// that migrate one file at once never run a script twice: the second finds another rank than its
/// row expects, and its outcome is `history_conflict` before anything has run.
class Applier {
 public:
  /// @param patience  how long to wait for the write lock; negative: without end
  Applier(Connection& connection, const ApplyOptions& options, std::chrono::milliseconds patience,
          Progress& progress)
      : connection_(connection), options_(options), patience_(patience), progress_(progress) {}

  std::vector<Outcome> run(StepSource& steps);

 private:
  /// A failure together with what Outcome says of it.
  struct Failure {
    Error error;
    std::string file;
    std::string callback;
    bool before_running = false;
  };
  using Problem = std::optional<Failure>;

  void take(Step step);
  Problem run_in_transaction(Step& step);
  Problem run_alone(Step& step);
  Problem begin(Step& step);
  Problem run_parts(const Step& step);
  Problem run_part(const Part& part);
  void run_error_callbacks(const Step& step);
  Problem run_statement(const PreparedText& source, const sql::Statement& statement);
  Problem overridden(Error error);
  Problem after_statement(const PreparedText& source, const sql::Statement& statement);
  Result<void> record_done(Step& step);
  Problem commit();
  void start(const Step& step);
  void show(const PreparedText& source, const sql::Statement& statement, Ran ran);
  void fail(const Step& step, Failure failure);
  void finish_group();

  Connection& connection_;
  const ApplyOptions& options_;
  std::chrono::milliseconds patience_;
  Progress& progress_;
  std::vector<Outcome> outcomes_;  // durable, or the one that failed
  std::vector<Outcome> waiting_;   // run, but not committed: steps of a group
  bool failed_ = false;

  // Of the step that is running:
  bool transactional_ = true;
  bool kept_something_ = false;  // a part of it is committed although it is not done
  bool started_ = false;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace dunlin::sqlite
