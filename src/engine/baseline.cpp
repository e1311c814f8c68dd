#include "base/text.hpp"
#include "engine/callbacks.hpp"
#include "engine/commands.hpp"
#include "engine/set_up.hpp"
#include "engine/state.hpp"

#include <algorithm>
#include <optional>

namespace dunlin {
namespace {

std::string marker(std::string_view version, std::string_view description) {
  return fmt::format("({},{})", version, description);
}

/// What a history that is there already means for the baseline that is asked for; nothing if it is
/// to be written.
Result<std::optional<BaselineReport>> compare(Session& session, const HistoryRow& wanted) {
  const auto rows = DUNLIN_TRY(session.history.read());
  const auto found = std::ranges::find(rows, std::string("BASELINE"), &HistoryRow::type);
  const std::string version = *wanted.version;
  if (found != rows.end()) {
    const std::string there = found->version.value_or("");
    if (there == version && found->description == wanted.description) {
      session.listener.hear(CommandEvent(BaselineSkipped{
          .table = session.history.name(), .version = version, .description = wanted.description}));
      return std::optional(BaselineReport{.done = false, .version = version});
    }
    return Error{.code = ErrorCode::validation,
                 .message = fmt::format("Unable to baseline schema history table {} with {} as it "
                                        "has already been baselined with {}",
                                        session.history.name(), marker(version, wanted.description),
                                        marker(there, found->description)),
                 .hint = "a baseline is set once; drop the schema history table to start anew"};
  }
  if (rows.empty()) {
    return Error{
        .code = ErrorCode::validation,
        .message = fmt::format("Unable to baseline schema history table {} as it already exists, "
                               "and is empty",
                               session.history.name()),
        .hint = "drop the schema history table, then run baseline again"};
  }
  const bool only_schema_rows =
      std::ranges::all_of(rows, [](const HistoryRow& row) { return row.type == "SCHEMA"; });
  if (!only_schema_rows) {
    return Error{.code = ErrorCode::validation,
                 .message = fmt::format("Unable to baseline schema history table {} as it already "
                                        "contains migrations",
                                        session.history.name()),
                 .hint =
                     "a baseline only makes sense before the first migration; dunlin info "
                     "shows what is applied"};
  }
  if (version == "0") {
    return Error{.code = ErrorCode::validation,
                 .message = fmt::format("Unable to baseline schema history table {} with version 0 "
                                        "as this version was used for schema creation",
                                        session.history.name()),
                 .hint = "choose a baselineVersion above 0"};
  }
  return std::optional<BaselineReport>();
}

/// Adds the row under the lock, unless the history says something else by then.
Result<BaselineReport> add_row(Session& session, const HistoryRow& wanted) {
  if (auto known = DUNLIN_TRY(compare(session, wanted))) return *std::move(known);
  const MigrationLock lock = DUNLIN_TRY(MigrationLock::take(session));
  if (auto known = DUNLIN_TRY(compare(session, wanted))) return *std::move(known);
  DUNLIN_TRY(session.history.append(wanted));
  session.listener.hear(CommandEvent(Baselined{.version = *wanted.version}));
  return BaselineReport{.done = true, .version = *wanted.version};
}

/// Will schemas or the table have to be made?
Result<bool> must_set_up(Session& session) {
  if (!DUNLIN_TRY(session.history.exists())) return true;
  const auto seen = DUNLIN_TRY(look(session));
  return session.options.schemas.create_schemas &&
         !std::ranges::all_of(seen->schemas, &SchemaState::exists);
}

}  // namespace

Result<BaselineReport> baseline(Session& session) {
  const BaselineOptions& options = session.options.baseline;
  const Version version = DUNLIN_TRY(Version::parse(options.version));
  const HistoryRow wanted = baseline_row(version.text(), options.description);
  DUNLIN_TRY(session.before_first_change());
  session.seen.reset();
  std::optional<MigrationLock> lock;
  if (DUNLIN_TRY(must_set_up(session))) lock.emplace(DUNLIN_TRY(MigrationLock::take(session)));
  const std::string created = DUNLIN_TRY(create_schemas(session));
  constexpr CommandFrame frame = {CallbackEvent::before_baseline, CallbackEvent::after_baseline,
                                  CallbackEvent::after_baseline_error};
  bool made = false;
  if (!DUNLIN_TRY(session.history.exists())) {
    made = DUNLIN_TRY(create_history(session, wanted, created));
  }
  return framed(session, frame, [&]() -> Result<BaselineReport> {
    // With schemas made in the same breath Flyway says that the baseline was there already.
    if (!made || !created.empty()) return add_row(session, wanted);
    session.listener.hear(CommandEvent(Baselined{.version = *wanted.version}));
    return BaselineReport{.done = true, .version = *wanted.version};
  });
}

}  // namespace dunlin
