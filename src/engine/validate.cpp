#include "engine/validate.hpp"

#include "base/text.hpp"
#include "engine/callbacks.hpp"
#include "engine/commands.hpp"
#include "engine/prepare.hpp"
#include "engine/scripts.hpp"
#include "engine/state.hpp"

#include <algorithm>
#include <optional>

namespace dunlin {
namespace {

/// A failed row whose script somebody runs right now is nothing to repair.
void say_running(ValidateReport& report, int holder) {
  for (Finding& finding : report.findings) {
    if (!finding.code.starts_with("FAILED_")) continue;
    finding.message = fmt::format(
        "Detected {} that is running: the session with pid {} holds the migration lock.\nWait "
        "until "
        "it has ended, then validate again.",
        finding.version.empty()
            ? fmt::format("repeatable migration {}", finding.description)
            : fmt::format("migration to version {} ({})", finding.version, finding.description),
        holder);
  }
}

Result<ValidateReport> check(Session& session, Pending pending) {
  const auto seen = DUNLIN_TRY(look(session));
  if (!default_schema_state(session, *seen).exists) {
    // One pattern has to forgive both kinds (observed with Flyway 11).
    const bool forgiven =
        std::ranges::any_of(session.options.migrate.ignore, [](const IgnorePattern& each) {
          return each.matches(true, State::pending) && each.matches(false, State::pending);
        });
    if (session.scripts.migrations.empty() || pending == Pending::ignored || forgiven) {
      return ValidateReport{};
    }
    return ValidateReport{
        .findings = {{.code = "SCHEMA_DOES_NOT_EXIST",
                      .message = fmt::format("Schema {} doesn't exist yet",
                                             quoted_schema(session.schemas.default_schema))}}};
  }
  const auto start = session.clock.steady();
  DUNLIN_TRY(run_callbacks(session, CallbackEvent::before_validate));
  const bool is_as_seen = callbacks_of(session.scripts, CallbackEvent::before_validate).empty();
  StateNow now =
      DUNLIN_TRY(read_state(session, Announce::missing_history, is_as_seen ? seen : nullptr));
  // migrate itself waits for the lock before it believes in a failed row.
  std::optional<int> holder;
  if (pending == Pending::reported) holder = DUNLIN_TRY(running_elsewhere(session, now));
  ValidateReport report{
      .findings = validate(now.info, {.ignore = session.options.migrate.ignore,
                                      .ignore_pending = pending == Pending::ignored,
                                      .difference = difference_finder(session)}),
      .validated = now.info.rows.size(),
      .nothing_found = now.info.rows.empty()};
  if (holder) say_running(report, *holder);
  if (!report.findings.empty()) {
    (void)after_error(session, CallbackEvent::after_validate_error, Error{});
    return report;
  }
  const auto time =
      std::chrono::duration_cast<std::chrono::milliseconds>(session.clock.steady() - start);
  session.listener.hear(CommandEvent(Validated{.count = report.validated, .time = time}));
  if (report.nothing_found) session.listener.hear(CommandEvent(NothingFound{}));
  DUNLIN_TRY(run_callbacks(session, CallbackEvent::after_validate));
  return report;
}

}  // namespace

Result<ValidateReport> validate(Session& session) {
  session.seen.reset();
  DUNLIN_TRY(need_migrations(session.scripts));
  return check(session, Pending::reported);
}

Result<ValidateReport> validate_before_migrate(Session& session) {
  return check(session, Pending::ignored);
}

std::function<std::string(const Script&, std::int32_t)> difference_finder(const Session& session) {
  return [&session](const Script& script, std::int32_t applied) {
    return difference_of(script, applied, session.options.scripts);
  };
}

Error validation_error(const ValidateReport& report) {
  Error error{.code = ErrorCode::validation,
              .message = "Validate failed: Migrations have failed validation",
              .hint = "see what each line says; dunlin info shows where every migration stands"};
  for (const Finding& finding : report.findings) {
    if (!error.excerpt.empty()) error.excerpt += '\n';
    error.excerpt += finding.message;
    if (!finding.difference.empty()) error.excerpt += '\n' + finding.difference;
  }
  return error;
}

}  // namespace dunlin
