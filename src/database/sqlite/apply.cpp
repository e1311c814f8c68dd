#include "database/sqlite/apply.hpp"

#include "base/text.hpp"
#include "database/overrides.hpp"
#include "database/sqlite/history.hpp"
#include "database/sqlite/place.hpp"

#include <algorithm>
#include <utility>

namespace dunlin::sqlite {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

bool has_script(const Step& step) {
  return std::ranges::any_of(step.parts, [](const Part& part) { return part.callback.empty(); });
}

}  // namespace

std::vector<Outcome> Applier::run(StepSource& steps) {
  std::size_t handed_out = 0;
  while (!failed_) {
    auto step = steps.next();
    if (!step) {
      Step unknown{.transaction = Transaction::own};
      unknown.script_index = handed_out;
      kept_something_ = false;
      fail(unknown, {.error = std::move(step).error(), .before_running = true});
      break;
    }
    if (!*step) break;
    take(*std::move(*step));
    ++handed_out;
  }
  if (!failed_) finish_group();
  return std::move(outcomes_);
}

void Applier::take(Step step) {
  transactional_ = step.transaction == Transaction::own;
  kept_something_ = false;
  started_ = false;
  start_ = steady_clock::now();
  // A step that cannot be part of the group's transaction has it end before.
  if (!transactional_) finish_group();
  if (failed_) return;
  auto problem = transactional_ ? run_in_transaction(step) : run_alone(step);
  if (problem) return fail(step, *std::move(problem));
  waiting_.push_back(
      {.script_index = step.script_index, .execution_time = milliseconds(step.row.execution_time)});
  if (options_.commit == Commit::once && transactional_) return;
  if (auto uncommitted = commit()) fail(step, *std::move(uncommitted));
}

Applier::Problem Applier::run_in_transaction(Step& step) {
  if (auto problem = begin(step)) return problem;
  if (auto problem = run_parts(step)) return problem;
  if (auto recorded = record_done(step); !recorded) return Failure{std::move(recorded).error()};
  progress_.hear(StepExecuted{step});
  return {};
}

/// Statement by statement. The row stands in the history as failed before the first, so that a run
/// that is killed in between leaves a sign.
Applier::Problem Applier::run_alone(Step& step) {
  const bool recorded = step.effect == HistoryEffect::insert;
  if (recorded) {
    if (auto problem = begin(step)) return problem;
    HistoryRow unfinished = step.row;
    unfinished.success = false;
    const Query insert = history_insert(options_.history, unfinished);
    auto ran = connection_.run(insert.text, insert.parameters);
    if (!ran) return Failure{.error = std::move(ran).error(), .before_running = true};
    if (auto problem = commit()) return problem;
    kept_something_ = true;
  }
  auto problem = run_parts(step);
  if (!problem && connection_.in_transaction()) {
    problem = Failure{{.code = ErrorCode::sql_failed,
                       .message = fmt::format("{} ends inside a transaction that it began itself",
                                              step.row.script),
                       .hint = "end it with COMMIT"}};
  }
  if (problem) return problem;
  if (recorded) {
    if (auto begun = connection_.begin_immediate(patience_, &progress_); !begun) {
      return Failure{std::move(begun).error()};
    }
    if (auto done = record_done(step); !done) return Failure{std::move(done).error()};
  }
  progress_.hear(StepExecuted{step});
  return {};
}

/// Opens the step's transaction unless its group's is open, and settles the rank of its row.
Applier::Problem Applier::begin(Step& step) {
  const auto failure = [](Error error) {
    return Failure{.error = std::move(error), .before_running = true};
  };
  if (!connection_.in_transaction()) {
    auto begun = connection_.begin_immediate(patience_, &progress_);
    if (!begun) return failure(std::move(begun).error());
  }
  if (step.effect == HistoryEffect::none) return {};
  auto rank = next_rank(connection_, options_.history);
  if (!rank) return failure(std::move(rank).error());
  if (step.row.installed_rank != 0 && step.row.installed_rank != *rank) {
    return failure({.code = ErrorCode::history_conflict,
                    .message = fmt::format("{} was to get rank {} in {}, which goes on at {}: "
                                           "another program has written to it",
                                           step.row.script, step.row.installed_rank,
                                           qualified(options_.history), *rank),
                    .hint = "run again"});
  }
  step.row.installed_rank = *rank;
  return {};
}

Applier::Problem Applier::run_parts(const Step& step) {
  if (!has_script(step)) start(step);
  for (const Part& part : step.parts) {
    if (part.callback.empty()) {
      start(step);
    } else {
      progress_.hear(CallbackStarted{part.callback});
    }
    auto problem = run_part(part);
    if (!problem) continue;
    problem->file = part.source->script;
    problem->callback = part.callback;
    run_error_callbacks(step);
    return problem;
  }
  return {};
}

/// Where the step failed, so mostly in a transaction that is rolled back afterwards, as Flyway
/// does.
void Applier::run_error_callbacks(const Step& step) {
  for (const Part& part : step.on_error) {
    progress_.hear(CallbackStarted{part.callback});
    const auto problem = run_part(part);
    if (!problem) continue;
    progress_.hear(Note{
        .level = Note::Level::warning,
        .text = fmt::format("Error while executing {} callback: Failed to execute script {}: {}",
                            part.callback.substr(0, part.callback.find(' ')), part.source->script,
                            problem->error.message)});
  }
}

void Applier::start(const Step& step) {
  if (std::exchange(started_, true)) return;
  start_ = steady_clock::now();
  progress_.hear(StepStarted{step});
}

Applier::Problem Applier::run_part(const Part& part) {
  for (std::size_t i = part.first; i < part.first + part.count; ++i) {
    const auto& statement = part.source->statements.at(i);
    if (auto problem = run_statement(*part.source, statement)) return problem;
    if (auto problem = after_statement(*part.source, statement)) return problem;
  }
  return {};
}

Applier::Problem Applier::run_statement(const PreparedText& source,
                                        const sql::Statement& statement) {
  const auto* const interrupt = connection_.interrupt();
  if (interrupt != nullptr && interrupt->requested()) return Failure{connection_.interrupted()};
  std::string_view rest = statement.text;
  while (!rest.empty()) {
    FailedAt where;
    auto ran = connection_.run(rest, {}, options_.output_query_rows, &where);
    if (!ran) {
      if (where.offset) *where.offset += statement.text.size() - rest.size();
      return overridden(at_place(std::move(ran).error(), source, statement, where.offset));
    }
    rest.remove_prefix(ran->consumed);
    show(source, statement, *std::move(ran));
  }
  return {};
}

/// errorOverrides. A failed statement leaves nothing behind and the transaction open, unless SQLite
/// has ended that by itself: then there is nothing to go on with.
Applier::Problem Applier::overridden(Error error) {
  const Said said{.message = error.message, .code = error.sql_code};
  const ErrorOverride* const entry = override_for(options_.error_overrides, said);
  if (entry == nullptr || error.code == ErrorCode::interrupted) return Failure{std::move(error)};
  const bool can_go_on = !transactional_ || connection_.in_transaction();
  if (entry->severity == Severity::error || !can_go_on) {
    return Failure{shown_error(*entry, std::move(error))};
  }
  progress_.hear(note_of(*entry, said));
  return {};
}

void Applier::show(const PreparedText& source, const sql::Statement& statement, Ran ran) {
  if (ran.double_quoted_text) {
    progress_.hear(Note{.level = Note::Level::warning,
                        .text = fmt::format("{}, line {}: text between double quotes, which are "
                                            "for names; write 'text' instead",
                                            source.shown, statement.line)});
  }
  if (!ran.columns.empty() && options_.output_query_rows > 0) {
    progress_.hear(QueryResult{.columns = std::move(ran.columns),
                               .rows = std::move(ran.rows),
                               .row_count = ran.row_count});
  }
  progress_.hear(StatementDone{.statement = statement, .rows_changed = ran.changed});
}

/// SQLite ends a transaction without being asked (a full disk, RAISE(ROLLBACK)), and a script may
/// say COMMIT. What it says then is done; a transaction follows for the rest, as Flyway's driver
/// begins one.
Applier::Problem Applier::after_statement(const PreparedText& source,
                                          const sql::Statement& statement) {
  if (!transactional_ || connection_.in_transaction()) return {};
  const bool asked = statement.kind == sql::StatementKind::ends_transaction;
  if (!asked || options_.commit == Commit::once) {
    kept_something_ = asked;
    return Failure{at_place({.code = ErrorCode::sql_failed,
                             .message = "the statement ended the transaction of its script",
                             .hint = "leave COMMIT and ROLLBACK to dunlin"},
                            source, statement, std::nullopt)};
  }
  progress_.hear(Note{.level = Note::Level::warning,
                      .text = fmt::format("{}, line {}: the script ends its transaction itself, so "
                                          "a failure after this line cannot be undone",
                                          source.shown, statement.line)});
  kept_something_ = true;
  auto begun = connection_.begin_immediate(patience_, &progress_);
  if (!begun) return Failure{std::move(begun).error()};
  return {};
}

/// Writes that the step is done: its row, or over the row that run_alone has written.
Result<void> Applier::record_done(Step& step) {
  const auto spent = std::chrono::duration_cast<milliseconds>(steady_clock::now() - start_);
  step.row.execution_time = spent.count();
  if (step.effect == HistoryEffect::none) return {};
  if (!transactional_) {
    const auto update = fmt::format(
        R"(UPDATE {} SET "success" = 1, "execution_time" = $1 WHERE "installed_rank" = $2)",
        qualified(options_.history));
    const Ran ran = DUNLIN_TRY(connection_.run(
        update, {std::to_string(spent.count()), std::to_string(step.row.installed_rank)}));
    if (ran.changed > 0) return {};
  }
  const Query insert = history_insert(options_.history, step.row);
  (void)DUNLIN_TRY(connection_.run(insert.text, insert.parameters));
  return {};
}

/// Makes what has run durable and says so.
Applier::Problem Applier::commit() {
  if (connection_.in_transaction()) {
    auto done = connection_.run("COMMIT");
    if (!done) {
      Error error = std::move(done).error();
      error.trail.emplace_back("at COMMIT");
      return Failure{std::move(error)};
    }
  }
  for (Outcome& outcome : waiting_) {
    progress_.hear(StepApplied{outcome.script_index, outcome.execution_time});
    outcomes_.push_back(std::move(outcome));
  }
  waiting_.clear();
  return {};
}

void Applier::finish_group() {
  const auto last = waiting_.empty() ? 0 : waiting_.back().script_index;
  if (auto problem = commit()) {
    Step step;
    step.script_index = last;
    fail(step, *std::move(problem));
  }
}

void Applier::fail(const Step& step, Failure failure) {
  failed_ = true;
  connection_.rollback();
  waiting_.clear();
  const auto spent = std::chrono::duration_cast<milliseconds>(steady_clock::now() - start_);
  outcomes_.push_back({.script_index = step.script_index,
                       .execution_time = spent,
                       .error = std::make_shared<Error>(std::move(failure.error)),
                       .file = std::move(failure.file),
                       .callback = std::move(failure.callback),
                       .before_running = failure.before_running,
                       .rolled_back = transactional_ && !kept_something_});
}

}  // namespace dunlin::sqlite
