#pragma once

#include "base/result.hpp"
#include "engine/session.hpp"
#include "migration/callback_event.hpp"
#include "migration/script.hpp"
#include "migration/step.hpp"

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace dunlin {

/// The callbacks of one event, in the order in which they run.
[[nodiscard]] std::vector<const Callback*> callbacks_of(const Scripts& scripts,
                                                        CallbackEvent event);

/// A step for a callback that stands alone, in a transaction of its own.
Result<Step> prepare(const Session& session, const Callback& callback);

/// Which callbacks go around a script and each of its statements.
struct CallbackFrame {
  CallbackEvent before, after, error, before_statement, after_statement, statement_error;
};
inline constexpr CallbackFrame kMigrateFrame = {
    .before = CallbackEvent::before_each_migrate,
    .after = CallbackEvent::after_each_migrate,
    .error = CallbackEvent::after_each_migrate_error,
    .before_statement = CallbackEvent::before_each_migrate_statement,
    .after_statement = CallbackEvent::after_each_migrate_statement,
    .statement_error = CallbackEvent::after_each_migrate_statement_error};
inline constexpr CallbackFrame kUndoFrame = {
    .before = CallbackEvent::before_each_undo,
    .after = CallbackEvent::after_each_undo,
    .error = CallbackEvent::after_each_undo_error,
    .before_statement = CallbackEvent::before_each_undo_statement,
    .after_statement = CallbackEvent::after_each_undo_statement,
    .statement_error = CallbackEvent::after_each_undo_statement_error};

/// A script made ready to run: its text read, placeholders replaced, split into statements, its
/// callbacks around them, its history row. Errors: script_unreadable, configuration (a missing
/// placeholder), validation (statements of both kinds without `mixed`).
Result<Step> prepare(const Session& session, const Script& script, const CallbackFrame& frame,
                     std::string_view title_suffix);

/// `schema "public" to version "1 - a"`, as messages name what is being done.
[[nodiscard]] std::string title_of(const Session& session, const Script& script,
                                   std::string_view suffix);
/// The history row that a script earns; rank and time come later.
[[nodiscard]] HistoryRow row_of(const Session& session, const Script& script);

/// Does the script run in a transaction? As prepare() decides.
Result<Transaction> transaction_of(const Session& session, const Script& script);

/// Hands out steps that are made when they are asked for.
class StepList final : public StepSource {
 public:
  using Maker = std::function<Result<Step>()>;
  void add(Maker maker) { makers_.push_back(std::move(maker)); }
  [[nodiscard]] std::size_t size() const noexcept { return makers_.size(); }
  Result<std::optional<Step>> next() override;

 private:
  std::vector<Maker> makers_;
  std::size_t next_ = 0;
};

}  // namespace dunlin
