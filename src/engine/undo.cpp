#include "base/text.hpp"
#include "engine/callbacks.hpp"
#include "engine/commands.hpp"
#include "engine/run_scripts.hpp"
#include "engine/set_up.hpp"
#include "engine/state.hpp"
#include "migration/plan.hpp"

namespace dunlin {
namespace {

Result<MigrateReport> undo_locked(Session& session) {
  const auto start = session.clock.steady();
  MigrateReport report{.undo = true};
  for (bool again = true; again;) {
    const StateNow now = DUNLIN_TRY(read_state(session, Announce::nothing));
    const InfoRow* const current = now.info.current();
    if (current != nullptr && current->version) report.initial_version = current->version->text();
    const auto chosen =
        DUNLIN_TRY(plan_undo(now.info, session.scripts.migrations, session.options.migrate.target));
    if (!chosen.empty()) DUNLIN_TRY(session.before_first_change());
    again = run_scripts(session, chosen, now, kUndoFrame, report) == Next::read_again;
  }
  report.time = since(session, start);
  if (report.error) return report;
  const StateNow after = DUNLIN_TRY(read_state(session, Announce::nothing));
  const InfoRow* const current = after.info.current();
  report.target_version = current != nullptr && current->version
                              ? std::optional(current->version->text())
                              : std::nullopt;
  session.listener.hear(
      CommandEvent(Migrated{.schema = quoted_schema(session.schemas.default_schema),
                            .count = report.migrations.size(),
                            .version = report.target_version,
                            .time = report.time,
                            .undo = true}));
  return report;
}

}  // namespace

Result<MigrateReport> undo(Session& session) {
  constexpr CommandFrame frame = {CallbackEvent::before_undo, CallbackEvent::after_undo,
                                  CallbackEvent::after_undo_error};
  const MigrationLock lock = DUNLIN_TRY(MigrationLock::take(session));
  if (!DUNLIN_TRY(session.history.exists())) {
    return Error{.code = ErrorCode::no_history,
                 .message = fmt::format("Schema history table {} does not exist, so there is "
                                        "nothing to undo",
                                        session.history.name()),
                 .hint = "check the url, the schemas and the table option"};
  }
  return framed(session, frame, [&] { return undo_locked(session); });
}

}  // namespace dunlin
