#include "engine/set_up.hpp"

#include "base/text.hpp"
#include "engine/callbacks.hpp"
#include "engine/recover.hpp"
#include "engine/state.hpp"

namespace dunlin {
namespace {

constexpr std::string_view kNoSchemaWarning =
    "The configuration option 'createSchemas' is false.\n"
    "However, the schema history table still needs a schema to reside in.\n"
    "You must manually create a schema for the schema history table to reside in.\n"
    "See https://documentation.red-gate.com/fd/flyway-create-schemas-setting-277578976.html";

}  // namespace

Result<MigrationLock> MigrationLock::take(Session& session) {
  auto locked = lock_database(session);
  while (!locked) {
    DUNLIN_TRY(recover(session, locked.error()));
    locked = lock_database(session);
  }
  session.seen.reset();
  session.holds_lock = true;
  return MigrationLock(session);
}

MigrationLock::~MigrationLock() {
  if (session_ == nullptr) return;
  session_->seen.reset();
  session_->holds_lock = false;
  session_->database.unlock();
}

Result<std::string> create_schemas(Session& session) {
  const auto seen = DUNLIN_TRY(look(session));
  const auto& states = seen->schemas;
  if (!session.options.schemas.create_schemas) {
    if (!default_schema_state(session, *seen).exists)
      session.listener.hear(CommandEvent(WarnedAside{std::string(kNoSchemaWarning)}));
    return std::string();
  }
  DUNLIN_TRY(run_callbacks(session, CallbackEvent::create_schema));
  DUNLIN_TRY(run_callbacks(session, CallbackEvent::before_create_schema));
  std::vector<std::string> created;
  std::vector<Query> batch;
  for (std::size_t i = 0; i < states.size(); ++i) {
    const std::string& name = session.schemas.names[i];
    if (states[i].exists) continue;
    session.listener.hear(CommandEvent(SchemaCreated{quoted_schema(name)}));
    if (session.database.dialect() == sql::Dialect::sqlite) {
      session.listener.hear(CommandEvent(SchemaNotCreated{name}));
      continue;
    }
    batch.push_back(session.database.create_schema(name));
    created.push_back(quoted_schema(name));
  }
  if (!batch.empty()) {
    session.seen.reset();
    DUNLIN_TRY(session.database.query(batch));
  }
  return join(created, ",");
}

Result<bool> create_history(Session& session, const std::optional<HistoryRow>& baseline,
                            const std::string& created_schemas) {
  std::vector<HistoryRow> rows;
  if (baseline) rows.push_back(*baseline);
  if (!created_schemas.empty()) rows.push_back(schema_row(created_schemas));
  const auto before = DUNLIN_TRY(look(session));
  if (before->unreadable) return *before->unreadable;
  if (before->has_history) {
    if (created_schemas.empty()) return false;
    session.seen.reset();
    DUNLIN_TRY(session.history.append(schema_row(created_schemas)));
    return false;
  }
  session.listener.hear(CommandEvent(
      HistoryCreated{.table = session.history.name(), .with_baseline = baseline.has_value()}));
  session.seen.reset();
  auto made = session.history.create(rows);
  while (!made && session.database.is_lost()) {  // it is one transaction, so the table tells
    DUNLIN_TRY(recover(session, made.error()));
    if (DUNLIN_TRY(look(session))->has_history) return true;
    made = session.history.create(rows);
  }
  // A table without rows need not be read.
  if (made && rows.empty()) {
    session.seen = std::make_shared<const Sight>(
        Sight{.schemas = before->schemas, .has_history = true, .history = {}});
  }
  if (made) return true;
  Error error = std::move(made).error();
  error.message = fmt::format("Failed to execute script that makes the schema history table {}: {}",
                              session.history.name(), error.message);
  return error;
}

std::chrono::milliseconds since(const Session& session,
                                std::chrono::steady_clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(session.clock.steady() - start);
}

}  // namespace dunlin
