#pragma once

#include "database/postgresql/complaint.hpp"
#include "database/postgresql/feed.hpp"
#include "database/postgresql/pipeline.hpp"
#include "database/postgresql/session.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin::postgresql {

/// What a message was and what the server said to it.
struct Failure {
  Tag tag;
  ServerMessage message;
};

/// One call of Database::apply. Steps travel in windows (window.cpp) or, where they cannot, alone
/// (alone.cpp); both work on this.
struct Run {
  /// A step that has run; it counts once its transaction is durable.
  struct Done {
    std::size_t script_index = 0;
    std::chrono::milliseconds time{};
  };

  Session& session;
  const ApplyOptions& options;
  Progress& progress;
  Feed feed;
  std::vector<Outcome> outcomes;

  // Commit::once: one transaction over several windows.
  bool group_is_open = false;
  bool group_was_torn = false;  ///< a script of it has committed by itself
  std::vector<Done> group;

  [[nodiscard]] Link& link() const { return *session.link; }
  [[nodiscard]] bool in_group() const noexcept { return options.commit == Commit::once; }

  /// Tells progress of the step and its parts up to `part`, of each once.
  void announce(Item& item, std::size_t part) const;
  void announce_all(Item& item) const { announce(item, item.step.parts.size()); }
  /// Passes on what the server said meanwhile.
  void pass_notices() const;
  /// The step is durable.
  void applied(const Done& done);
  /// The step failed; ends the run.
  void failed(Outcome outcome) { outcomes.push_back(std::move(outcome)); }

  /// What puts role and search_path to what they were at the start.
  [[nodiscard]] Query settings(bool asynchronous) const;
  /// Role back, before the history row is written; `durable`: and the commit waits for the disk.
  [[nodiscard]] Query restore(bool durable) const;
  /// Sends the proof of the lock if this session holds it.
  void send_proof(Pipeline& pipeline) const;
  /// Ends a failed transaction and, if something was committed asynchronously, makes it durable.
  /// False if that could not be done.
  bool roll_back(bool and_flush) const;
  /// Runs the error callbacks of a step where it failed: in a transaction the server refuses them,
  /// as it does Flyway's. What they fail with is a warning.
  void run_error_callbacks(const Step& step) const;
  /// Commits the group's transaction if it is open.
  bool commit_group();

  /// Did the item fail for a table lock, and may it be sent again?
  [[nodiscard]] bool may_wait_for_table(const Item& item, const Failure& failure) const;
  /// Tells who is in the way and waits a while, without a transaction so that nobody waits for us.
  /// False if a stop was requested.
  bool wait_for_table(Item& item, const Failure& failure) const;
  /// Where a table lock was the failure: puts into the error who holds it.
  void name_table_holders(const Step& step, const Failure& failure, Error& error) const;
};

/// Reads the results of one statement of a script and tells progress. Of a result it keeps `limit`
/// rows, 4 MiB at most, and of a value 16 KiB; it counts all rows.
class ResultReader {
 public:
  ResultReader(Progress& progress, std::size_t limit) : progress_(progress), limit_(limit) {}
  /// Takes one result; errors are not its affair.
  void take(pg_result& reply, const sql::Statement& statement);

 private:
  void keep(const pg_result& reply);

  Progress& progress_;
  std::size_t limit_;
  QueryResult result_;
  std::size_t bytes_ = 0;  ///< of the rows that are kept
};

/// The statement at a place of a step.
[[nodiscard]] const sql::Statement& statement_at(const Step& step, std::size_t part,
                                                 std::size_t statement);

/// Flyway's words for a history row that the table does not take.
[[nodiscard]] std::string row_not_written(const HistoryRow& row, std::string_view why);
/// The Error of a step for it.
[[nodiscard]] Error error_of(const Step& step, const Failure& failure);
/// Says in the outcome which part of the step failed.
void name_part(Outcome& outcome, const Part& part);
[[nodiscard]] Error interruption_of(const Step& step, bool rolled_back);

/// A transaction that really writes to the log, and waits until all before it is on disk.
[[nodiscard]] std::vector<Query> flush();

/// Can this step not stand in a window? docs/pipeline.md has the table.
[[nodiscard]] bool breaks_window(const Step& step, const ApplyOptions& options);
/// Why this step cannot run at all.
[[nodiscard]] std::optional<Error> refusal(const Step& step);
/// Bytes of its statements.
[[nodiscard]] std::size_t size_of(const Step& step);

/// Sends a window of steps. False when the run ends here.
bool run_window(Run& run);
/// Runs the next step by itself. False when the run ends here.
bool run_alone(Run& run);

}  // namespace dunlin::postgresql
