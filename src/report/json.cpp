#include "report/json.hpp"

#include "base/text.hpp"
#include "report/console.hpp"
#include "report/error_text.hpp"

#include <nlohmann/json.hpp>

namespace dunlin {
namespace {

using Json = nlohmann::ordered_json;

Json or_null(const std::optional<std::string>& text) { return text ? Json(*text) : Json(); }

std::string dump(const Json& json) {
  // Bytes that are no UTF-8 (a server's message in another encoding) must not end the program.
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

/// "2026-11-22 18:42:48.123456" -> "2026-11-22T18:42:48.123456Z"
std::string utc(std::string installed_on) {
  if (installed_on.size() > 10 && installed_on[10] == ' ') installed_on[10] = 'T';
  return installed_on.empty() ? installed_on : installed_on + 'Z';
}

std::string undoable(const InfoRow& row) { return !row.version ? "" : row.undoable ? "Yes" : "No"; }

/// As the history has it; of what is not applied as the file's name has it: "1_5".
std::string raw_version(const InfoRow& row) {
  if (!row.version) return "";
  return row.applied == nullptr ? row.script->version->raw() : row.version->raw();
}

/// A SQLite file has no name: null, but for info (observed with Flyway 11).
Json name_of_database(const DocumentContext& context) {
  return context.database.empty() ? Json() : Json(context.database);
}

/// What was said of a statement, as Flyway's driver words it.
std::string said(const Error& error) {
  constexpr int kSqliteError = 1;  // SQLITE_ERROR
  if (!error.sqlstate.empty()) return "ERROR: " + error.sql->message;
  if (error.sql_code != kSqliteError) return error.sql->message;
  return fmt::format("[SQLITE_ERROR] SQL error or missing database ({})", error.sql->message);
}

/// A failed statement field by field, as Flyway lists it. SQLite knows no SQLSTATE.
std::string listing(const Error& error) {
  const SqlFailure& failure = *error.sql;
  std::string text =
      fmt::format("SQL State  : {}\nError Code : {}\nMessage    : {}\n",
                  error.sqlstate.empty() ? "null" : error.sqlstate, error.sql_code, said(error));
  if (!failure.detail.empty()) text += fmt::format("  Detail: {}\n", failure.detail);
  if (!failure.hint.empty()) text += fmt::format("  Hint: {}\n", failure.hint);
  if (failure.position > 0) text += fmt::format("  Position: {}\n", failure.position);
  if (!failure.where.empty()) text += fmt::format("  Where: {}\n", failure.where);
  return text + fmt::format("Location   : {} ({})\nLine       : {}\nStatement  : {}\n",
                            failure.located, failure.shown, failure.line, failure.statement);
}

/// "Failed to execute script V1__a.sql", a rule as long, and the fields: what tools parse.
std::string exception_text(const Error& error) {
  if (!error.sql) return error.message;
  const std::string first = error.message.substr(0, error.message.rfind(": " + error.sql->message));
  const auto at = first.rfind("Failed to execute");  // the rule is as long as this
  const auto ruled = std::string_view(first).substr(at == std::string::npos ? 0 : at);
  return fmt::format("{}\n{}\n{}", first, std::string(utf8_letters(ruled), '-'), listing(error));
}

Json json_of(const InfoRow& row) {
  const bool applied = row.applied != nullptr;
  const std::string version = row.version ? row.version->text() : "";
  const bool has_expression = row.script != nullptr && row.script->config.should_execute;
  return {{"category", row.category()},
          {"version", version},
          {"rawVersion", raw_version(row)},
          {"description", row.description()},
          {"type", row.type()},
          {"installedOnUTC", applied ? utc(row.applied->installed_on) : ""},
          {"state", traits(row.state).name},
          {"undoable", undoable(row)},
          {"filepath", row.script != nullptr ? row.script->shown : ""},
          {"undoFilepath", ""},
          {"installedBy", applied ? row.applied->installed_by : ""},
          {"shouldExecuteExpression",
           has_expression ? Json(*row.script->config.should_execute) : Json()},
          {"executionTime", applied ? row.applied->execution_time : 0}};
}

/// Flyway's name for a failed script says what kind it was.
std::string json_code(const Error& error) {
  if (!error.sql) return std::string(kind_of(error.code).name);
  const bool repeatable = error.message.contains("script R");
  return repeatable ? "FAILED_REPEATABLE_MIGRATION" : "FAILED_VERSIONED_MIGRATION";
}

Json error_of(const Error& error) {
  Json json = {{"errorCode", json_code(error)}};
  if (!error.sqlstate.empty() || error.sql) {
    json["sqlState"] = error.sqlstate.empty() ? Json() : Json(error.sqlstate);
    json["sqlErrorCode"] = error.sql_code;
  }
  const bool connecting =
      error.code == ErrorCode::database_unreachable || error.code == ErrorCode::login_refused;
  if (connecting) {
    json["subErrorCode"] = "CONNECTION_FAILURE";
  } else if (!error.sqlstate.empty() && !error.sql) {
    json["subErrorCode"] = Json();  // a statement of no script
  }
  std::string message = error.message;
  if (!error.excerpt.empty()) message += '\n' + error.excerpt;
  json["message"] = message;
  if (error.sql) {
    json["lineNumber"] = error.sql->line;
    json["path"] = error.sql->shown;
  }
  if (!error.hint.empty()) json["hint"] = error.hint;
  if (!error.trail.empty()) json["trail"] = error.trail;
  json["cause"] = Json();
  return json;
}

/// With null for what no statement said, as Flyway has it.
Json error_of_migration(const Error& error) {
  Json json = error_of(error);
  for (const auto& [key, nothing] : {std::pair<const char*, Json>{"sqlState", Json()},
                                     {"sqlErrorCode", 0},
                                     {"lineNumber", Json()},
                                     {"path", Json()}}) {
    if (!json.contains(key)) json[key] = nothing;
  }
  return json;
}

Json json_of(const InfoReport& report, const DocumentContext& context) {
  if (report.error) return {{"error", error_of(*report.error)}};
  Json rows = Json::array();
  for (const InfoRow& row : report.info.rows) rows.push_back(json_of(row));
  return {{"timestamp", context.timestamp},
          {"operation", "info"},
          {"exception", Json()},
          {"licenseFailed", false},
          {"schemaVersion", or_null(report.schema_version)},
          {"schemaName", context.schema_names},
          {"migrations", rows},
          {"flywayVersion", context.version},
          {"database", context.database},
          {"allSchemasEmpty", report.all_schemas_empty}};
}

Json json_of(const MigrateReport& report, const DocumentContext& context) {
  Json entries = Json::array();
  for (const MigrationEntry& entry : report.migrations) {
    entries.push_back({{"category", entry.category},
                       {"version", entry.version},
                       {"description", entry.description},
                       {"type", entry.type},
                       {"filepath", entry.shown},
                       {"executionTime", entry.execution_time.count()}});
  }
  Json json = {{"timestamp", context.timestamp},
               {"operation", report.undo ? "undo" : "migrate"},
               {"exception", report.error ? Json(exception_text(*report.error)) : Json()},
               {"licenseFailed", false},
               {"initialSchemaVersion", or_null(report.initial_version)},
               {"targetSchemaVersion", report.error ? Json() : or_null(report.target_version)},
               {"schemaName", context.schema_names},
               {report.undo ? "undoneMigrations" : "migrations", entries},
               {report.undo ? "migrationsUndone" : "migrationsExecuted", entries.size()},
               {"success", !report.error},
               {"flywayVersion", context.version},
               {"database", name_of_database(context)},
               {"warnings", context.warnings},
               {"databaseType", context.database_type},
               {"totalMigrationTime", report.time.count()}};
  if (!report.snapshot.empty()) json["snapshot"] = report.snapshot;
  if (report.error) json["error"] = error_of_migration(*report.error);
  return json;
}

Json header(const DocumentContext& context, std::string_view operation) {
  return {{"flywayVersion", context.version},
          {"database", name_of_database(context)},
          {"warnings", context.warnings},
          {"operation", operation}};
}

/// Of a schema that is not there Flyway says nothing else.
Json json_without_schema(const Finding& finding, Json json) {
  json["errorDetails"] = {{"errorCode", finding.code}, {"errorMessage", finding.message}};
  json["invalidMigrations"] = Json::array();
  json["validationSuccessful"] = false;
  json["validateCount"] = 0;
  json["allErrorMessages"] = "";
  return json;
}

Json json_of(const ValidateReport& report, const DocumentContext& context) {
  Json json = header(context, "validate");
  if (!report.findings.empty() && report.findings.front().code == "SCHEMA_DOES_NOT_EXIST") {
    return json_without_schema(report.findings.front(), std::move(json));
  }
  const bool valid = report.findings.empty();
  if (report.nothing_found) json["warnings"].push_back(kNothingFound);
  Json invalid = Json::array();
  std::string all;
  for (const Finding& finding : report.findings) {
    if (!all.empty()) all += '\n';
    all += finding.message;
    Json entry = {
        {"version", finding.version},
        {"description", finding.description},
        {"filepath", finding.shown},
        {"errorDetails", {{"errorCode", finding.code}, {"errorMessage", finding.message}}}};
    if (!finding.difference.empty()) entry["difference"] = finding.difference;
    invalid.push_back(std::move(entry));
  }
  json["errorDetails"] = valid ? Json()
                               : Json({{"errorCode", "VALIDATE_ERROR"},
                                       {"errorMessage", "Migrations have failed validation"}});
  json["invalidMigrations"] = invalid;
  json["validationSuccessful"] = valid;
  json["validateCount"] = valid ? report.validated : 0;
  json["allErrorMessages"] = all;
  return json;
}

Json json_of(const BaselineReport& report, const DocumentContext& context) {
  Json json = header(context, "baseline");
  json["successfullyBaselined"] = true;  // also when it was there already, as with Flyway
  json["baselineVersion"] = report.version;
  return json;
}

Json entries_of(const std::vector<MigrationEntry>& entries) {
  Json json = Json::array();
  for (const MigrationEntry& entry : entries) {
    json.push_back({{"version", entry.version},
                    {"description", entry.description},
                    {"filepath", entry.shown}});
  }
  return json;
}

Json json_of(const RepairReport& report, const DocumentContext& context) {
  Json json = header(context, "repair");
  Json actions = Json::array();
  if (!report.removed.empty()) actions.push_back("Removed failed migrations");
  if (!report.deleted.empty()) actions.push_back("Marked missing migrations as deleted");
  if (!report.aligned.empty()) actions.push_back("Aligned applied migration checksums");
  json["repairActions"] = actions;
  json["migrationsRemoved"] = entries_of(report.removed);
  json["migrationsDeleted"] = entries_of(report.deleted);
  json["migrationsAligned"] = entries_of(report.aligned);
  return json;
}

Json json_of(const CleanReport& report, const DocumentContext& context) {
  Json json = header(context, "clean");
  json["schemasCleaned"] = report.cleaned;
  json["schemasDropped"] = report.dropped;
  return json;
}

Json sources_of(const DocumentContext& context) {
  Json sources = Json::array();
  for (const ScriptOrigin& origin : context.origins) {
    sources.push_back({{"repository", origin.repository},
                       {"ref", origin.ref},
                       {"commit", origin.commit},
                       {"author", origin.author},
                       {"date", origin.date},
                       {"subject", origin.subject}});
    if (!origin.signer.empty()) sources.back()["signer"] = origin.signer;
  }
  return sources;
}

}  // namespace

std::string json_document(const CommandReport& report, const DocumentContext& context) {
  Json json = std::visit([&](const auto& each) { return json_of(each, context); }, report);
  if (!context.origins.empty()) json["sources"] = sources_of(context);
  return dump(json);
}

std::string json_documents(const std::vector<std::string>& documents) {
  Json results = Json::array();
  for (const std::string& document : documents) {
    results.push_back(Json::parse(document, nullptr, false));
  }
  return dump({{"individualResults", results}});
}

std::string json_version(std::string_view version) {
  return dump({{"version", version},
               {"command", "version"},
               {"edition", Json()},
               {"pluginVersions", Json::array()}});
}

std::string json_error(const Error& error) { return dump({{"error", error_of(error)}}); }

}  // namespace dunlin
