// The join of scripts and history, in three passes: what each applied row has become (deleted,
// undone, out of order), which script belongs to it, and which state follows from both.
#include "migration/info.hpp"

#include "base/text.hpp"
#include "migration/cherry_pick.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

namespace dunlin {
namespace {

/// An applied row with what later rows say of it.
struct Past {
  const HistoryRow* row = nullptr;
  std::optional<Version> version;
  bool deleted = false;
  bool undone = false;
  bool out_of_order = false;
};

bool is_baseline_type(std::string_view type) {
  return type == "BASELINE" || type.ends_with("_BASELINE");
}
bool is_undo_type(std::string_view type) { return type.starts_with("UNDO_"); }
bool is_synthetic_type(std::string_view type) {
  return type == "BASELINE" || type == "SCHEMA" || type == "DELETE";
}

std::optional<Version> version_of(const HistoryRow& row) {
  if (!row.version) return std::nullopt;
  auto parsed = Version::parse(*row.version);
  return parsed ? std::optional(*std::move(parsed)) : std::nullopt;
}

/// Marks the newest row before `at` that is of the same migration and still stands.
template <class Mark>
void mark_predecessor(std::vector<Past>& past, std::size_t at, Mark mark) {
  const Past& marker = past[at];
  for (std::size_t i = at; i-- > 0;) {
    Past& each = past[i];
    const bool same = marker.version
                          ? each.version == marker.version
                          : !each.version && each.row->description == marker.row->description;
    const bool real = each.row->type != "DELETE" && !is_undo_type(each.row->type);
    if (!same || !real || each.deleted || each.undone) continue;
    mark(each);
    return;
  }
}

std::vector<Past> read_past(std::span<const HistoryRow> applied) {
  std::vector<Past> past;
  past.reserve(applied.size());
  for (const HistoryRow& row : applied) {
    past.push_back({.row = &row, .version = version_of(row)});
    const std::size_t at = past.size() - 1;
    if (!row.success) continue;
    if (row.type == "DELETE") mark_predecessor(past, at, [](Past& each) { each.deleted = true; });
    if (is_undo_type(row.type)) {
      mark_predecessor(past, at, [](Past& each) { each.undone = true; });
    }
  }
  return past;
}

/// Everything the rules look at.
struct Context {
  const InfoOptions* options;
  std::optional<Version> target;  ///< nothing above it runs
  std::optional<Version> newest_applied;
  std::optional<Version> newest_script;
  std::optional<Version> baseline;          ///< the highest of the BASELINE and SQL_BASELINE rows
  std::optional<Version> pending_baseline;  ///< the B script that a new database starts with
  std::map<std::string, std::int32_t, std::less<>> latest_runs;  ///< description -> rank
};

void note_order(std::vector<Past>& past, Context& context) {
  for (Past& each : past) {
    if (!each.version) continue;
    const bool is_baseline = is_baseline_type(each.row->type);
    if (is_baseline && (!context.baseline || *each.version > *context.baseline)) {
      context.baseline = each.version;
    }
    if (is_undo_type(each.row->type)) continue;
    if (context.newest_applied && *each.version <= *context.newest_applied) {
      each.out_of_order = true;
    } else if (!each.deleted && !each.undone && each.row->type != "DELETE") {
      context.newest_applied = each.version;
    }
  }
}

void note_latest_runs(const std::vector<Past>& past, Context& context) {
  for (const Past& each : past) {
    const bool counts = !each.version && !each.deleted && each.row->type != "DELETE";
    if (counts) context.latest_runs[each.row->description] = each.row->installed_rank;
  }
}

State missing_or_future(const Past& past, const Context& context) {
  const bool old =
      !past.version || (context.newest_script && *past.version < *context.newest_script);
  if (old) return past.row->success ? State::missing_success : State::missing_failed;
  return past.row->success ? State::future_success : State::future_failed;
}

State repeatable_state(const Past& past, const Script* script, const Context& context) {
  const auto latest = context.latest_runs.find(past.row->description);
  const bool is_latest =
      latest != context.latest_runs.end() && latest->second == past.row->installed_rank;
  if (!is_latest) return State::superseded;
  const bool same = script == nullptr || script->checksum == past.row->checksum;
  return same ? State::success : State::outdated;
}

bool is_latest_run(const Past& past, const Context& context) {
  const auto latest = context.latest_runs.find(past.row->description);
  return past.version ||
         (latest != context.latest_runs.end() && latest->second == past.row->installed_rank);
}

State unless_failed(const HistoryRow& row, State state) {
  return row.success ? state : State::failed;
}

/// Of a row that a baseline left. One from a B script needs it, as every script's row does.
State baseline_state(const Past& past, const Script* script, const Context& context) {
  const HistoryRow& row = *past.row;
  const bool alone = row.type != "BASELINE" && script == nullptr;
  return alone && row.success ? missing_or_future(past, context)
                              : unless_failed(row, State::baseline);
}

State applied_state(const Past& past, const Script* script, const Context& context) {
  const HistoryRow& row = *past.row;
  if (past.deleted) return State::deleted;
  if (row.type == "DELETE" || row.type == "SCHEMA") return State::success;
  if (past.undone) return State::undone;
  if (is_baseline_type(row.type)) return baseline_state(past, script, context);
  if (script == nullptr && is_undo_type(row.type)) return unless_failed(row, State::success);
  if (script == nullptr && is_latest_run(past, context)) return missing_or_future(past, context);
  if (!row.success) return State::failed;
  if (!past.version) return repeatable_state(past, script, context);
  return past.out_of_order && !is_undo_type(row.type) ? State::out_of_order : State::success;
}

bool is_picked(const Script& script, const InfoOptions& options) {
  return options.cherry_pick.empty() ||
         std::ranges::any_of(options.cherry_pick, [&](const std::string& pick) {
           return names(pick, script.version, script.description);
         });
}

/// The state of a script that a baseline makes superfluous. Only where no version is applied a B
/// script counts, whatever the target.
std::optional<State> settled_by_baseline(const Script& script, const Context& context) {
  const auto& baseline = context.newest_applied ? context.baseline : context.pending_baseline;
  if (!baseline || *script.version > *baseline) return std::nullopt;
  if (*script.version < *baseline) return State::below_baseline;
  const bool starts = script.kind == ScriptKind::baseline && !context.newest_applied;
  return starts && !context.baseline ? State::pending : State::baseline_ignored;
}

bool is_passed_over(const Script& script, const Context& context) {
  return !script.should_execute || !is_picked(script, *context.options);
}

State pending_state(const Script& script, const Context& context) {
  if (is_passed_over(script, context)) return State::ignored;
  if (!script.version) return State::pending;
  if (const auto settled = settled_by_baseline(script, context)) return *settled;
  if (context.target && *script.version > *context.target) return State::above_target;
  // Who picks a script by name wants it in whatever order.
  if (!context.options->cherry_pick.empty()) return State::pending;
  const bool late = context.newest_applied && *script.version < *context.newest_applied;
  if (late && !context.options->out_of_order) return State::ignored;
  return script.kind == ScriptKind::baseline ? State::ignored : State::pending;
}

using Key = std::tuple<std::optional<Version>, std::string_view>;

/// What joins a script and a row: version and type, or the description.
Key key_of(const Script& script) {
  return {script.version, script.version ? history_type(script.kind) : script.description};
}
Key key_of(const Past& past) {
  return {past.version, past.version ? past.row->type : past.row->description};
}

/// Joins rows with scripts; takes out of `pending` what a row settles.
class Joiner {
 public:
  Joiner(std::span<const Script> scripts, const Context& context)
      : context_(context), scripts_(scripts), settled_(scripts.size()) {
    for (const Script& script : scripts) {
      by_key_.emplace_hint(by_key_.end(), key_of(script), &script);  // in order: no search
      if (script.kind == ScriptKind::undo) undo_versions_.insert(*script.version);
    }
  }

  InfoRow join(const Past& past) {
    const Script* const script = find(past);
    const bool settles = !past.deleted && !past.undone && past.row->type != "DELETE" &&
                         (past.version || is_current_run(past, script));
    if (script != nullptr && settles) settled_[index_of(*script)] = true;
    return {.script = script,
            .applied = past.row,
            .version = past.version,
            .state = applied_state(past, script, context_),
            .undoable = past.version && undo_versions_.contains(*past.version)};
  }

  [[nodiscard]] bool is_pending(const Script& script) const {
    return script.kind != ScriptKind::undo && !settled_[index_of(script)];
  }

  [[nodiscard]] InfoRow pending(const Script& script) const {
    return {.script = &script,
            .version = script.version,
            .state = pending_state(script, context_),
            .undoable = script.version && undo_versions_.contains(*script.version),
            .passed_over = is_passed_over(script, context_)};
  }

 private:
  [[nodiscard]] const Script* find(const Past& past) const {
    if (is_synthetic_type(past.row->type) && past.row->type != "DELETE") return nullptr;
    const auto found = by_key_.find(key_of(past));
    return found == by_key_.end() ? nullptr : found->second;
  }
  [[nodiscard]] std::size_t index_of(const Script& script) const {
    return static_cast<std::size_t>(&script - scripts_.data());
  }
  [[nodiscard]] bool is_current_run(const Past& past, const Script* script) const {
    return script != nullptr && is_latest_run(past, context_) &&
           script->checksum == past.row->checksum;
  }

  const Context& context_;
  std::span<const Script> scripts_;
  std::map<Key, const Script*> by_key_;  // the texts of its keys stand in the scripts
  std::set<Version> undo_versions_;
  std::vector<bool> settled_;  // for each of scripts_: a row has made it a thing of the past
};

/// Below-baseline scripts, then what was applied in its order, then the rest in running order.
std::tuple<int, std::int32_t> place(const InfoRow& row) {
  if (row.state == State::below_baseline || row.state == State::baseline_ignored) return {0, 0};
  if (row.applied != nullptr) return {1, row.applied->installed_rank};
  return {2, 0};
}

std::optional<Version> newest(std::span<const Script> scripts) {
  std::optional<Version> result;
  for (const Script& script : scripts) {
    if (script.kind != ScriptKind::versioned && script.kind != ScriptKind::baseline) continue;
    if (!result || *script.version > *result) result = script.version;
  }
  return result;
}

/// The newest B script: no target keeps it back (observed with Flyway 11).
std::optional<Version> pending_baseline(std::span<const Script> scripts) {
  std::optional<Version> result;
  for (const Script& script : scripts) {
    if (script.kind == ScriptKind::baseline) result = script.version;
  }
  return result;
}

/// `target=next` is the first script that would run without a target.
std::optional<Version> next_version(std::span<const Script> scripts, const Joiner& joiner) {
  for (const Script& script : scripts) {
    if (!joiner.is_pending(script) || !script.version) continue;
    if (joiner.pending(script).state == State::pending) return script.version;
  }
  return std::nullopt;
}

}  // namespace

const std::string& InfoRow::description() const noexcept {
  return script != nullptr && applied == nullptr ? script->description : applied->description;
}

std::string_view InfoRow::type() const noexcept {
  return applied != nullptr ? std::string_view(applied->type) : history_type(script->kind);
}

std::string_view InfoRow::category() const noexcept {
  if (is_synthetic_type(type())) return "";
  if (!version) return "Repeatable";
  if (is_undo_type(type())) return "Undo";
  if (is_baseline_type(type())) return "Baseline";
  return "Versioned";
}

const InfoRow* Info::current() const noexcept {
  const InfoRow* best = nullptr;
  const InfoRow* last = nullptr;
  for (const InfoRow& row : rows) {
    const bool stands = traits(row.state).applied && row.state != State::deleted &&
                        row.state != State::undone && row.type() != "DELETE" &&
                        !is_undo_type(row.type());
    if (!stands) continue;
    last = &row;
    if (row.version && (best == nullptr || *row.version > *best->version)) best = &row;
  }
  return best != nullptr ? best : last;
}

Info info(std::span<const Script> scripts, std::span<const HistoryRow> applied,
          const InfoOptions& options) {
  std::vector<Past> past = read_past(applied);
  Context context{.options = &options, .newest_script = newest(scripts)};
  note_order(past, context);
  note_latest_runs(past, context);
  if (options.target.kind == Target::Kind::version) context.target = options.target.version;
  if (options.target.kind == Target::Kind::current) {
    context.target = context.newest_applied ? context.newest_applied : *Version::parse("0");
  }
  context.pending_baseline = pending_baseline(scripts);
  Info result{.newest_applied = context.newest_applied,
              .newest_script = context.newest_script,
              .baseline = context.baseline,
              .any_applied = !applied.empty()};
  result.rows.reserve(std::max(scripts.size(), applied.size()));
  Joiner joiner(scripts, context);
  for (const Past& each : past) {
    // A version's DELETE row only speaks of the row before it; a repeatable's stands in the table.
    if (!each.version || each.row->type != "DELETE") result.rows.push_back(joiner.join(each));
  }
  if (options.target.kind == Target::Kind::next) context.target = next_version(scripts, joiner);
  for (const Script& script : scripts) {
    if (joiner.is_pending(script)) result.rows.push_back(joiner.pending(script));
  }
  if (!std::ranges::is_sorted(result.rows, {}, place)) {
    std::ranges::stable_sort(result.rows, {}, place);
  }
  return result;
}

}  // namespace dunlin
