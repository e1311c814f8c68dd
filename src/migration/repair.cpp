#include "migration/repair.hpp"

#include "migration/cherry_pick.hpp"

namespace dunlin {
namespace {

bool is_marker(const HistoryRow& row) {
  return row.type == "SCHEMA" || row.type == "BASELINE" || row.type == "DELETE";
}

bool differs(const InfoRow& row) {
  const HistoryRow& applied = *row.applied;
  const Script& script = *row.script;
  // A repeatable with another checksum is outdated, which the next migrate settles.
  const bool other_checksum = row.version && applied.checksum != script.checksum;
  return other_checksum || applied.description != abbreviated(script.description) ||
         applied.type != history_type(script.kind);
}

}  // namespace

RepairPlan plan_repair(const Info& info, std::span<const IgnorePattern> ignore,
                       std::span<const std::string> picks) {
  RepairPlan plan;
  for (const InfoRow& row : info.rows) {
    if (row.applied == nullptr || is_marker(*row.applied)) continue;
    if (!picks.empty() && !pick_of(row, picks)) continue;
    // Above all scripts is gone as well, if the patterns do not say otherwise; by default they do.
    const bool is_gone = row.state == State::missing_success || row.state == State::future_success;
    if (!row.applied->success) {
      plan.removed.push_back(row.applied);
    } else if (is_gone && !any_matches(ignore, row.is_versioned(), row.state)) {
      plan.deleted.push_back(row.applied);
    } else if (row.script != nullptr && row.state != State::undone && differs(row)) {
      plan.aligned.push_back({.row = row.applied, .script = row.script});
    }
  }
  return plan;
}

}  // namespace dunlin
