#include "engine/state.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace dunlin {
namespace {

Result<void> check_target(const Info& info, const Target& target) {
  if (target.kind != Target::Kind::version || !target.must_exist) return {};
  const bool known = std::ranges::any_of(info.rows, [&](const InfoRow& row) {
    return row.version && *row.version == *target.version;
  });
  if (known) return {};
  return Error{
      .code = ErrorCode::configuration,
      .message = fmt::format("No migration with a target version {} could be found. "
                             "Ensure target is specified correctly and the migration "
                             "exists.",
                             target.version->text()),
      .hint = fmt::format("write -target={}? if it need not exist", target.version->text())};
}

}  // namespace

Result<StateNow> read_state(Session& session, Announce announce) {
  StateNow now;
  now.history_exists = DUNLIN_TRY(session.history.exists());
  if (!now.history_exists && announce == Announce::missing_history) {
    session.listener.hear(CommandEvent(HistoryMissing{session.history.name()}));
  }
  if (now.history_exists) now.applied = DUNLIN_TRY(session.history.read());
  const MigrateOptions& options = session.options.migrate;
  now.info = info(session.scripts.migrations, now.applied,
                  {.target = options.target,
                   .out_of_order = options.out_of_order,
                   .cherry_pick = options.cherry_pick});
  DUNLIN_TRY(check_target(now.info, options.target));
  return now;
}

}  // namespace dunlin
