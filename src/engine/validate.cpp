#include "engine/validate.hpp"

#include "base/text.hpp"
#include "engine/callbacks.hpp"
#include "engine/commands.hpp"
#include "engine/state.hpp"

#include <array>

namespace dunlin {
namespace {

Result<ValidateReport> check(Session& session, Pending pending) {
  const std::array names = {session.schemas.default_schema};
  const auto schema = DUNLIN_TRY(session.database.schemas(names)).front();
  if (!schema.exists) {
    if (session.scripts.migrations.empty() || pending == Pending::ignored) return ValidateReport{};
    return ValidateReport{.findings = {{.code = "SCHEMA_DOES_NOT_EXIST",
                                        .message = fmt::format("Schema {} doesn't exist yet",
                                                               quoted_schema(names.front()))}}};
  }
  const auto start = session.clock.steady();
  DUNLIN_TRY(run_callbacks(session, CallbackEvent::before_validate));
  const StateNow now = DUNLIN_TRY(read_state(session, Announce::missing_history));
  ValidateReport report{
      .findings = validate(now.info, {.ignore = session.options.migrate.ignore,
                                      .ignore_pending = pending == Pending::ignored}),
      .validated = now.info.rows.size()};
  if (!report.findings.empty()) {
    (void)after_error(session, CallbackEvent::after_validate_error, Error{});
    return report;
  }
  const auto time =
      std::chrono::duration_cast<std::chrono::milliseconds>(session.clock.steady() - start);
  session.listener.hear(CommandEvent(Validated{.count = report.validated, .time = time}));
  if (report.validated == 0) session.listener.hear(CommandEvent(NothingFound{}));
  DUNLIN_TRY(run_callbacks(session, CallbackEvent::after_validate));
  return report;
}

}  // namespace

Result<ValidateReport> validate(Session& session) { return check(session, Pending::reported); }

Result<ValidateReport> validate_before_migrate(Session& session) {
  return check(session, Pending::ignored);
}

Error validation_error(const ValidateReport& report) {
  Error error{.code = ErrorCode::validation,
              .message = "Validate failed: Migrations have failed validation",
              .hint = "see what each line says; dunlin info shows where every migration stands"};
  for (const Finding& finding : report.findings) {
    if (!error.excerpt.empty()) error.excerpt += '\n';
    error.excerpt += finding.message;
  }
  return error;
}

}  // namespace dunlin
