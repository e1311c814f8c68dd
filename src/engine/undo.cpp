#include "base/text.hpp"
#include "engine/callbacks.hpp"
#include "engine/commands.hpp"
#include "engine/recover.hpp"
#include "engine/run_scripts.hpp"
#include "engine/set_up.hpp"
#include "engine/state.hpp"
#include "migration/plan.hpp"

namespace dunlin {
namespace {

/// Runs the undo scripts; looks again as migrate does.
Result<void> run_plan(Session& session, MigrateReport& report) {
  for (bool first = true, again = true; again; first = false) {
    const StateNow now = DUNLIN_TRY(read_state(session, Announce::nothing));
    if (first) say_current(session, now, report);
    DUNLIN_TRY(refuse_failed(session, now.info));
    const auto plan = DUNLIN_TRY(plan_undo(now.info, session.scripts.migrations,
                                           {.target = session.options.migrate.target,
                                            .cherry_pick = session.options.migrate.cherry_pick}));
    DUNLIN_TRY(check_group(session, plan.scripts));
    if (!plan.scripts.empty()) DUNLIN_TRY(session.before_first_change());
    again = run_scripts(session, plan.scripts, now, kUndoFrame, report) == Next::read_again;
    if (plan.stopped_at && !again && !report.error) {
      session.listener.hear(CommandEvent(Warned{fmt::format(
          "undo ends here: version {} has no undo migration", plan.stopped_at->text())}));
    }
  }
  return {};
}

Result<MigrateReport> undo_locked(Session& session) {
  const auto start = session.clock.steady();
  MigrateReport report{.undo = true};
  if (auto ran = run_plan(session, report); !ran) {
    if (report.migrations.empty()) return std::move(ran).error();
    report.error = std::move(ran).error();
  }
  report.time = since(session, start);
  if (report.error) return report;
  const StateNow after = DUNLIN_TRY(read_state(session, Announce::nothing));
  const InfoRow* const current = after.info.current();
  report.target_version = current != nullptr && current->version
                              ? std::optional(current->version->text())
                              : std::nullopt;
  const std::string schema = quoted_schema(session.schemas.default_schema);
  if (report.migrations.empty()) {
    session.listener.hear(CommandEvent(NothingToDo{.schema = schema, .undo = true}));
    return report;
  }
  session.listener.hear(CommandEvent(Migrated{.schema = schema,
                                              .count = report.migrations.size(),
                                              .version = report.target_version,
                                              .time = report.time,
                                              .undo = true}));
  return report;
}

Result<MigrateReport> undo_under_lock(Session& session) {
  constexpr CommandFrame frame = {CallbackEvent::before_undo, CallbackEvent::after_undo,
                                  CallbackEvent::after_undo_error};
  DUNLIN_TRY(need_migrations(session.scripts));
  const MigrationLock lock = DUNLIN_TRY(MigrationLock::take(session));
  const auto seen = DUNLIN_TRY(look(session));
  if (seen->unreadable) return *seen->unreadable;
  if (!seen->has_history) {
    return Error{.code = ErrorCode::no_history,
                 .message = fmt::format("Schema history table {} does not exist, so there is "
                                        "nothing to undo",
                                        session.history.name()),
                 .hint = "check the url, the schemas and the table option"};
  }
  return framed(session, frame, [&] { return undo_locked(session); });
}

}  // namespace

Result<MigrateReport> undo(Session& session) {
  return with_tally(session, [&] { return undo_under_lock(session); }, "undone");
}

}  // namespace dunlin
