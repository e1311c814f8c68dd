// From a script to a step: text, placeholders, statements, transaction, callbacks, history row.
#include "engine/prepare.hpp"

#include "base/text.hpp"
#include "migration/checksum.hpp"
#include "migration/prepared_text.hpp"

#include <algorithm>
#include <utility>

namespace dunlin {
namespace {

constexpr std::string_view kNonTransactional = " [non-transactional]";

Result<std::shared_ptr<const PreparedText>> prepare_file(const Session& session,
                                                         std::string original, FileName name,
                                                         const ScriptConfig& config) {
  const ScriptOptions& options = session.options.scripts;
  const std::string script = name.script;
  const std::string file_name = placeholder_file_name(script, options);
  const Replacement replacement =
      replacement_for(file_name, config, options, default_values(session));
  auto text =
      DUNLIN_TRY(prepare_text(std::move(original), std::move(name), replacement,
                              {.dialect = session.database.dialect(),
                               .server_version = session.database.facts().version_number,
                               .non_transactional = session.options.scripts.non_transactional}));
  if (session.options.scripts.refuse_suspicious && !text->suspicious.empty()) {
    return Error{.code = ErrorCode::validation,
                 .message = text->suspicious.front(),
                 .hint = "take the further $ away; a password would be the text ${...} itself",
                 .trail = {script}};
  }
  for (const std::string& warning : text->suspicious) {
    session.listener.hear(CommandEvent(Warned{warning}));
  }
  for (const std::string& warning : text->warnings) {
    session.listener.hear(CommandEvent(Warned{warning}));
  }
  return text;
}

Result<std::shared_ptr<const PreparedText>> prepare_file(const Session& session,
                                                         const Callback& callback) {
  return prepare_file(session, *callback.text, {callback.shown, callback.located, callback.name},
                      callback.config);
}

Result<std::shared_ptr<const PreparedText>> prepare_file(const Session& session,
                                                         const Script& script) {
  std::string original = DUNLIN_TRY(text_of(script, session.options.scripts));
  auto text = DUNLIN_TRY(prepare_file(session, std::move(original),
                                      {script.shown, script.located, script.name}, script.config));
  const bool is_read_again = script.kind == ScriptKind::repeatable && !script.text;
  if (is_read_again && checksum(text->text) != script.checksum) return changed_meanwhile(script);
  return text;
}

std::string callback_title(const Callback& callback, Transaction transaction) {
  return fmt::format("{} - {}{}", name_of(callback.event), callback.description,
                     transaction == Transaction::none ? kNonTransactional : "");
}

Result<Transaction> transaction_of(const Session& session, const PreparedText& text,
                                   const ScriptConfig& config) {
  if (config.execute_in_transaction) {
    return *config.execute_in_transaction ? Transaction::own : Transaction::none;
  }
  if (!session.options.scripts.execute_in_transaction) return Transaction::none;
  const Kinds kinds = kinds_of(text);
  if (!kinds.any_non_transactional) return Transaction::own;
  if (!kinds.any_transactional || session.options.migrate.mixed) return Transaction::none;
  const sql::Statement& offending = text.statements[kinds.first_non_transactional];
  const SourcePlace place = place_of(text, offending.offset);
  return Error{
      .code = ErrorCode::validation,
      .message = fmt::format(
          "Detected both transactional and non-transactional statements within the same migration "
          "(even though mixed is false). Offending statement found at line {}: {} "
          "[non-transactional]",
          place.line, offending.text),
      .hint =
          "move the statement into a script of its own, or set mixed to true and do without a "
          "transaction for all of this script",
      .trail = {text.script, fmt::format("line {}", place.line)},
      .excerpt = place.excerpt};
}

/// Adds one part for each callback of an event.
Result<void> add_callbacks(const Session& session, CallbackEvent event, std::vector<Part>& parts) {
  for (const Callback* callback : callbacks_of(session.scripts, event)) {
    auto text = DUNLIN_TRY(prepare_file(session, *callback));
    const std::size_t count = text->statements.size();
    const Transaction transaction = DUNLIN_TRY(transaction_of(session, *text, callback->config));
    parts.push_back({.source = std::move(text),
                     .count = count,
                     .callback = callback_title(*callback, transaction)});
  }
  return {};
}

Result<std::vector<Part>> parts_of(const Session& session,
                                   const std::shared_ptr<const PreparedText>& text,
                                   const CallbackFrame& frame) {
  std::vector<Part> parts;
  DUNLIN_TRY(add_callbacks(session, frame.before, parts));
  const std::size_t count = text->statements.size();
  const bool by_statement = !callbacks_of(session.scripts, frame.before_statement).empty() ||
                            !callbacks_of(session.scripts, frame.after_statement).empty();
  if (!by_statement) parts.push_back({.source = text, .count = count});
  for (std::size_t i = 0; by_statement && i < count; ++i) {
    DUNLIN_TRY(add_callbacks(session, frame.before_statement, parts));
    parts.push_back({.source = text, .first = i, .count = 1});
    DUNLIN_TRY(add_callbacks(session, frame.after_statement, parts));
  }
  DUNLIN_TRY(add_callbacks(session, frame.after, parts));
  return parts;
}

}  // namespace

HistoryRow row_of(const Session& session, const Script& script) {
  HistoryRow row{.description = abbreviated(script.description),
                 .type = std::string(history_type(script.kind)),
                 .script = script.name,
                 .checksum = script.checksum,
                 .installed_by = session.history.installed_by()};
  if (script.version) row.version = script.version->text();
  return row;
}

std::string title_of(const Session& session, const Script& script, std::string_view suffix) {
  const std::string schema = quoted_schema(session.schemas.default_schema);
  const std::string name = full_name(script.version, script.description);
  // Flyway's words for each kind.
  if (script.kind == ScriptKind::undo) return fmt::format("schema {} to version {}", schema, name);
  return script.version
             ? fmt::format("schema {} to version \"{}\"{}", schema, name, suffix)
             : fmt::format("schema {} with repeatable migration \"{}\"{}", schema, name, suffix);
}

std::vector<const Callback*> callbacks_of(const Scripts& scripts, CallbackEvent event) {
  std::vector<const Callback*> found;
  for (const Callback& callback : scripts.callbacks) {
    if (callback.event == event) found.push_back(&callback);
  }
  return found;
}

Result<Step> prepare(const Session& session, const Callback& callback) {
  auto text = DUNLIN_TRY(prepare_file(session, callback));
  const Transaction transaction = DUNLIN_TRY(transaction_of(session, *text, callback.config));
  const std::size_t count = text->statements.size();
  Part part{
      .source = std::move(text), .count = count, .callback = callback_title(callback, transaction)};
  return Step{
      .parts = {std::move(part)}, .transaction = transaction, .effect = HistoryEffect::none};
}

Result<Transaction> transaction_of(const Session& session, const Script& script) {
  const auto text = DUNLIN_TRY(prepare_file(session, script));
  return transaction_of(session, *text, script.config);
}

Result<Step> prepare(const Session& session, const Script& script, const CallbackFrame& frame,
                     std::string_view title_suffix) {
  const auto text = DUNLIN_TRY(prepare_file(session, script));
  Step step{.title = title_of(session, script, title_suffix),
            .transaction = DUNLIN_TRY(transaction_of(session, *text, script.config)),
            .row = row_of(session, script)};
  if (step.transaction == Transaction::none) step.title += kNonTransactional;
  step.parts = DUNLIN_TRY(parts_of(session, text, frame));
  DUNLIN_TRY(add_callbacks(session, frame.statement_error, step.on_error));
  DUNLIN_TRY(add_callbacks(session, frame.error, step.on_error));
  return step;
}

Result<std::optional<Step>> StepList::next() {
  if (next_ == makers_.size()) return std::optional<Step>();
  // Each maker runs once; what it holds is given back at once.
  const Maker maker = std::exchange(makers_[next_++], nullptr);
  return std::optional<Step>(DUNLIN_TRY(maker()));
}

}  // namespace dunlin
