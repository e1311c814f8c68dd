// migrate: validate, lock, set up, then run what is pending until nothing is.
#include "base/text.hpp"
#include "engine/callbacks.hpp"
#include "engine/commands.hpp"
#include "engine/recover.hpp"
#include "engine/run_scripts.hpp"
#include "engine/set_up.hpp"
#include "engine/state.hpp"
#include "engine/validate.hpp"
#include "migration/plan.hpp"

#include <algorithm>
#include <ranges>

namespace dunlin {
namespace {

constexpr std::string_view kBaselineSkipped =
    "All configured schemas are empty; baseline operation skipped. A baseline or migration script "
    "with a lower version than the baseline version may execute if available. Check the Schemas "
    "parameter if this is not intended.";

bool has_failed_row(const ValidateReport& report) {
  return std::ranges::any_of(
      report.findings, [](const Finding& finding) { return finding.code.starts_with("FAILED_"); });
}

/// Without a word when all is well: it was said before.
Result<void> validate_again(Session& session) {
  const StateNow now = DUNLIN_TRY(read_state(session, Announce::nothing));
  const ValidateReport report{.findings =
                                  validate(now.info, {.ignore = session.options.migrate.ignore,
                                                      .ignore_pending = true,
                                                      .difference = difference_finder(session)})};
  if (report.findings.empty()) return {};
  return validation_error(report);
}

/// Takes the lock and sees to it that scripts and history fit together, as validateOnMigrate asks.
/// That is found out before, as Flyway does, and once more under the lock if the history has
/// changed until then, or held a failed row: it may have belonged to a script that another dunlin
/// was running.
Result<MigrationLock> lock_and_validate(Session& session) {
  if (!session.options.migrate.validate_on_migrate) return MigrationLock::take(session);
  const ValidateReport report = DUNLIN_TRY(validate_before_migrate(session));
  if (!report.findings.empty() && !has_failed_row(report)) return validation_error(report);
  const auto validated = session.seen;
  auto lock = DUNLIN_TRY(MigrationLock::take(session));
  const auto seen = DUNLIN_TRY(look(session));
  const bool is_as_validated = validated != nullptr && validated->history == seen->history;
  if (!is_as_validated || !report.findings.empty()) DUNLIN_TRY(validate_again(session));
  return lock;
}
Error non_empty(const std::vector<std::string>& names) {
  return {.code = ErrorCode::non_empty_schema,
          .message = fmt::format("Found non-empty schema(s) {} but no schema history table. Use "
                                 "baseline() or set baselineOnMigrate to true to initialize the "
                                 "schema history table.",
                                 join(names, ", ")),
          .hint = "dunlin -baselineVersion=N baseline declares what is there to be version N"};
}

/// Will set_up() refuse a database that was not made by migrations? Not where it makes a schema,
/// which brings the history table with it.
bool will_be_refused(const Session& session, const Sight& seen) {
  const MigrateOptions& options = session.options.migrate;
  const bool makes_one = session.options.schemas.create_schemas &&
                         session.database.dialect() != sql::Dialect::sqlite &&
                         !std::ranges::all_of(seen.schemas, &SchemaState::exists);
  return !makes_one && !seen.has_history && !options.baseline_on_migrate &&
         !options.skip_executing && !std::ranges::all_of(seen.schemas, &SchemaState::empty);
}

/// The snapshot before anything is changed: schemas, the history table and callbacks come after.
/// None is taken where nothing is pending, or where what is there stops the command anyway.
Result<std::string> take_snapshot(Session& session) {
  if (!session.take_snapshot) return std::string();
  const StateNow now = DUNLIN_TRY(read_state(session, Announce::nothing));
  const auto pending = plan(now.info, session.options.migrate.cherry_pick);
  const bool is_stopped = !refuse_failed(session, now.info) || !check_group(session, pending) ||
                          will_be_refused(session, *now.seen);
  return pending.empty() || is_stopped ? std::string() : session.take_snapshot();
}

/// The baseline row with which a database that was not made by migrations starts, if it is wanted.
Result<std::optional<HistoryRow>> first_row(Session& session) {
  const auto seen = DUNLIN_TRY(look(session));
  const auto& states = seen->schemas;
  std::vector<std::string> filled;
  for (std::size_t i = 0; i < states.size(); ++i) {
    if (!states[i].empty) filled.push_back(quoted_schema(session.schemas.names[i]));
  }
  const bool wanted = session.options.migrate.baseline_on_migrate;
  if (filled.empty()) {
    if (wanted) {
      session.listener.hear(
          Event(Note{.level = Note::Level::info, .text = std::string(kBaselineSkipped)}));
    }
    return std::optional<HistoryRow>();
  }
  // Where nothing runs, what is there disturbs nothing; observed with Flyway 11.
  if (session.options.migrate.skip_executing) return std::optional<HistoryRow>();
  if (!wanted) return non_empty(filled);
  const BaselineOptions& options = session.options.baseline;
  const Version version = DUNLIN_TRY(Version::parse(options.version));
  return std::optional(baseline_row(version.text(), options.description));
}

/// Schemas and history table. A schema that is made here brings the table with it, so that what is
/// in the others needs no baseline (observed with Flyway 11, scenario clean-schemas).
Result<void> set_up(Session& session) {
  const std::string created = DUNLIN_TRY(create_schemas(session));
  if (!created.empty()) DUNLIN_TRY(create_history(session, std::nullopt, created));
  const auto seen = DUNLIN_TRY(look(session));
  if (seen->unreadable) return *seen->unreadable;
  if (seen->has_history) return {};
  const auto baseline = DUNLIN_TRY(first_row(session));
  DUNLIN_TRY(create_history(session, baseline, ""));
  if (baseline) session.listener.hear(CommandEvent(Baselined{.version = *baseline->version}));
  return {};
}

bool is_future(State state) noexcept {
  return state == State::future_success || state == State::future_failed;
}

/// Is the migration, in Flyway's words, resolved? A baseline is, though it has no script.
bool is_resolved(const InfoRow& row) noexcept {
  return !is_future(row.state) && row.state != State::missing_success &&
         row.state != State::missing_failed && row.state != State::deleted;
}

void warn_of_future(Session& session, const Info& info) {
  if (std::ranges::none_of(info.rows, is_future, &InfoRow::state) || !info.newest_applied) return;
  const std::string schema = quoted_schema(session.schemas.default_schema);
  const std::string version = info.newest_applied->text();
  auto resolved = info.rows | std::views::reverse | std::views::filter(is_resolved);
  if (resolved.empty()) {
    session.listener.hear(CommandEvent(NoScriptsLeft{.schema = schema, .version = version}));
    return;
  }
  const auto latest =
      std::ranges::find_if(resolved, [](const InfoRow& row) { return row.version.has_value(); });
  if (latest == resolved.end()) return;
  session.listener.hear(CommandEvent(
      NewerThanLatest{.schema = schema, .version = version, .latest = (*latest).version->text()}));
}

/// Runs what is pending; looks again if somebody else has changed the history in between, or after
/// the connection was lost.
Result<void> run_pending(Session& session, MigrateReport& report) {
  for (bool first = true;; first = false) {
    const StateNow now = DUNLIN_TRY(read_state(session, Announce::nothing));
    if (first) say_current(session, now, report);
    warn_of_future(session, now.info);
    // These two are told in the document of a migrate that failed, as with Flyway.
    auto fits = refuse_failed(session, now.info);
    auto pending = plan(now.info, session.options.migrate.cherry_pick);
    // "next" is one script, of whatever kind, or one group; observed with Flyway 11.
    const bool one =
        session.options.migrate.target.kind == Target::Kind::next && !session.options.migrate.group;
    if (one && pending.size() > 1) pending.resize(1);
    if (fits) fits = check_group(session, pending);
    if (!fits) {
      report.error = std::move(fits).error();
      return {};
    }
    if (!pending.empty()) DUNLIN_TRY(session.before_first_change());
    const Next next = run_scripts(session, pending, now, kMigrateFrame, report);
    if (next == Next::done) return {};
  }
}

void say_done(Session& session, const MigrateReport& report) {
  const std::string schema = quoted_schema(session.schemas.default_schema);
  if (report.migrations.empty()) {
    session.listener.hear(CommandEvent(NothingToDo{schema}));
  } else {
    session.listener.hear(CommandEvent(Migrated{.schema = schema,
                                                .count = report.migrations.size(),
                                                .version = report.target_version,
                                                .time = report.time}));
  }
}

Result<MigrateReport> migrate_locked(Session& session) {
  constexpr CommandFrame frame = {CallbackEvent::before_migrate, CallbackEvent::after_migrate,
                                  CallbackEvent::after_migrate_error};
  return framed(session, frame, [&]() -> Result<MigrateReport> {
    const auto start = session.clock.steady();
    MigrateReport report;
    if (auto ran = run_pending(session, report); !ran) {
      if (report.migrations.empty()) return std::move(ran).error();
      report.error = std::move(ran).error();
    }
    report.time = since(session, start);
    if (report.error) return report;
    say_done(session, report);
    if (!report.migrations.empty()) {
      DUNLIN_TRY(run_callbacks(session, CallbackEvent::after_migrate_applied));
    }
    return report;
  });
}

}  // namespace

Result<MigrateReport> migrate(Session& session) {
  return with_tally(session, [&]() -> Result<MigrateReport> {
    DUNLIN_TRY(need_migrations(session.scripts));
    const MigrationLock lock = DUNLIN_TRY(lock_and_validate(session));
    const std::string snapshot = DUNLIN_TRY(take_snapshot(session));
    DUNLIN_TRY(set_up(session));
    auto report = migrate_locked(session);
    if (report) report->snapshot = snapshot;
    return report;
  });
}

}  // namespace dunlin
