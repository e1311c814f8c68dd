#include "engine/run_scripts.hpp"

#include "base/text.hpp"
#include "engine/callbacks.hpp"
#include "engine/entry.hpp"
#include "engine/recover.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <memory>
#include <regex>

namespace dunlin {
namespace {

constexpr std::size_t kNoScript = std::numeric_limits<std::size_t>::max();

/// What a run needs to know of a script once its step is gone.
struct Run {
  Session& session;
  std::span<const Script* const> scripts;
  const Info& info;
  const CallbackFrame& frame;
  std::vector<std::string> titles;
  bool group_without_transaction = false;
  std::int32_t last_rank = 0;       ///< of the history as it was read
  std::size_t reported_before = 0;  ///< migrations in the report when it began
};

bool is_out_of_order(const Script& script, const Info& info) {
  return script.kind == ScriptKind::versioned && info.newest_applied &&
         *script.version < *info.newest_applied;
}

/// The rank that the next row of a script gets if nobody else writes to the history meanwhile.
std::int32_t expected_rank(const Run& run, std::size_t index) {
  return run.last_rank + static_cast<std::int32_t>(index) + 1;
}

Result<Step> make_step(Run& run, std::size_t index) {
  const Script& script = *run.scripts[index];
  const std::string_view suffix = is_out_of_order(script, run.info) ? " [out of order]" : "";
  run.titles[index] = title_of(run.session, script, suffix);
  Step step = DUNLIN_TRY(prepare(run.session, script, run.frame, suffix));
  step.script_index = index;
  step.row.installed_rank = expected_rank(run, index);
  if (run.group_without_transaction) step.transaction = Transaction::none;
  run.titles[index] = step.title;
  return step;
}

/// A row without a run (option skipExecutingMigrations). A script with a placeholder that has no
/// value, or with statements that do not go together, fails all the same; one that no server could
/// read does not (observed with Flyway 11).
Result<Step> make_marker(Run& run, std::size_t index) {
  auto ready = make_step(run, index);
  const bool unreadable = !ready && ready.error().code == ErrorCode::script_unreadable &&
                          !ready.error().excerpt.empty();  // else the file itself is
  if (!ready && !unreadable) return ready;
  Step step{.row = row_of(run.session, *run.scripts[index]), .script_index = index};
  step.row.installed_rank = expected_rank(run, index);
  if (!ready) return step;
  const auto script = std::ranges::find(ready->parts, std::string(), &Part::callback);
  if (script != ready->parts.end()) step.parts = {{.source = script->source, .count = 0}};
  return step;
}

void add_callbacks(Run& run, CallbackEvent event, StepList& steps) {
  for (const Callback* callback : callbacks_of(run.session.scripts, event)) {
    steps.add([&run, callback]() -> Result<Step> {
      Step step = DUNLIN_TRY(prepare(run.session, *callback));
      step.script_index = kNoScript;
      return step;
    });
  }
}

/// Versioned scripts, afterVersioned, beforeRepeatables, repeatable scripts.
StepList steps_of(Run& run, const MigrateReport& report) {
  StepList steps;
  const bool skip = run.session.options.migrate.skip_executing;
  bool versioned = true;
  for (std::size_t i = 0; i < run.scripts.size(); ++i) {
    const bool is_versioned = run.scripts[i]->kind != ScriptKind::repeatable;
    if (versioned && !is_versioned) {
      add_callbacks(run, CallbackEvent::after_versioned, steps);
      add_callbacks(run, CallbackEvent::before_repeatables, steps);
    }
    versioned = is_versioned;
    steps.add([&run, i, skip] { return skip ? make_marker(run, i) : make_step(run, i); });
  }
  if (versioned && !report.undo) add_callbacks(run, CallbackEvent::after_versioned, steps);
  return steps;
}

void add(Session& session, const Script& script, std::chrono::milliseconds time,
         MigrateReport& report) {
  MigrationEntry entry = entry_of(script);
  entry.execution_time = time;
  report.migrations.push_back(std::move(entry));
  if (script.version) report.target_version = script.version->text();
  session.known.applied.push_back(&script);
  session.tally = {.count = report.migrations.size(), .last = script.name};
  session.reconnections = 0;
}

/// Adds the applied ones to the report.
void collect(const Run& run, const std::vector<Outcome>& outcomes, MigrateReport& report) {
  for (const Outcome& outcome : outcomes) {
    if (outcome.error || outcome.script_index == kNoScript) continue;
    add(run.session, *run.scripts[outcome.script_index], outcome.execution_time, report);
  }
}

/// The callbacks between versioned and repeatable scripts leave no row: they may have run if no
/// versioned script is left to run.
bool callbacks_may_have_run(const Run& run, std::size_t step_count,
                            std::span<const Script* const> sent, const Settled& settled) {
  if (step_count == run.scripts.size()) return false;
  return std::ranges::none_of(sent, [&](const Script* script) {
    return script->kind != ScriptKind::repeatable &&
           !std::ranges::count(settled.applied, script, &Settled::Applied::script);
  });
}

/// The connection was lost. Goes on if it is certain what became of what was sent.
Next go_on(Run& run, const StateNow& before, std::size_t step_count, const Outcome& last,
           MigrateReport& report) {
  Session& session = run.session;
  const std::size_t known = report.migrations.size() - run.reported_before;
  InFlight sent{.before = before.seen, .scripts = run.scripts.subspan(known)};
  if (!last.rolled_back && last.script_index != kNoScript) {
    sent.unsure = last.script_index + 1 - known;
  }
  auto settled = find_out(session, sent, *last.error);
  if (!settled) {
    report.error = std::move(settled).error();
    return Next::done;
  }
  for (const auto& [script, time] : settled->applied) add(session, *script, time, report);
  session.known.applied.clear();  // they are in the history that was just read
  report.error = settled->in_doubt;
  if (!report.error && callbacks_may_have_run(run, step_count, sent.scripts, *settled)) {
    report.error = not_known(*last.error, "the callbacks after the versioned migrations",
                             "look what they have done, then run the same command again");
  }
  return report.error ? Next::done : Next::read_again;
}

/// What fails between a script's statements fails the script (observed with Flyway 11).
bool is_of_a_statement(std::string_view callback, const CallbackFrame& frame) {
  const std::string_view event = callback.substr(0, callback.find(' '));
  return event == name_of(frame.before_statement) || event == name_of(frame.after_statement);
}

void say_failed(const Run& run, const Outcome& outcome, const MigrateReport& report) {
  // What a server would refuse is told like a refusal of the server, though nothing was sent.
  const bool refused = outcome.before_running && !outcome.error->sqlstate.empty();
  const bool of_script = outcome.callback.empty() || is_of_a_statement(outcome.callback, run.frame);
  const bool in_script =
      of_script && (!outcome.before_running || refused) && outcome.script_index != kNoScript;
  if (!in_script || outcome.error->code == ErrorCode::interrupted) return;
  if (refused) {
    run.session.listener.hear(CommandEvent(MigrationRefused{run.titles[outcome.script_index]}));
  }
  run.session.listener.hear(CommandEvent(MigrationFailed{.title = run.titles[outcome.script_index],
                                                         .rolled_back = outcome.rolled_back,
                                                         .undo = report.undo}));
}

/// The index that a failed CREATE INDEX CONCURRENTLY may leave invalid (PostgreSQL manual, CREATE
/// INDEX); empty for another statement, or an index without a name.
std::string index_left_by(const Error& error) {
  static const std::regex create(
      R"(^\s*create\s+(?:unique\s+)?index\s+concurrently\s+(?:if\s+not\s+exists\s+)?("[^"]+"|\w+)\s+on\s)",
      std::regex::icase);
  if (error.sql == nullptr) return "";
  const std::string statement = error.sql->statement.substr(0, 1000);
  std::smatch found;
  return std::regex_search(statement, found, create) ? found[1].str() : "";
}

/// What a person has to do before the next try of a script that ran without a transaction.
Error with_remedy(Error error) {
  const std::string index = index_left_by(error);
  const std::string remedy =
      index.empty() ? "undo by hand what it left, then dunlin repair"
                    : fmt::format(
                          "this or an earlier try may have left index {} invalid: DROP "
                          "INDEX CONCURRENTLY {}, then dunlin repair",
                          index, index);
  const std::string_view between =
      error.hint.empty() ? "" : (error.hint.ends_with('.') ? " " : "; ");
  error.hint = fmt::format("{}{}{}", error.hint, between, remedy);
  return error;
}

bool needs_no_transaction(const Session& session, const Script* script) {
  const auto transaction = transaction_of(session, *script);
  return transaction && *transaction == Transaction::none;
}

}  // namespace

Result<void> check_group(const Session& session, std::span<const Script* const> scripts) {
  const MigrateOptions& options = session.options.migrate;
  if (!options.group || options.mixed) return {};
  for (const Script* const each : scripts) {
    auto transaction = transaction_of(session, *each);
    const bool mixes = !transaction && transaction.error().code == ErrorCode::validation;
    if (mixes) return std::move(transaction).error();
  }
  const auto without = [&](const Script* each) { return needs_no_transaction(session, each); };
  if (scripts.empty()) return {};
  // What offends is what is not as the first.
  const bool first_without = without(scripts.front());
  const auto first = std::ranges::find(scripts, !first_without, without);
  if (first == scripts.end()) return {};
  const Script& script = **first;
  const std::string name = script.version
                               ? fmt::format("{} {}", script.version->text(), script.description)
                               : script.description;
  return Error{
      .code = ErrorCode::validation,
      .message = fmt::format(
          "Detected both transactional and non-transactional migrations within the same "
          "migration group (even though mixed is false). First offending migration: "
          "\"{}\"{}",
          name, first_without ? "" : " [non-transactional]"),
      .hint = "run them without group, or set mixed to true and do without the transaction"};
}

Next run_scripts(Session& session, std::span<const Script* const> scripts, const StateNow& now,
                 const CallbackFrame& frame, MigrateReport& report) {
  const MigrateOptions& options = session.options.migrate;
  Run run{.session = session,
          .scripts = scripts,
          .info = now.info,
          .frame = frame,
          .titles = std::vector<std::string>(scripts.size()),
          .reported_before = report.migrations.size()};
  const auto& history = now.seen->history;
  if (!history.empty()) run.last_rank = history.back().installed_rank;
  constexpr auto kHighest = std::numeric_limits<std::int32_t>::max();
  if (std::cmp_greater(scripts.size(), std::int64_t{kHighest} - run.last_rank)) {
    report.error = Error{.code = ErrorCode::validation,
                         .message = fmt::format("{} can take no further rows: installed_rank {} is "
                                                "too high",
                                                session.history.name(), run.last_rank),
                         .hint = "number its rows anew by hand, in their order"};
    return Next::done;
  }
  run.group_without_transaction =
      options.group && std::ranges::any_of(scripts, [&](const Script* each) {
        return needs_no_transaction(session, each);
      });
  const bool one_transaction = options.group && !run.group_without_transaction;
  StepList steps = steps_of(run, report);
  session.seen.reset();
  const auto outcomes =
      session.database.apply(steps,
                             {.history = session.history.table(),
                              .default_schema = session.schemas.default_schema,
                              .commit = one_transaction ? Commit::once : Commit::each_step,
                              .output_query_rows = options.output_query_rows,
                              .error_overrides = options.error_overrides},
                             session.listener);
  collect(run, outcomes, report);
  if (outcomes.empty() || !outcomes.back().error) return Next::done;
  const Outcome& failed = outcomes.back();
  if (failed.error->code == ErrorCode::history_conflict) return Next::read_again;
  if (failed.error->code == ErrorCode::database_unreachable && session.database.is_lost()) {
    return go_on(run, now, steps.size(), failed, report);
  }
  say_failed(run, failed, report);
  const bool left_something =
      !failed.rolled_back && !failed.before_running && failed.script_index != kNoScript;
  report.error = left_something ? with_remedy(worded(failed)) : worded(failed);
  const bool is_gone =
      failed.error->sql == nullptr &&
      (failed.error->sqlstate == "42P01" || failed.error->message.starts_with("no such table: "));
  if (is_gone) {
    report.error->hint =
        fmt::format("{} was there when the run began: this script or somebody else has dropped it",
                    session.history.name());
  }
  return Next::done;
}

}  // namespace dunlin
