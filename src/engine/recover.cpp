#include "engine/recover.hpp"

#include "base/text.hpp"
#include "engine/callbacks.hpp"
#include "engine/prepare.hpp"

#include <algorithm>
#include <map>

namespace dunlin {
namespace {

/// Losses without anything applied in between; then it is no accident.
constexpr int kMostReconnections = 3;

using RowsByScript = std::map<std::string_view, const HistoryRow*>;

/// The rows that are new since `before` was read; the newest of a script.
RowsByScript new_rows(const Sight& before, const Sight& now) {
  RowsByScript rows;
  for (const HistoryRow& row : now.history) {
    const bool is_old =
        !before.history.empty() && row.installed_rank <= before.history.back().installed_rank;
    if (!is_old) rows[row.script] = &row;
  }
  return rows;
}

const HistoryRow* row_for(const RowsByScript& rows, const Session& session, const Script& script) {
  const auto found = rows.find(script.name);
  if (found == rows.end()) return nullptr;
  const HistoryRow wanted = row_of(session, script);
  const HistoryRow& row = *found->second;
  const bool is_its =
      row.type == wanted.type && row.version == wanted.version && row.checksum == wanted.checksum;
  return is_its ? &row : nullptr;
}

bool holds(const Sight& sight, const HistoryRow& row) {
  const auto at =
      std::ranges::lower_bound(sight.history, row.installed_rank, {}, &HistoryRow::installed_rank);
  return at != sight.history.end() && *at == row;
}

/// The first script whose row is missing though it was read or reported; empty if there is none. A
/// row that said failed may have been that of a script which somebody else was running.
std::string missing(const Session& session, const Sight& now) {
  const Known& known = session.known;
  for (const HistoryRow& row : known.read->history)
    if (row.success && !holds(now, row)) return row.script;
  const auto rows = new_rows(*known.read, now);
  for (const Script* script : known.applied) {
    const HistoryRow* const row = row_for(rows, session, *script);
    if (row == nullptr || !row->success) return script->name;
  }
  return "";
}

/// One try to be where the session was.
Result<void> come_back(Session& session) {
  session.seen.reset();
  DUNLIN_TRY(session.database.reconnect(session.listener));
  DUNLIN_TRY(run_callbacks(session, CallbackEvent::after_connect));
  if (session.holds_lock) DUNLIN_TRY(lock_database(session));
  if (session.known.read == nullptr) return {};
  auto seen =
      std::make_shared<const Sight>(DUNLIN_TRY(session.history.look(session.schemas.names)));
  if (const std::string script = missing(session, *seen); !script.empty()) {
    return Error{
        .code = ErrorCode::history_conflict,
        .message = fmt::format(
            "the server that answers now lacks the history row of {}, which was applied", script),
        .hint =
            "look with dunlin info what the server holds, and what was lost in a failover, "
            "before anything is run"};
  }
  session.seen = seen;
  session.known = {.read = std::move(seen), .applied = {}};
  return {};
}

Result<Settled> settle(Session& session, const InFlight& sent, const Error& lost) {
  const auto rows = new_rows(*sent.before, *session.seen);
  Settled settled;
  for (std::size_t at = 0; at < sent.scripts.size(); ++at) {
    const Script& script = *sent.scripts[at];
    const HistoryRow* const row = row_for(rows, session, script);
    const bool is_unsure = row == nullptr ? at < sent.unsure : !row->success;
    if (is_unsure) {
      settled.in_doubt = not_known(lost, script.name,
                                   "look what it has done and undo that by hand; then dunlin "
                                   "repair takes its failed row out of the history");
      break;
    }
    if (row != nullptr) {
      settled.applied.push_back({&script, std::chrono::milliseconds(row->execution_time)});
    }
  }
  // Others see a commit before it is on disk.
  if (!settled.applied.empty()) DUNLIN_TRY(session.database.make_durable());
  return settled;
}

/// What has been applied, where the connection was lost; any other error as it is.
Error told(Error error, const Tally& tally, std::string_view done) {
  if (error.code != ErrorCode::database_unreachable) return error;
  error.message += tally.count == 0
                       ? fmt::format("; nothing is known to be {} by this run", done)
                       : fmt::format("; known to be {} by this run: {} script{}, the last is {}",
                                     done, tally.count, tally.count == 1 ? "" : "s", tally.last);
  return error;
}

}  // namespace

Result<void> lock_database(Session& session) {
  return session.database.lock(
      {.table = session.history.table(), .retries = session.options.migrate.lock_retry_count},
      session.listener);
}

Result<void> recover(Session& session, const Error& lost) {
  if (!session.database.is_lost() || lost.code != ErrorCode::database_unreachable) return lost;
  while (session.reconnections++ < kMostReconnections) {
    session.listener.hear(
        Event(Note{.level = Note::Level::warning, .text = lost.message + "; connecting again"}));
    const auto back = come_back(session);
    if (back) return {};
    const Error& why = back.error();
    if (why.code == ErrorCode::interrupted) return why;
    if (why.sqlstate == "08006") continue;  // lost again
    Error error = lost;
    error.message += "; " + why.message;
    if (!why.hint.empty()) error.hint = why.hint;
    return error;
  }
  return lost;
}

Error not_known(Error lost, std::string_view whose, std::string_view hint) {
  lost.message += fmt::format("; what became of {} is not known", whose);
  lost.hint = hint;
  return lost;
}

Result<Settled> find_out(Session& session, const InFlight& sent, const Error& lost) {
  while (true) {
    DUNLIN_TRY(recover(session, lost));
    auto settled = settle(session, sent, lost);
    if (settled || !session.database.is_lost()) return settled;
  }
}

Result<MigrateReport> with_tally(Session& session,
                                 const std::function<Result<MigrateReport>()>& command,
                                 std::string_view done) {
  session.tally = {};
  auto report = command();
  if (!report) return told(std::move(report).error(), session.tally, done);
  if (report->error) report->error = told(*std::move(report->error), session.tally, done);
  return report;
}

}  // namespace dunlin
