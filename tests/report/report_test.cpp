// Whole outputs: what people read and what programs parse, byte for byte.
#include "base/text.hpp"
#include "report/console.hpp"
#include "report/error_text.hpp"
#include "report/json.hpp"
#include "report/table.hpp"

#include <gtest/gtest.h>

namespace dunlin {
namespace {

struct Lines final : Output::Sink {
  void write(std::string_view more) override { text += more; }
  std::string text;
};

/// An Output on strings.
struct Desk {
  Redactor redactor;
  Lines out, error;
  Output output{redactor, out, error};
};

TEST(TableTest, IsAsWideAsItsWidestCell) {
  EXPECT_EQ(ascii_table({"Version", "Description"}, {{"1", "a"}, {"2.1", "customers and orders"}},
                        "none"),
            "+---------+----------------------+\n"
            "| Version | Description          |\n"
            "+---------+----------------------+\n"
            "| 1       | a                    |\n"
            "| 2.1     | customers and orders |\n"
            "+---------+----------------------+\n");
}

TEST(TableTest, CountsLettersAndShowsControlCharactersAsBlanks) {
  EXPECT_EQ(ascii_table({"A"}, {{"\xC3\xA4\xC3\xB6\xE2\x82\xAC"}, {"x\ny"}, {}}, ""),
            "+-----+\n"
            "| A   |\n"
            "+-----+\n"
            "| \xC3\xA4\xC3\xB6\xE2\x82\xAC |\n"
            "| x y |\n"
            "|     |\n"
            "+-----+\n");
}

TEST(TableTest, SaysThatThereIsNothing) {
  EXPECT_EQ(ascii_table({"Category", "Version", "Type"}, {}, "No migrations found"),
            "+----------+---------+------+\n"
            "| Category | Version | Type |\n"
            "+----------+---------+------+\n"
            "| No migrations found       |\n"
            "+----------+---------+------+\n");
}

TEST(TableTest, CutsWhatItSaysRatherThanGrow) {
  EXPECT_EQ(ascii_table({"id"}, {}, "No rows returned"),
            "+----+\n"
            "| id |\n"
            "+----+\n"
            "| No |\n"
            "+----+\n");
}

/// One script applied, one row whose script is gone, one script pending; the pointers of `report`
/// lead into the rest.
struct Listed {
  Listed() {
    const Version one = *Version::parse("1");
    const Version two = *Version::parse("2_0");
    scripts = {{.version = one, .description = "a", .shown = "/p/sql/V1__a.sql"},
               {.version = two, .description = "b", .shown = "/p/sql/V2_0__b.sql"}};
    auto seen = std::make_shared<Sight>();
    seen->history = {{.installed_rank = 1,
                      .version = "1",
                      .description = "a",
                      .type = "SQL",
                      .installed_by = "me",
                      .installed_on = "2026-11-22 18:42:48.123456",
                      .execution_time = 12},
                     {.installed_rank = 2,
                      .description = "r",
                      .type = "SQL",
                      .installed_by = "me",
                      .installed_on = "2026-11-22 18:42:49"}};
    report.info.rows = {{.script = scripts.data(),
                         .applied = seen->history.data(),
                         .version = one,
                         .state = State::success,
                         .undoable = true},
                        {.applied = &seen->history[1], .state = State::missing_success},
                        {.script = &scripts[1], .version = two, .state = State::pending}};
    report.schema_version = "1";
    report.seen = seen;
  }
  Listed(const Listed&) = delete;
  Listed& operator=(const Listed&) = delete;

  std::vector<Script> scripts;
  InfoReport report;
};

TEST(ConsoleTest, PrintsTheTableOfInfo) {
  const Listed listed;
  Desk desk;
  print(listed.report, {}, desk.output);
  EXPECT_EQ(
      desk.out.text,
      "Schema version: 1\n"
      "\n"
      "+------------+---------+-------------+------+---------------------+---------+----------+\n"
      "| Category   | Version | Description | Type | Installed On        | State   | Undoable |\n"
      "+------------+---------+-------------+------+---------------------+---------+----------+\n"
      "| Versioned  | 1       | a           | SQL  | 2026-11-22 18:42:48 | Success | Yes      |\n"
      "| Repeatable |         | r           | SQL  | 2026-11-22 18:42:49 | Missing |          |\n"
      "| Versioned  | 2.0     | b           | SQL  |                     | Pending | No       |\n"
      "+------------+---------+-------------+------+---------------------+---------+----------+\n"
      "\n");
}

TEST(ConsoleTest, SaysWhereItLookedWhenNoScriptIsThere) {
  Desk desk;
  print(InfoReport{},
        {.locations = {"filesystem:sql"},
         .working_directory = "/p",
         .repeatable_prefix = "R",
         .sql_prefix = "V",
         .baseline_prefix = "B",
         .separator = "__",
         .suffixes = {".sql", ".ddl"}},
        desk.output);
  EXPECT_EQ(desk.out.text,
            "Schema version: << Empty Schema >>\n"
            "\n"
            "No migrations found on disk.\n"
            "Here are some relevant configuration settings.\n"
            "\n"
            "| Setting                        | Value            |\n"
            "|--------------------------------|------------------|\n"
            "| locations                      | filesystem:sql   |\n"
            "| callbackLocations              |                  |\n"
            "| workingDirectory               | /p               |\n"
            "| repeatableSqlMigrationPrefix   | R                |\n"
            "| sqlMigrationPrefix             | V                |\n"
            "| baselineMigrationPrefix        | B                |\n"
            "| sqlMigrationSeparator          | __               |\n"
            "| sqlMigrationSuffixes           | .sql, .ddl       |\n"
            "\n"
            "+----------+---------+-------------+------+--------------+-------+----------+\n"
            "| Category | Version | Description | Type | Installed On | State | Undoable |\n"
            "+----------+---------+-------------+------+--------------+-------+----------+\n"
            "| No migrations found                                                       |\n"
            "+----------+---------+-------------+------+--------------+-------+----------+\n"
            "\n");
}

TEST(ConsoleTest, ListsVersionsAlone) {
  const Listed listed;
  Desk desk;
  print_ids(listed.report, desk.output);
  EXPECT_EQ(desk.out.text, "1,r,2.0\n");
}

TEST(ConsoleTest, TellsWhatHappensInFlywaysWords) {
  using std::chrono::milliseconds;
  struct Case {
    CommandEvent event;
    const char *out, *error;
  };
  const std::string table = "\"public\".\"flyway_schema_history\"";
  const std::string schema = "\"public\"";
  const Case cases[] = {
      {HistoryMissing{table},
       "Schema history table \"public\".\"flyway_schema_history\" does not exist yet\n", ""},
      {HistoryCreated{table, false},
       "Creating Schema History table \"public\".\"flyway_schema_history\" ...\n", ""},
      {HistoryCreated{table, true},
       "Creating Schema History table \"public\".\"flyway_schema_history\" with baseline ...\n",
       ""},
      {Validated{1, milliseconds(7)},
       "Successfully validated 1 migration (execution time 00:00.007s)\n", ""},
      {Validated{3, milliseconds(61234)},
       "Successfully validated 3 migrations (execution time 01:01.234s)\n", ""},
      {CurrentVersion{schema, "2.1", true}, "Current version of schema \"public\": 2.1\n", ""},
      {CurrentVersion{schema, std::nullopt, false},
       "Current version of schema \"public\": << Empty Schema >>\n", ""},
      {CurrentVersion{schema, std::nullopt, true}, "Current version of schema \"public\": null\n",
       ""},
      {NothingToDo{schema}, "Schema \"public\" is up to date. No migration necessary.\n", ""},
      {Migrated{schema, 1, "3", milliseconds(1)},
       "Successfully applied 1 migration to schema \"public\", now at version v3 (execution time "
       "00:00.001s)\n",
       ""},
      {Migrated{schema, 2, std::nullopt, milliseconds(1)},
       "Successfully applied 2 migrations to schema \"public\" (execution time 00:00.001s)\n", ""},
      {Baselined{"1"}, "Successfully baselined schema with version: 1\n", ""},
      {RepairDeleted{"2", "b"},
       "Repairing Schema History table for version \"2\" (Marking as DELETED)  ...\n", ""},
      {RepairDeleted{std::nullopt, "r"},
       "Repairing Schema History table for description \"r\" (Marking as DELETED)  ...\n", ""},
      {RepairAligned{"2", "b", "SQL", "-5"},
       "Repairing Schema History table for version 2 (Description: b, Type: SQL, Checksum: -5)  "
       "...\n",
       ""},
      {OutOfOrderActive{schema},
       "WARNING: outOfOrder mode is active. Migration of schema \"public\" may not be "
       "reproducible.\n",
       ""},
      {NewerThanLatest{schema, "3", "2"},
       "WARNING: Schema \"public\" has a version (3) that is newer than the latest available "
       "migration (2) !\n",
       ""},
      {MigrationFailed{"schema \"public\" to version \"1 - a\"", true}, "",
       "ERROR: Migration of schema \"public\" to version \"1 - a\" failed! Changes successfully "
       "rolled back.\n"},
      {MigrationFailed{"schema \"public\" to version \"1 - a\"", false}, "",
       "ERROR: Migration of schema \"public\" to version \"1 - a\" failed! Please restore backups "
       "and roll back database and code!\n"},
      {LocationSkipped{"filesystem:nowhere", "not found"}, "",
       "ERROR: Skipping filesystem location: filesystem:nowhere (not found)\n"},
  };
  for (const auto& [event, out, error] : cases) {
    Desk desk;
    Console(desk.output).hear(event);
    EXPECT_EQ(desk.out.text, out);
    EXPECT_EQ(desk.error.text, error);
  }
}

TEST(ConsoleTest, KeepsItsWarningsForTheDocument) {
  Desk desk;
  Console console(desk.output);
  console.hear(CommandEvent(Warned{"look here"}));
  console.hear(Event(Note{.level = Note::Level::warning, .text = "and here"}));
  console.hear(
      Event(ServerNotice{.severity = "WARNING", .message = "server's", .sqlstate = "01000"}));
  console.hear(
      Event(ServerNotice{.severity = "NOTICE", .message = "is there", .sqlstate = "42P07"}));
  console.hear(Event(ServerNotice{.severity = "NOTICE", .message = "raised", .sqlstate = "00000"}));
  for (const CommandEvent& aside :
       {CommandEvent(NothingFound{}), CommandEvent(NewerThanLatest{"\"s\"", "3", "2"}),
        CommandEvent(WarnedAside{"by the way"})}) {
    console.hear(aside);
  }
  EXPECT_EQ(console.take_warnings(), (std::vector<std::string>{"look here", "and here"}));
  EXPECT_TRUE(console.take_warnings().empty()) << "each is told once";
  EXPECT_EQ(desk.out.text,
            "WARNING: look here\nWARNING: and here\n"
            "WARNING: DB: server's (SQL State: 01000 - Error Code: 0)\n"
            "WARNING: DB: is there (SQL State: 42P07 - Error Code: 0)\n"
            "DB: raised\n"
            "WARNING: No migrations found. Are your locations set up correctly?\n"
            "WARNING: Schema \"s\" has a version (3) that is newer than the latest available "
            "migration (2) !\n"
            "WARNING: by the way\n");
}

TEST(ConsoleTest, ShowsWhatAStatementReturnedUnlessToldNotTo) {
  const Event result = QueryResult{
      .columns = {"id", "name"}, .rows = {{"1", "x"}, {"2", std::nullopt}}, .row_count = 5};
  Desk desk;
  Console console(desk.output);
  console.hear(result);
  EXPECT_EQ(desk.out.text,
            "+----+------+\n"
            "| id | name |\n"
            "+----+------+\n"
            "| 1  | x    |\n"
            "| 2  |      |\n"
            "+----+------+\n"
            "(2 of 5 rows shown)\n");
  desk.out.text.clear();
  console.show_query_results(false);
  console.hear(result);
  EXPECT_EQ(desk.out.text, "");
}

TEST(OutputTest, CleansWhateverPasses) {
  Desk desk;
  Lines copy;
  desk.redactor.learn("hunter2");
  desk.output.set_copy(&copy);
  desk.output.info("password hunter2");
  desk.output.fail("hunter2 is wrong");
  desk.output.answer("{\"p\": \"hunter2\"}");
  EXPECT_FALSE((desk.out.text + desk.error.text + copy.text).contains("hunter2"));
  EXPECT_EQ(desk.error.text, "ERROR: **** is wrong\n");
}

TEST(OutputTest, PrintsAsMuchAsWasAskedFor) {
  const auto printed = [](Verbosity verbosity, bool document) {
    Desk desk;
    desk.output.set_verbosity(verbosity);
    desk.output.set_document_mode(document);
    desk.output.debug("debug");
    desk.output.info("info");
    desk.output.warn("warn");
    desk.output.answer("answer\n");
    return replace_all(desk.out.text, "\n", ";");
  };
  EXPECT_EQ(printed(Verbosity::normal, false), "info;WARNING: warn;answer;");
  EXPECT_TRUE(printed(Verbosity::debug, false).contains("debug;"));
  EXPECT_FALSE(printed(Verbosity::quiet, false).contains("info"));
  EXPECT_EQ(printed(Verbosity::normal, true), "answer;") << "one document and nothing beside it";
}

TEST(ErrorTextTest, HasPlaceExcerptAndNextStep) {
  const Error error{.code = ErrorCode::sql_failed,
                    .message = "Failed to execute script V1__a.sql: no such column: x",
                    .hint = "correct the statement",
                    .trail = {"migrate", "V1__a.sql, line 2, column 8"},
                    .sqlstate = "42703",
                    .excerpt = "2 | SELECT x;\n           ^"};
  EXPECT_EQ(error_text(error),
            "Failed to execute script V1__a.sql: no such column: x (SQLSTATE 42703)\n"
            "  at migrate, V1__a.sql, line 2, column 8\n"
            "2 | SELECT x;\n"
            "           ^\n"
            "-> correct the statement");
  EXPECT_EQ(error_text(Error{.message = "alone"}), "alone");
}

const DocumentContext context = {.timestamp = "2026-11-22T18:42:48.123456",
                                 .version = "0.1.0",
                                 .database = "app",
                                 .database_type = "PostgreSQL",
                                 .schema_names = "",
                                 .warnings = {}};

TEST(JsonTest, IsFlywaysDocumentOfInfo) {
  Listed listed;
  listed.report.info.rows.erase(listed.report.info.rows.begin() + 1);
  EXPECT_EQ(json_document(std::move(listed.report), context), R"({
  "timestamp": "2026-11-22T18:42:48.123456",
  "operation": "info",
  "exception": null,
  "licenseFailed": false,
  "schemaVersion": "1",
  "schemaName": "",
  "migrations": [
    {
      "category": "Versioned",
      "version": "1",
      "rawVersion": "1",
      "description": "a",
      "type": "SQL",
      "installedOnUTC": "2026-11-22T18:42:48.123456Z",
      "state": "Success",
      "undoable": "Yes",
      "filepath": "/p/sql/V1__a.sql",
      "undoFilepath": "",
      "installedBy": "me",
      "shouldExecuteExpression": null,
      "executionTime": 12
    },
    {
      "category": "Versioned",
      "version": "2.0",
      "rawVersion": "2_0",
      "description": "b",
      "type": "SQL",
      "installedOnUTC": "",
      "state": "Pending",
      "undoable": "No",
      "filepath": "/p/sql/V2_0__b.sql",
      "undoFilepath": "",
      "installedBy": "",
      "shouldExecuteExpression": null,
      "executionTime": 0
    }
  ],
  "flywayVersion": "0.1.0",
  "database": "app",
  "allSchemasEmpty": false
}
)");
}

TEST(JsonTest, IsFlywaysDocumentOfMigrate) {
  const MigrateReport report{.initial_version = std::nullopt,
                             .target_version = "1",
                             .migrations = {{.category = "Versioned",
                                             .version = "1",
                                             .description = "a",
                                             .type = "SQL",
                                             .shown = "/p/sql/V1__a.sql",
                                             .execution_time = std::chrono::milliseconds(5)}},
                             .time = std::chrono::milliseconds(9)};
  DocumentContext warned = context;
  warned.warnings = {"careful"};
  EXPECT_EQ(json_document(report, warned), R"({
  "timestamp": "2026-11-22T18:42:48.123456",
  "operation": "migrate",
  "exception": null,
  "licenseFailed": false,
  "initialSchemaVersion": null,
  "targetSchemaVersion": "1",
  "schemaName": "",
  "migrations": [
    {
      "category": "Versioned",
      "version": "1",
      "description": "a",
      "type": "SQL",
      "filepath": "/p/sql/V1__a.sql",
      "executionTime": 5
    }
  ],
  "migrationsExecuted": 1,
  "success": true,
  "flywayVersion": "0.1.0",
  "database": "app",
  "warnings": [
    "careful"
  ],
  "databaseType": "PostgreSQL",
  "totalMigrationTime": 9
}
)");
}

TEST(JsonTest, IsFlywaysDocumentOfValidate) {
  const ValidateReport report{.findings = {{.version = "1",
                                            .description = "a",
                                            .shown = "/p/sql/V1__a.sql",
                                            .code = "CHECKSUM_MISMATCH",
                                            .message = "one\ntwo"}},
                              .validated = 3};
  EXPECT_EQ(json_document(report, context), R"({
  "flywayVersion": "0.1.0",
  "database": "app",
  "warnings": [],
  "operation": "validate",
  "errorDetails": {
    "errorCode": "VALIDATE_ERROR",
    "errorMessage": "Migrations have failed validation"
  },
  "invalidMigrations": [
    {
      "version": "1",
      "description": "a",
      "filepath": "/p/sql/V1__a.sql",
      "errorDetails": {
        "errorCode": "CHECKSUM_MISMATCH",
        "errorMessage": "one\ntwo"
      }
    }
  ],
  "validationSuccessful": false,
  "validateCount": 0,
  "allErrorMessages": "one\ntwo"
}
)");
}

TEST(JsonTest, IsFlywaysDocumentOfRepair) {
  const MigrationEntry entry{.version = "2", .description = "b", .shown = ""};
  EXPECT_EQ(json_document(RepairReport{.deleted = {entry}}, context), R"({
  "flywayVersion": "0.1.0",
  "database": "app",
  "warnings": [],
  "operation": "repair",
  "repairActions": [
    "Marked missing migrations as deleted"
  ],
  "migrationsRemoved": [],
  "migrationsDeleted": [
    {
      "version": "2",
      "description": "b",
      "filepath": ""
    }
  ],
  "migrationsAligned": []
}
)");
}

TEST(JsonTest, NamesAnErrorWithItsHint) {
  EXPECT_EQ(json_error({.code = ErrorCode::missing_branch,
                        .message = "there is no branch mian",
                        .hint = "main is near",
                        .trail = {"fetch"}}),
            R"({
  "error": {
    "errorCode": "MISSING_BRANCH",
    "message": "there is no branch mian",
    "hint": "main is near",
    "trail": [
      "fetch"
    ],
    "cause": null
  }
}
)");
}

TEST(JsonTest, TellsAFailedStatementFieldByField) {
  const auto sql = std::make_shared<SqlFailure>(SqlFailure{.message = "column \"x\" does not exist",
                                                           .position = 8,
                                                           .located = "sql/V1__a.sql",
                                                           .shown = "/p/sql/V1__a.sql",
                                                           .line = 2,
                                                           .statement = "SELECT x"});
  const MigrateReport report{
      .error = Error{.code = ErrorCode::sql_failed,
                     .message = "Failed to execute script V1__a.sql: column \"x\" does not exist",
                     .sqlstate = "42703",
                     .sql = sql}};
  const std::string document = json_document(report, context);
  for (const auto* const part :
       {R"("exception": "Failed to execute script V1__a.sql\n----------------------------------\n)"
        R"(SQL State  : 42703\nError Code : 0\nMessage    : ERROR: column \"x\" does not exist\n)"
        R"(  Position: 8\nLocation   : sql/V1__a.sql (/p/sql/V1__a.sql)\nLine       : 2\n)"
        R"(Statement  : SELECT x\n",)",
        R"("success": false)", R"("errorCode": "FAILED_VERSIONED_MIGRATION")",
        R"("sqlState": "42703")", R"("lineNumber": 2)", R"("path": "/p/sql/V1__a.sql")"}) {
    EXPECT_TRUE(document.contains(part)) << part << "\nis not in\n" << document;
  }
}

TEST(JsonTest, NamesCallbackAndScriptOfAFailure) {
  const auto sql = std::make_shared<SqlFailure>(SqlFailure{.message = "not: here"});
  const MigrateReport report{
      .error = Error{.code = ErrorCode::sql_failed,
                     .message = "Error while executing x callback: Failed to execute script "
                                "x.sql: not: here",
                     .sql = sql}};
  EXPECT_TRUE(json_document(report, context)
                  .contains(R"("exception": "Error while executing x callback: Failed to execute )"
                            R"(script x.sql\n------------------------------\nSQL)"));
}

TEST(JsonTest, UnderlinesLetterByLetter) {
  const auto sql = std::make_shared<SqlFailure>(SqlFailure{.message = "no"});
  const MigrateReport report{.error =
                                 Error{.code = ErrorCode::sql_failed,
                                       .message = "Failed to execute script V1__\u00E4.sql: no",
                                       .sql = sql}};
  EXPECT_TRUE(json_document(report, context)
                  .contains("V1__\u00E4.sql\\n----------------------------------\\nSQL State"));
}

TEST(JsonTest, HasNoSubErrorForAStatementOfItsOwn) {
  const std::string error =
      json_error({.code = ErrorCode::sql_failed, .message = "no schema one", .sqlstate = "3F000"});
  EXPECT_TRUE(error.contains("\"subErrorCode\": null")) << error;
}

TEST(JsonTest, SurvivesBytesThatAreNoUtf8) {
  EXPECT_TRUE(json_error({.message = "caf\xE9"}).contains("caf\xEF\xBF\xBD"));
}

TEST(JsonTest, JoinsTheDocumentsOfACall) {
  EXPECT_EQ(json_documents({"{\"a\": 1}\n", "{\"b\": 2}\n"}), R"({
  "individualResults": [
    {
      "a": 1
    },
    {
      "b": 2
    }
  ]
}
)");
}

}  // namespace
}  // namespace dunlin
