#include "base/text.hpp"
#include "engine/callbacks.hpp"
#include "engine/commands.hpp"
#include "engine/state.hpp"

#include <algorithm>

namespace dunlin {

Result<InfoReport> info(Session& session) {
  constexpr CommandFrame frame = {CallbackEvent::before_info, CallbackEvent::after_info,
                                  CallbackEvent::after_info_error};
  return framed(session, frame, [&]() -> Result<InfoReport> {
    session.seen.reset();
    auto [seen, joined] = DUNLIN_TRY(read_state(session, Announce::missing_history));
    InfoReport report{.seen = seen, .info = std::move(joined)};
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
