#include "base/text.hpp"
#include "engine/callbacks.hpp"
#include "engine/commands.hpp"
#include "engine/set_up.hpp"

#include <algorithm>
#include <ranges>

namespace dunlin {
namespace {

using Phase = Cleaned::Phase;

/// The schemas that the history says were made by a migrator: they are dropped, not emptied.
Result<std::vector<std::string>> schemas_made(Session& session) {
  std::vector<std::string> made;
  if (!DUNLIN_TRY(session.history.exists())) {
    session.listener.hear(CommandEvent(HistoryMissing{session.history.name()}));
    return made;
  }
  const auto rows = DUNLIN_TRY(session.history.read());
  for (const HistoryRow& row : rows) {
    if (row.type != "SCHEMA") continue;
    for (const std::string& name : session.schemas.names) {
      if (row.script.contains(quoted_schema(name))) made.push_back(name);
    }
  }
  return made;
}

void say(Session& session, Phase phase, const std::string& schema,
         std::chrono::steady_clock::time_point start) {
  session.listener.hear(
      CommandEvent(Cleaned{.phase = phase, .schema = schema, .time = since(session, start)}));
}

Result<void> empty_schema(Session& session, const std::string& name) {
  const auto start = session.clock.steady();
  const auto statements = DUNLIN_TRY(session.database.clean_statements(name));
  if (!statements.empty()) DUNLIN_TRY(session.database.query(statements));
  say(session, Phase::schema, quoted_schema(name), start);
  return {};
}

Result<CleanReport> clean_all(Session& session) {
  const auto start = session.clock.steady();
  // Not under a migration that runs.
  const MigrationLock lock = DUNLIN_TRY(MigrationLock::take(session));
  CleanReport report;
  const auto made = DUNLIN_TRY(schemas_made(session));
  const auto states = DUNLIN_TRY(session.database.schemas(session.schemas.names));
  DUNLIN_TRY(session.before_first_change());
  session.known = {};
  say(session, Phase::before_schemas, "", start);
  for (std::size_t i = 0; i < states.size(); ++i) {
    const std::string& name = session.schemas.names[i];
    if (!states[i].exists) {
      session.listener.hear(CommandEvent(UnknownSchema{quoted_schema(name)}));
      continue;
    }
    report.cleaned.push_back(name);
    DUNLIN_TRY(empty_schema(session, name));
  }
  // Once more in the other direction: an object of one schema may have held one of another.
  for (const std::string& name : report.cleaned | std::views::reverse) {
    DUNLIN_TRY(empty_schema(session, name));
  }
  say(session, Phase::after_schemas, "", start);
  for (const std::string& name : report.cleaned) {
    if (!std::ranges::count(made, name)) continue;
    const std::vector batch = {session.database.drop_schema(name)};
    DUNLIN_TRY(session.database.query(batch));
    say(session, Phase::dropped, quoted_schema(name), start);
    report.dropped.push_back(name);
  }
  std::erase_if(report.cleaned,
                [&](const std::string& name) { return std::ranges::count(report.dropped, name); });
  session.history.forget();
  session.seen.reset();
  return report;
}

}  // namespace

Result<CleanReport> clean(Session& session) {
  if (session.options.clean_disabled) {
    return Error{.code = ErrorCode::clean_disabled,
                 .message =
                     "Unable to execute clean as it has been disabled with the "
                     "'flyway.cleanDisabled' property.",
                 .hint = "clean drops everything in the schemas; -cleanDisabled=false allows it"};
  }
  constexpr CommandFrame frame = {CallbackEvent::before_clean, CallbackEvent::after_clean,
                                  CallbackEvent::after_clean_error};
  return framed(session, frame, [&] { return clean_all(session); });
}

}  // namespace dunlin
