#include "base/text.hpp"
#include "engine/callbacks.hpp"
#include "engine/commands.hpp"
#include "engine/state.hpp"

#include <algorithm>

namespace dunlin {

Result<InfoReport> info(Session& session) {
  DUNLIN_TRY(need_migrations(session.scripts));
  constexpr CommandFrame frame = {CallbackEvent::before_info, CallbackEvent::after_info,
                                  CallbackEvent::after_info_error};
  return framed(session, frame, [&]() -> Result<InfoReport> {
    session.seen.reset();
    StateNow now = DUNLIN_TRY(read_state(session, Announce::missing_history));
    if (const auto holder = DUNLIN_TRY(running_elsewhere(session, now))) {
      session.listener.hear(CommandEvent(Warned{fmt::format(
          "a migration is running: the session with pid {} holds the migration lock; what it runs "
          "is shown as failed until it is done",
          *holder)}));
    }
    const auto seen = now.seen;
    InfoReport report{.seen = seen, .info = std::move(now.info)};
    const InfoRow* const current = report.info.current();
    if (current != nullptr && current->version) report.schema_version = current->version->text();
    report.error = session.options.info.error;
    std::erase_if(report.info.rows,
                  [&](const InfoRow& row) { return !passes(row, session.options.info); });
    report.all_schemas_empty = std::ranges::all_of(seen->schemas, &SchemaState::empty);
    return report;
  });
}

}  // namespace dunlin
