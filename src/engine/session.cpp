#include "engine/session.hpp"

#include "base/text.hpp"
#include "engine/callbacks.hpp"
#include "engine/prepare.hpp"

#include <algorithm>

namespace dunlin {
namespace {

Result<Schemas> schemas_of(const SchemaOptions& options, const Facts& facts) {
  Schemas schemas{.default_schema = options.default_schema, .names = options.schemas};
  if (schemas.default_schema.empty() && schemas.names.empty() && facts.schema.empty()) {
    return Error{
        .code = ErrorCode::configuration,
        .message = "it is not known which schema is meant: no schema of the search_path exists",
        .hint = "set defaultSchema or schemas, or name one schema in the search_path"};
  }
  if (schemas.default_schema.empty()) {
    schemas.default_schema = schemas.names.empty() ? facts.schema : schemas.names.front();
  }
  if (!std::ranges::count(schemas.names, schemas.default_schema)) {
    schemas.names.insert(schemas.names.begin(), schemas.default_schema);
  }
  return schemas;
}

/// As Flyway fills ${flyway:timestamp}: UTC, to the second.
std::string timestamp(std::chrono::system_clock::time_point now) {
  const auto day = std::chrono::floor<std::chrono::days>(now);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(std::chrono::floor<std::chrono::seconds>(now - day));
  return fmt::format("{:04}-{:02}-{:02} {:02}:{:02}:{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

std::vector<std::pair<std::string, std::string>> default_placeholders(const Database& database,
                                                                      const Schemas& schemas,
                                                                      const EngineOptions& options,
                                                                      const Clock& clock) {
  const auto name = [&](std::string_view what) {
    return fmt::format("flyway{}{}", options.scripts.placeholder_separator, what);
  };
  std::vector<std::pair<std::string, std::string>> values = {
      {name("defaultSchema"), schemas.default_schema},
      {name("timestamp"), timestamp(clock.now())},
      {name("workingDirectory"), options.scripts.working_directory},
      {name("table"), options.schemas.table},
      {name("environment"), options.scripts.environment}};
  const Facts& facts = database.facts();
  values.emplace_back(name("user"), facts.user);
  // SQLite has none: there it is an error (observed with Flyway 11, scenario placeholders-sqlite).
  if (database.dialect() == sql::Dialect::postgresql) {
    values.emplace_back(name("database"), facts.database);
  }
  return values;
}

}  // namespace

PlaceholderValues default_values(const Session& session) {
  PlaceholderValues values;
  for (const auto& [name, value] : session.default_placeholders) values[name] = value;
  return values;
}

std::string quoted_schema(std::string_view schema) {
  return fmt::format("\"{}\"", replace_all(schema, "\"", "\"\""));
}

Result<Session> open_session(Database& database, const ScriptFiles& files, Listener& listener,
                             const Clock& clock, const EngineOptions& options) {
  const Schemas schemas = DUNLIN_TRY(schemas_of(options.schemas, database.facts()));
  HistoryTable table{.schema = schemas.default_schema,
                     .name = options.schemas.table,
                     .tablespace = options.schemas.tablespace};
  Session session{.database = database,
                  .listener = listener,
                  .clock = clock,
                  .options = options,
                  .schemas = schemas,
                  .default_placeholders = default_placeholders(database, schemas, options, clock),
                  .history = History(database, std::move(table), options.schemas.installed_by),
                  .scripts = {}};
  session.scripts =
      DUNLIN_TRY(load_scripts(files, options.scripts, default_values(session), listener));
  if (options.scripts.refuse_suspicious) DUNLIN_TRY(need_migrations(session.scripts));
  if (options.scripts.refuse_suspicious && session.scripts.migrations.empty()) {
    return Error{
        .code = ErrorCode::missing_location,
        .message = fmt::format("no migrations found in {}", join(session.scripts.locations, ", ")),
        .hint = "check the branch and the locations; scripts are called like V1__name.sql"};
  }
  const auto deprecated = callbacks_of(session.scripts, CallbackEvent::create_schema);
  if (!deprecated.empty()) {
    listener.hear(CommandEvent(
        DeprecatedCallback{.name = "createSchema", .replacement = "beforeCreateSchema"}));
  }
  DUNLIN_TRY(run_callbacks(session, CallbackEvent::after_connect));
  return session;
}

}  // namespace dunlin
