#include "migration/repair.hpp"

#include "base/text.hpp"
#include "engine/callbacks.hpp"
#include "engine/commands.hpp"
#include "engine/entry.hpp"
#include "engine/set_up.hpp"
#include "engine/state.hpp"
#include "migration/cherry_pick.hpp"

#include <algorithm>
#include <optional>

namespace dunlin {
namespace {

void announce(Session& session, const RepairPlan& plan) {
  if (plan.removed.empty()) {
    session.listener.hear(CommandEvent(RepairRemoved{.table = session.history.name(), .count = 0}));
  }
  for (const HistoryRow* row : plan.removed) {
    session.listener.hear(CommandEvent(RepairRowRemoved{
        .version = row->version, .description = row->description, .script = row->script}));
  }
  for (const HistoryRow* row : plan.deleted) {
    session.listener.hear(
        CommandEvent(RepairDeleted{.version = row->version, .description = row->description}));
  }
  for (const auto& [row, script] : plan.aligned) {
    session.listener.hear(
        CommandEvent(RepairAligned{.version = row->version.value_or(""),
                                   .description = script->description,
                                   .type = std::string(history_type(script->kind)),
                                   .checksum = fmt::format("{}", script->checksum)}));
  }
}

std::vector<HistoryRow> without(std::vector<HistoryRow> rows,
                                const std::vector<const HistoryRow*>& removed) {
  std::erase_if(rows, [&](const HistoryRow& row) {
    return std::ranges::count(removed, row.installed_rank, &HistoryRow::installed_rank) > 0;
  });
  return rows;
}

RepairReport report_of(const RepairPlan& plan) {
  RepairReport report;
  for (const HistoryRow* row : plan.removed) report.removed.push_back(entry_of(*row));
  for (const HistoryRow* row : plan.deleted) report.deleted.push_back(entry_of(*row));
  for (const auto& [row, script] : plan.aligned) {
    report.aligned.push_back(entry_of(*script));
    report.aligned.back().description = row->description;  // as it was, with Flyway
  }
  return report;
}

/// A plan, and the rows that it points into.
struct Repair {
  std::vector<HistoryRow> applied, standing;
  RepairPlan plan;
  [[nodiscard]] bool changes_something() const {
    return !plan.removed.empty() || !plan.deleted.empty() || !plan.aligned.empty();
  }
};

Result<Repair> find_repair(Session& session) {
  // A target says how far migrate goes; the history is repaired as a whole.
  Repair found{.applied = DUNLIN_TRY(session.history.read())};
  const Info joined = info(session.scripts.migrations, found.applied, {.out_of_order = true});
  const auto& picks = session.options.migrate.cherry_pick;
  DUNLIN_TRY(check_picks(joined, picks));
  const auto& ignore = session.options.migrate.ignore;
  const auto removed = plan_repair(joined, ignore, picks).removed;
  // A repeatable's earlier run comes to light once the failed one is gone, as with Flyway.
  found.standing = without(found.applied, removed);
  const Info rest = info(session.scripts.migrations, found.standing, {.out_of_order = true});
  found.plan = plan_repair(rest, ignore, picks);
  found.plan.removed = removed;
  return found;
}

/// Repairs under the lock: a row that says failed may be that of a script which somebody runs right
/// now. What needs no repair needs no lock either (Flyway 11 takes none, scenario lock-waits).
Result<RepairReport> repair_history(Session& session) {
  Repair found = DUNLIN_TRY(find_repair(session));
  std::optional<MigrationLock> lock;
  if (found.changes_something()) {
    lock.emplace(DUNLIN_TRY(MigrationLock::take(session)));
    found = DUNLIN_TRY(find_repair(session));
  }
  announce(session, found.plan);
  DUNLIN_TRY(session.before_first_change());
  session.seen.reset();
  session.known = {};
  DUNLIN_TRY(session.history.repair(found.plan));
  return report_of(found.plan);
}

}  // namespace

Result<RepairReport> repair(Session& session) {
  DUNLIN_TRY(need_migrations(session.scripts));
  constexpr CommandFrame frame = {CallbackEvent::before_repair, CallbackEvent::after_repair,
                                  CallbackEvent::after_repair_error};
  return framed(session, frame, [&]() -> Result<RepairReport> {
    const auto start = session.clock.steady();
    const bool exists = DUNLIN_TRY(session.history.exists());
    RepairReport report;
    if (exists) {
      report = DUNLIN_TRY(repair_history(session));
    } else {
      session.listener.hear(CommandEvent(HistoryMissing{session.history.name()}));
    }
    session.listener.hear(CommandEvent(Repaired{.table = session.history.name(),
                                                .table_exists = exists,
                                                .any_deleted = !report.deleted.empty(),
                                                .time = since(session, start)}));
    return report;
  });
}

}  // namespace dunlin
