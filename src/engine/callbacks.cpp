#include "engine/callbacks.hpp"

#include "base/text.hpp"
#include "engine/prepare.hpp"

namespace dunlin {
namespace {

/// "beforeMigrate" of "beforeMigrate - x".
std::string_view event_name(std::string_view callback) {
  return callback.substr(0, callback.find(' '));
}

}  // namespace

Error worded(const Outcome& outcome) {
  Error error = *outcome.error;
  if (error.code == ErrorCode::interrupted || error.code == ErrorCode::database_unreachable) {
    return error;
  }
  if (!outcome.before_running && !outcome.file.empty()) {
    error.message =
        fmt::format("Failed to execute script {}: {}", file_name_of(outcome.file), error.message);
  }
  if (!outcome.callback.empty()) {
    error.message = fmt::format("Error while executing {} callback: {}",
                                event_name(outcome.callback), error.message);
  }
  return error;
}

Result<void> run_callbacks(Session& session, CallbackEvent event) {
  StepList steps;
  for (const Callback* callback : callbacks_of(session.scripts, event)) {
    steps.add([&session, callback] { return prepare(session, *callback); });
  }
  if (steps.size() == 0) return {};
  session.seen.reset();
  const auto outcomes =
      session.database.apply(steps,
                             {.history = session.history.table(),
                              .default_schema = session.schemas.default_schema,
                              .error_overrides = session.options.migrate.error_overrides},
                             session.listener);
  if (outcomes.empty() || !outcomes.back().error) return {};
  return worded(outcomes.back());
}

Error after_error(Session& session, CallbackEvent event, Error cause) {
  // A session that is gone, or is told to end, runs nothing more.
  if (cause.code == ErrorCode::interrupted || cause.code == ErrorCode::database_unreachable) {
    return cause;
  }
  const auto result = run_callbacks(session, event);
  if (!result) session.listener.hear(CommandEvent(Warned{result.error().message}));
  return cause;
}

}  // namespace dunlin
