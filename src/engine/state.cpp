#include "engine/state.hpp"

#include "base/text.hpp"
#include "engine/recover.hpp"
#include "migration/cherry_pick.hpp"

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

Result<std::shared_ptr<const Sight>> look(Session& session) {
  while (!session.seen) {
    auto sight = session.history.look(session.schemas.names);
    if (sight) {
      session.seen = std::make_shared<const Sight>(*std::move(sight));
      session.known = {.read = session.seen, .applied = {}};
    } else {
      DUNLIN_TRY(recover(session, sight.error()));
    }
  }
  return session.seen;
}

SchemaState default_schema_state(const Session& session, const Sight& sight) {
  const auto& names = session.schemas.names;
  const auto at = std::ranges::find(names, session.schemas.default_schema) - names.begin();
  return sight.schemas.at(static_cast<std::size_t>(at));
}

Result<StateNow> read_state(Session& session, Announce announce,
                            std::shared_ptr<const Sight> seen) {
  StateNow now{.seen = seen ? std::move(seen) : DUNLIN_TRY(look(session)), .info = {}};
  if (now.seen->unreadable) return *now.seen->unreadable;
  if (!now.seen->has_history && announce == Announce::missing_history) {
    session.listener.hear(CommandEvent(HistoryMissing{session.history.name()}));
  }
  const MigrateOptions& options = session.options.migrate;
  now.info = info(session.scripts.migrations, now.seen->history,
                  {.target = options.target,
                   .out_of_order = options.out_of_order,
                   .cherry_pick = options.cherry_pick});
  DUNLIN_TRY(check_target(now.info, options.target));
  DUNLIN_TRY(check_picks(now.info, options.cherry_pick));
  return now;
}

Result<std::optional<int>> running_elsewhere(Session& session, StateNow& now) {
  const auto is_failed = [](const InfoRow& row) { return traits(row.state).failed; };
  if (std::ranges::none_of(now.info.rows, is_failed)) return std::optional<int>();
  const auto holder = DUNLIN_TRY(session.database.lock_holder(session.history.table()));
  if (holder) return holder;
  session.seen.reset();
  now = DUNLIN_TRY(read_state(session, Announce::nothing));
  return holder;
}

void say_current(Session& session, const StateNow& now, MigrateReport& report) {
  const InfoRow* const current = now.info.current();
  if (current != nullptr && current->version) report.initial_version = current->version->text();
  session.listener.hear(
      CommandEvent(CurrentVersion{.schema = quoted_schema(session.schemas.default_schema),
                                  .version = report.initial_version,
                                  .any_applied = current != nullptr}));
  if (session.options.migrate.out_of_order) {
    session.listener.hear(
        CommandEvent(OutOfOrderActive{quoted_schema(session.schemas.default_schema)}));
  }
}

Result<void> refuse_failed(const Session& session, const Info& info) {
  for (const InfoRow& row : info.rows) {
    if (!traits(row.state).failed || row.state == State::future_failed) continue;
    const std::string schema = quoted_schema(session.schemas.default_schema);
    return Error{
        .code = ErrorCode::migration_failed,
        .message = row.version
                       ? fmt::format("Schema {} contains a failed migration to version {} !",
                                     schema, row.version->text())
                       : fmt::format("Schema {} contains a failed repeatable migration (\"{}\") !",
                                     schema, row.description()),
        .hint =
            "undo by hand what it left half done, then take it out of the history with dunlin "
            "repair"};
  }
  return {};
}

}  // namespace dunlin
