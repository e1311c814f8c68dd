#pragma once

#include "base/result.hpp"
#include "engine/session.hpp"
#include "migration/callback_event.hpp"

#include <functional>
#include <type_traits>

namespace dunlin {

/// Runs the callbacks of an event, each in a transaction of its own. The Error of one that fails
/// has Flyway's words: "Error while executing beforeMigrate callback: ...".
Result<void> run_callbacks(Session& session, CallbackEvent event);

/// Runs the callbacks of an error. One that fails itself is a warning: it never hides `cause`.
Error after_error(Session& session, CallbackEvent event, Error cause);

/// The Error of a failed outcome, worded for the file it arose in.
[[nodiscard]] Error worded(const Outcome& outcome);

/// The failure of a script that a report tells of, or null.
template <class Report>
const Error* failure(const Report& report) {
  if constexpr (requires { report.error; }) {
    return report.error ? &*report.error : nullptr;
  } else {
    return nullptr;
  }
}

/// before, the command, after; or the error callbacks, when the command or `after` fails.
struct CommandFrame {
  CallbackEvent before, after, error;
};
template <class Command>
std::invoke_result_t<Command> framed(Session& session, const CommandFrame& frame,
                                     const Command& command) {
  const auto run = [&]() -> std::invoke_result_t<Command> {
    DUNLIN_TRY(run_callbacks(session, frame.before));
    auto report = command();
    if (report && failure(*report) == nullptr) DUNLIN_TRY(run_callbacks(session, frame.after));
    return report;
  };
  auto report = run();
  if (!report) return after_error(session, frame.error, std::move(report).error());
  if (const Error* const cause = failure(*report)) {
    (void)after_error(session, frame.error, *cause);
  }
  return report;
}

}  // namespace dunlin
