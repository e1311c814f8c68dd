#include "base/text.hpp"
#include "engine/callbacks.hpp"
#include "engine/commands.hpp"
#include "engine/set_up.hpp"
#include "engine/state.hpp"

#include <algorithm>
#include <optional>
#include <ranges>

namespace dunlin {
namespace {

constexpr std::string_view kSchemasAreNotMade =
    "The configuration option 'createSchemas' is false.\n"
    "Even though Flyway is configured not to create any schemas, the schema history table still "
    "needs a schema to reside in.\n"
    "You must manually create a schema for the schema history table to reside in.\n"
    "See https://documentation.red-gate.com/fd/flyway-create-schemas-setting-277578976.html";

std::string marker(std::string_view version, std::string_view description) {
  return fmt::format("({},{})", version, description);
}

Error refused(const Session& session, std::string_view why, std::string hint) {
  return {.code = ErrorCode::validation,
          .message = fmt::format("Unable to baseline schema history table {} {}",
                                 session.history.name(), why),
          .hint = std::move(hint)};
}

/// A baseline row stands first, or behind the one of the schemas.
const HistoryRow* baseline_of(const std::vector<HistoryRow>& rows) {
  const auto first = rows | std::views::take(2);
  const auto found = std::ranges::find(first, std::string("BASELINE"), &HistoryRow::type);
  return found == first.end() ? nullptr : &*found;
}

/// What a history that is there already means for the baseline that is asked for: it is the same,
/// or there is none to be had (observed with Flyway 11).
Result<BaselineReport> compare(Session& session, const HistoryRow& wanted) {
  const auto rows = DUNLIN_TRY(session.history.read());
  const std::string version = *wanted.version;
  if (const HistoryRow* const found = baseline_of(rows)) {
    const std::string there = found->version.value_or("");
    if (there == version && found->description == wanted.description) {
      session.listener.hear(CommandEvent(BaselineSkipped{
          .table = session.history.name(), .version = version, .description = wanted.description}));
      return BaselineReport{.done = false, .version = version};
    }
    return refused(
        session,
        fmt::format("with {} as it has already been baselined with {}",
                    marker(version, wanted.description), marker(there, found->description)),
        "a baseline is set once; drop the schema history table to start anew");
  }
  if (rows.empty()) {
    return refused(session, "as it already exists, and is empty",
                   "drop the schema history table, then run baseline again");
  }
  if (version == "0" && std::ranges::count(rows, std::string("SCHEMA"), &HistoryRow::type) > 0) {
    return refused(session, "with version 0 as this version was used for schema creation",
                   "choose a baselineVersion above 0");
  }
  return refused(session, "as it already contains migrations",
                 "a baseline only makes sense before the first migration; dunlin info shows what "
                 "is applied");
}

/// Without createSchemas there is only a warning, also where the schema is there: as with Flyway.
Result<std::string> make_schemas(Session& session) {
  if (session.options.schemas.create_schemas) return create_schemas(session);
  session.listener.hear(CommandEvent(WarnedAside{std::string(kSchemasAreNotMade)}));
  return std::string();
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
  const std::string created = DUNLIN_TRY(make_schemas(session));
  constexpr CommandFrame frame = {CallbackEvent::before_baseline, CallbackEvent::after_baseline,
                                  CallbackEvent::after_baseline_error};
  bool made = false;
  if (!DUNLIN_TRY(session.history.exists())) {
    made = DUNLIN_TRY(create_history(session, wanted, created));
  }
  return framed(session, frame, [&]() -> Result<BaselineReport> {
    // With schemas made in the same breath Flyway says that the baseline was there already.
    if (!made || !created.empty()) return compare(session, wanted);
    session.listener.hear(CommandEvent(Baselined{.version = *wanted.version}));
    return BaselineReport{.done = true, .version = *wanted.version};
  });
}

}  // namespace dunlin
