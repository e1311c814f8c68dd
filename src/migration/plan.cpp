#include "migration/plan.hpp"

#include "base/text.hpp"
#include "migration/cherry_pick.hpp"

#include <algorithm>
#include <ranges>

namespace dunlin {
namespace {

bool stands(const InfoRow& row) {
  return row.applied != nullptr && row.version && row.applied->type == "SQL" &&
         (row.state == State::success || row.state == State::out_of_order ||
          row.state == State::future_success || row.state == State::missing_success);
}

/// The versions that stand in the database and could be undone, the last applied first.
std::vector<const InfoRow*> standing(const Info& info) {
  std::vector<const InfoRow*> rows;
  for (const InfoRow& row : info.rows) {
    if (stands(row)) rows.push_back(&row);
  }
  std::ranges::sort(rows, std::ranges::greater{},
                    [](const InfoRow* row) { return row->applied->installed_rank; });
  return rows;
}

const Script* undo_script(std::span<const Script> scripts, const Version& version) {
  const auto found = std::ranges::find_if(scripts, [&](const Script& script) {
    return script.kind == ScriptKind::undo && *script.version == version;
  });
  return found == scripts.end() ? nullptr : &*found;
}

Error no_undo_script(const Version& version) {
  return {.code = ErrorCode::validation,
          .message = fmt::format("Unable to undo migration to version {} as no undo migration was "
                                 "found",
                                 version.text()),
          .hint = fmt::format("add U{}__description.sql, or write a new versioned migration that "
                              "takes the change back",
                              version.text())};
}

Error not_applied(std::string_view pick) {
  return {.code = ErrorCode::configuration,
          .message = fmt::format("cherryPick names {}, which is no applied version that could be "
                                 "undone",
                                 pick),
          .hint = "dunlin info shows what is applied"};
}

Result<UndoPlan> plan_picked(const std::vector<const InfoRow*>& rows,
                             std::span<const Script> scripts, std::span<const std::string> picks) {
  UndoPlan plan;
  for (const std::string& pick : picks | std::views::reverse) {
    const auto row = std::ranges::find_if(
        rows, [&](const InfoRow* each) { return names(pick, each->version, each->description()); });
    if (row == rows.end()) return not_applied(pick);
    const Script* const script = undo_script(scripts, *(*row)->version);
    if (script == nullptr) return no_undo_script(*(*row)->version);
    if (!std::ranges::count(plan.scripts, script)) plan.scripts.push_back(script);
  }
  return plan;
}

}  // namespace

std::vector<const Script*> plan(const Info& info, std::span<const std::string> picks) {
  std::vector<const InfoRow*> chosen;
  for (const InfoRow& row : info.rows) {
    if (row.applied == nullptr && row.state == State::pending) chosen.push_back(&row);
  }
  if (!picks.empty()) {
    std::ranges::stable_sort(chosen, {}, [&](const InfoRow* row) { return pick_of(*row, picks); });
  }
  std::vector<const Script*> scripts;
  scripts.reserve(chosen.size());
  for (const InfoRow* const row : chosen) scripts.push_back(row->script);
  return scripts;
}

Result<UndoPlan> plan_undo(const Info& info, std::span<const Script> scripts,
                           const UndoOptions& options) {
  const auto rows = standing(info);
  if (!options.cherry_pick.empty()) return plan_picked(rows, scripts, options.cherry_pick);
  const bool far = options.target.kind == Target::Kind::version;
  UndoPlan plan;
  for (const InfoRow* const row : rows) {
    const Version& version = *row->version;
    if (far ? version < *options.target.version : !plan.scripts.empty()) break;
    const Script* const script = undo_script(scripts, version);
    if (script == nullptr && plan.scripts.empty()) return no_undo_script(version);
    if (script == nullptr) {
      plan.stopped_at = version;
      break;
    }
    plan.scripts.push_back(script);
  }
  return plan;
}

}  // namespace dunlin
