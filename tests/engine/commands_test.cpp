#include <algorithm>

#include "project.hpp"

namespace dunlin::test {
namespace {

/// Two tables, and a view over them that is made anew when it changes.
struct Shop : Project {
  Shop() {
    write("V1__customers.sql", "CREATE TABLE customers(id INTEGER, name TEXT);");
    write("V2__orders.sql", "CREATE TABLE orders(id INTEGER);\nINSERT INTO orders VALUES (7);");
    write("R__totals.sql", "DROP VIEW IF EXISTS totals;\nCREATE VIEW totals AS SELECT 1 x;");
  }
};

/// "1 customers, 2 orders": what a report lists.
std::string listed(const std::vector<MigrationEntry>& entries) {
  std::vector<std::string> lines;
  for (const auto& each : entries) {
    lines.push_back(each.version.empty() ? each.description
                                         : each.version + " " + each.description);
  }
  return join(lines, ", ");
}

TEST(MigrateTest, RunsWhatIsPendingAndRemembersIt) {
  Shop project;
  const auto report = project.run(migrate);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_FALSE(report->error);
  EXPECT_EQ(listed(report->migrations), "1 customers, 2 orders, totals");
  EXPECT_EQ(report->initial_version, std::nullopt);
  EXPECT_EQ(report->target_version, "2");
  EXPECT_EQ(project.ask("SELECT x, (SELECT id FROM orders) FROM totals"), "1 7");
  EXPECT_EQ(project.history(), "1 1 customers SQL 1, 2 2 orders SQL 1, 3 null totals SQL 1");
  EXPECT_EQ(project.states(), "1 Success, 2 Success, totals Success");
}

TEST(MigrateTest, DoesNothingTheSecondTime) {
  Shop project;
  ASSERT_TRUE(project.run(migrate));
  const std::string before = project.history();
  const auto again = project.run(migrate);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_TRUE(again->migrations.empty());
  EXPECT_EQ(again->initial_version, "2");
  EXPECT_EQ(project.history(), before);
  EXPECT_EQ(project.record.warnings, std::vector<std::string>{"nothing to do"});
}

TEST(MigrateTest, RunsARepeatableAgainWhenItChanged) {
  Shop project;
  ASSERT_TRUE(project.run(migrate));
  project.write("R__totals.sql", "DROP VIEW totals;\nCREATE VIEW totals AS SELECT 2 x;");
  EXPECT_EQ(listed(project.run(migrate).value().migrations), "totals");
  EXPECT_EQ(project.ask("SELECT x FROM totals"), "2");
  EXPECT_EQ(project.states(), "1 Success, 2 Success, totals Superseded, totals Success");
}

TEST(MigrateTest, StopsAtTheFirstThatFailsAndKeepsWhatWasDone) {
  Shop project;
  project.write("V2__orders.sql", "CREATE TABLE orders(id INTEGER);\nSELECT nonsense;");
  const auto report = project.run(migrate);
  ASSERT_TRUE(report) << report.error().message;
  ASSERT_TRUE(report->error);
  EXPECT_EQ(report->error->code, ErrorCode::sql_failed);
  EXPECT_TRUE(report->error->message.starts_with("Failed to execute script V2__orders.sql"))
      << report->error->message;
  EXPECT_TRUE(report->error->message.contains("no such column: nonsense"));
  EXPECT_EQ(listed(report->migrations), "1 customers");
  EXPECT_EQ(project.history(), "1 1 customers SQL 1");
  EXPECT_EQ(project.ask("SELECT count(*) FROM sqlite_master WHERE name = 'orders'"), "0")
      << "its first statement is rolled back";
}

TEST(MigrateTest, RefusesAChangedScriptBeforeItRunsAnything) {
  Shop project;
  ASSERT_TRUE(project.run(migrate));
  project.write("V1__customers.sql", "CREATE TABLE customers(id INTEGER);");
  project.write("V3__new.sql", "CREATE TABLE new(id INTEGER);");
  const auto report = project.run(migrate);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::validation);
  EXPECT_EQ(project.states(), "1 Success, 2 Success, totals Success, 3 Pending");
}

TEST(MigrateTest, LeavesADatabaseAloneThatItDidNotMake) {
  Shop project;
  project.ask("CREATE TABLE old(id INTEGER)");
  const auto refused = project.run(migrate);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::non_empty_schema);
  project.options.migrate.baseline_on_migrate = true;
  EXPECT_EQ(listed(project.run(migrate).value().migrations), "2 orders, totals");
  EXPECT_EQ(project.history(),
            "1 1 << Flyway Baseline >> BASELINE 1, 2 2 orders SQL 1, 3 null totals SQL 1");
}

TEST(MigrateTest, GoesAsFarAsTheTarget) {
  Shop project;
  project.options.migrate.target = *Target::parse("1");
  EXPECT_EQ(listed(project.run(migrate).value().migrations), "1 customers, totals");
  project.options.migrate.target = *Target::parse("5");
  const auto unknown = project.run(migrate);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::configuration);
  project.options.migrate.target = *Target::parse("5?");
  EXPECT_EQ(listed(project.run(migrate).value().migrations), "2 orders");
}

TEST(MigrateTest, FillsPlaceholdersButSumsTheFileAsItStands) {
  Project project;
  project.write("V1__a.sql", "CREATE TABLE ${name}(id INTEGER);");
  project.options.scripts.placeholders.emplace("name", Secret("first"));
  ASSERT_TRUE(project.run(migrate));
  EXPECT_EQ(project.ask("SELECT count(*) FROM first"), "0");
  project.options.scripts.placeholders.insert_or_assign("name", Secret("second"));
  EXPECT_TRUE(project.run(validate).value().findings.empty());
}

// The checksum of the history is of the text that ran, whatever becomes of the file meanwhile.
TEST(MigrateTest, RunsNothingButWhatItSummed) {
  const std::string large(100'000, ' ');
  struct Case {
    const char *why, *file;
    bool is_large;
    const char* then;  // empty: the file is gone
    const char* error;
  };
  constexpr Case cases[] = {
      {"a small one was kept", "V1__a.sql", false, "CREATE TABLE other (i INT);", ""},
      {"even if it is gone", "R__a.sql", false, "", ""},
      {"a large one is read again", "V1__a.sql", true, "CREATE TABLE other (i INT);",
       "changed while dunlin was running"},
      {"a repeatable one, too", "R__a.sql", true, "CREATE TABLE other (i INT);",
       "changed while dunlin was running"},
      {"and it may be gone", "V1__a.sql", true, "", "cannot read"},
      {"or be the same", "R__a.sql", true, "CREATE TABLE bird (i INT);", ""},
  };
  for (const auto& [why, file, is_large, then, error] : cases) {
    SCOPED_TRACE(why);
    Project project;
    const std::string behind = is_large ? large : "";
    project.write(file, "CREATE TABLE bird (i INT);" + behind);
    project.meanwhile = [&project, file, then, behind] {
      if (*then == '\0') {
        project.remove(file);
      } else {
        project.write(file, then + behind);
      }
    };
    const auto report = project.run(migrate);
    ASSERT_TRUE(report) << report.error().message;
    ASSERT_EQ(report->error.has_value(), *error != '\0');
    if (report->error) {
      EXPECT_TRUE(report->error->message.contains(error)) << report->error->message;
      EXPECT_EQ(project.history(), "");
    } else {
      EXPECT_EQ(project.ask("SELECT count(*) FROM bird"), "0");
    }
  }
}

TEST(MigrateTest, RunsAGroupWholeOrNotAtAll) {
  Shop project;
  project.write("V3__broken.sql", "SELECT nonsense;");
  project.options.migrate.group = true;
  const auto report = project.run(migrate);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->error);
  EXPECT_TRUE(report->migrations.empty()) << listed(report->migrations);
  EXPECT_EQ(project.history(), "");
  EXPECT_EQ(project.ask("SELECT count(*) FROM sqlite_master WHERE name = 'customers'"), "0");
}

TEST(MigrateTest, OnlyWritesItDownWhenToldToSkip) {
  Shop project;
  project.options.migrate.skip_executing = true;
  ASSERT_TRUE(project.run(migrate));
  EXPECT_EQ(project.states(), "1 Success, 2 Success, totals Success");
  EXPECT_EQ(project.ask("SELECT count(*) FROM sqlite_master WHERE name = 'customers'"), "0");
}

TEST(MigrateTest, RunsCallbacksAroundTheWholeAndEachScript) {
  Project project;
  project.write("V1__a.sql", "CREATE TABLE a(id INTEGER);");
  for (const auto* const name : {"beforeMigrate", "beforeEachMigrate", "afterEachMigrate__x",
                                 "afterMigrate", "afterMigrateError"}) {
    project.write(std::string(name) + ".sql", "SELECT 1;");
  }
  ASSERT_TRUE(project.run(migrate));
  EXPECT_EQ(join(project.record.begun, "; "),
            "beforeMigrate - ; beforeEachMigrate - ; schema \"main\" to version \"1 - a\"; "
            "afterEachMigrate - x; afterMigrate - ");
}

TEST(InfoCommandTest, ChangesNothing) {
  Shop project;
  EXPECT_EQ(project.states(), "1 Pending, 2 Pending, totals Pending");
  EXPECT_EQ(project.ask("SELECT count(*) FROM sqlite_master"), "0");
}

TEST(ValidateCommandTest, TellsWhatDoesNotFit) {
  Shop project;
  ASSERT_TRUE(project.run(migrate));
  EXPECT_EQ(project.run(validate).value().validated, 3U);
  project.remove("V1__customers.sql");
  project.write("V3__new.sql", "SELECT 1;");
  const auto report = project.run(validate).value();
  ASSERT_EQ(report.findings.size(), 2U);
  EXPECT_EQ(report.findings[0].code, "APPLIED_VERSIONED_MIGRATION_NOT_RESOLVED");
  EXPECT_EQ(report.findings[1].code, "RESOLVED_VERSIONED_MIGRATION_NOT_APPLIED");
  EXPECT_EQ(validation_error(report).code, ErrorCode::validation);
}

TEST(BaselineTest, DeclaresAVersionOnce) {
  Shop project;
  project.ask("CREATE TABLE customers(id INTEGER)");
  const auto report = project.run(baseline);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->done);
  EXPECT_EQ(project.history(), "1 1 << Flyway Baseline >> BASELINE 1");
  EXPECT_EQ(project.states(), "1 Ignored (Baseline), 1 Baseline, 2 Pending, totals Pending");
  EXPECT_FALSE(project.run(baseline).value().done) << "the same again is no error";
  project.options.baseline.version = "2";
  EXPECT_FALSE(project.run(baseline)) << "another version is";
}

TEST(MigrateTest, RefusesClashingScriptsBeforeItChangesAnything) {
  Shop project;
  project.write("V2__again.sql", "SELECT 1;");
  project.options.migrate.validate_on_migrate = false;
  const auto report = project.run(migrate);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::duplicate_script);
  EXPECT_EQ(project.ask("SELECT count(*) FROM sqlite_master"), "0");
}

TEST(MigrateTest, RecordsWithoutRunningOnASchemaThatIsNotEmpty) {
  Shop project;
  project.ask("CREATE TABLE older(i INTEGER)");
  project.options.migrate.skip_executing = true;
  const auto report = project.run(migrate);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(project.history(), "1 1 customers SQL 1, 2 2 orders SQL 1, 3 null totals SQL 1");
  EXPECT_EQ(project.ask("SELECT count(*) FROM sqlite_master WHERE name = 'customers'"), "0");
}

TEST(MigrateTest, TakesNoBaselineWhereNothingRuns) {
  Shop project;
  project.ask("CREATE TABLE older(i INTEGER)");
  project.options.migrate.skip_executing = true;
  project.options.migrate.baseline_on_migrate = true;
  ASSERT_TRUE(project.run(migrate));
  EXPECT_EQ(project.states(), "1 Success, 2 Success, totals Success");
}

TEST(MigrateTest, SaysThatAnEmptyDatabaseNeedsNoBaseline) {
  for (const bool skip : {false, true}) {
    Shop project;
    project.options.migrate.skip_executing = skip;
    project.options.migrate.baseline_on_migrate = true;
    ASSERT_TRUE(project.run(migrate));
    EXPECT_EQ(std::ranges::count_if(project.record.notes,
                                    [](const std::string& text) {
                                      return text.contains("baseline operation skipped");
                                    }),
              1);
  }
}

TEST(MigrateTest, ReportsThatSomethingFailedBefore) {
  Shop project;
  project.write("V3__broken.sql", "SELECT nonsense;");
  project.options.scripts.execute_in_transaction = false;
  project.options.migrate.validate_on_migrate = false;
  ASSERT_TRUE(project.run(migrate));
  const auto again = project.run(migrate);
  ASSERT_TRUE(again) << "a document of its own, not only an error: " << again.error().message;
  ASSERT_TRUE(again->error);
  EXPECT_EQ(again->error->message, "Schema \"main\" contains a failed migration to version 3 !");
}

TEST(MigrateTest, NamesARepeatableScriptThatFailedBefore) {
  Shop project;
  project.write("R__totals.sql", "SELECT nonsense;");
  project.options.scripts.execute_in_transaction = false;
  project.options.migrate.validate_on_migrate = false;
  ASSERT_TRUE(project.run(migrate));
  const auto again = project.run(migrate);
  ASSERT_TRUE(again && again->error);
  EXPECT_EQ(again->error->message,
            "Schema \"main\" contains a failed repeatable migration (\"totals\") !");
}

TEST(MigrateTest, TakesOneStepToTheNextTarget) {
  Shop project;
  project.options.migrate.target = {.kind = Target::Kind::next};
  for (const std::string_view states :
       {"1 Success, 2 Pending, totals Pending", "1 Success, 2 Success, totals Pending",
        "1 Success, 2 Success, totals Success"}) {
    ASSERT_TRUE(project.run(migrate));
    project.options.migrate.target = {};
    EXPECT_EQ(project.states(), states);
    project.options.migrate.target = {.kind = Target::Kind::next};
  }
}

TEST(MigrateTest, NamesWhatInAGroupIsNotAsTheFirst) {
  for (const auto& [file, name] : {std::pair("V0__x.sql.conf", "\"1 customers\""),
                                   std::pair("V2__orders.sql.conf", "\"2 orders\" [non-tr")}) {
    Shop project;
    project.write("V0__x.sql", "SELECT 1;");
    project.write(file, "executeInTransaction=false");
    project.options.migrate.group = true;
    const auto report = project.run(migrate);
    ASSERT_TRUE(report && report->error);
    EXPECT_TRUE(report->error->message.contains(std::string("migration: ") + name))
        << report->error->message;
  }
}

TEST(MigrateTest, LooksThroughAGroupBeforeAnythingRuns) {
  Shop project;
  project.write("V3__mixed.sql", "PRAGMA foreign_keys = ON;\nCREATE TABLE more(i INTEGER);");
  project.options.migrate.group = true;
  const auto report = project.run(migrate);
  ASSERT_TRUE(report && report->error);
  EXPECT_TRUE(report->error->message.starts_with("Detected both transactional"))
      << report->error->message;
  EXPECT_TRUE(project.record.begun.empty()) << join(project.record.begun, ", ");
}

TEST(MigrateTest, TakesOneSnapshotBeforeItChangesAnything) {
  Shop project;
  project.write("beforeMigrate.sql", "CREATE TABLE IF NOT EXISTS early(id INTEGER);");
  std::vector<std::string> seen;
  project.take_snapshot = [&]() -> Result<std::string> {
    seen.push_back(project.ask("SELECT count(*) FROM sqlite_schema"));
    return "arn:aws:rds:x";
  };
  const auto first = project.run(migrate);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_EQ(first->snapshot, "arn:aws:rds:x");
  EXPECT_EQ(project.run(migrate)->snapshot, "") << "nothing was pending";
  EXPECT_EQ(seen, std::vector<std::string>{"0"});
}

TEST(MigrateTest, ChangesNothingWhenTheSnapshotFails) {
  Shop project;
  project.take_snapshot = [] { return Error{.code = ErrorCode::snapshot_failed, .message = "no"}; };
  const auto report = project.run(migrate);
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ErrorCode::snapshot_failed);
  EXPECT_EQ(project.ask("SELECT count(*) FROM sqlite_schema"), "0");
}

TEST(MigrateTest, TakesNoSnapshotWhereItIsStoppedAnyway) {
  struct Case {
    const char* why;
    std::function<void(Shop&)> arrange;
  };
  const Case cases[] = {
      {"a script that failed before",
       [](Shop& project) {
         project.write("V3__broken.sql", "SELECT nonsense;");
         project.options.scripts.execute_in_transaction = false;
         project.options.migrate.validate_on_migrate = false;
         ASSERT_TRUE(project.run(migrate));
         project.write("V4__new.sql", "SELECT 1;");
       }},
      {"a script that was changed",
       [](Shop& project) {
         ASSERT_TRUE(project.run(migrate));
         project.write("V1__customers.sql", "CREATE TABLE customers(id INTEGER);");
         project.write("V3__new.sql", "SELECT 1;");
       }},
      {"a database that it did not make",
       [](Shop& project) { project.ask("CREATE TABLE old(id INTEGER)"); }},
      {"a group of both kinds",
       [](Shop& project) {
         project.write("V3__mixed.sql", "PRAGMA foreign_keys = ON;\nCREATE TABLE more(i INTEGER);");
         project.options.migrate.group = true;
       }},
  };
  for (const auto& [why, arrange] : cases) {
    SCOPED_TRACE(why);
    Shop project;
    arrange(project);
    project.take_snapshot = []() -> Result<std::string> {
      ADD_FAILURE() << "it is taken";
      return "";
    };
    const auto report = project.run(migrate);
    EXPECT_TRUE(!report || report->error);
  }
}

TEST(MigrateTest, RecordsWithoutRunningWhatNoDatabaseReads) {
  Shop project;
  project.write("V3__open.sql", "SELECT 'never closed;");
  project.write("V4__nul.sql", std::string_view("a\0b", 3));
  project.options.migrate.skip_executing = true;
  ASSERT_TRUE(project.run(migrate));
  EXPECT_EQ(project.states(), "1 Success, 2 Success, 3 Success, 4 Success, totals Success");
}

TEST(MigrateTest, RecordsNoStatementsThatDoNotGoTogether) {
  Shop project;
  project.write("V3__mixed.sql", "PRAGMA foreign_keys = ON;\nCREATE TABLE more(i INTEGER);");
  project.options.migrate.skip_executing = true;
  const auto report = project.run(migrate);
  EXPECT_TRUE(!report || report->error);
  EXPECT_EQ(project.states(), "1 Success, 2 Success, 3 Pending, totals Pending");
}

TEST(CleanTest, NeedsWhatStandsInConfigurationFiles) {
  Shop project;
  ASSERT_TRUE(project.run(migrate));
  project.write("V1__customers.sql.conf", "foo=bar");
  project.options.clean_disabled = false;
  EXPECT_TRUE(project.refusal().contains("Unknown configuration property: foo"))
      << project.refusal();
}

TEST(MigrateTest, FailsAScriptWhoseStatementsHaveAFailingCallback) {
  for (const std::string name : {"beforeEachMigrateStatement", "afterEachMigrateStatement"}) {
    Project project;
    project.write("V1__a.sql", "CREATE TABLE a(id INTEGER);");
    project.write(name + ".sql", "SELECT nonsense;");
    ASSERT_TRUE(project.run(migrate));
    EXPECT_EQ(project.record.failed,
              std::vector<std::string>{"schema \"main\" to version \"1 - a\""})
        << name;
  }
}

TEST(CleanTest, NeedsNoScripts) {
  Shop project;
  ASSERT_TRUE(project.run(migrate));
  project.write("V2__again.sql", "SELECT 1;");
  project.options.clean_disabled = false;
  const auto report = project.run(clean);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(project.ask("SELECT count(*) FROM sqlite_master"), "0");
}

TEST(BaselineTest, WarnsWhereSchemasAreNotToBeMade) {
  Project project;
  project.options.schemas.create_schemas = false;
  ASSERT_TRUE(project.run(baseline));
  ASSERT_EQ(project.record.warnings.size(), 1U) << "also where there is one";
  EXPECT_TRUE(project.record.warnings[0].contains("still needs a schema to reside in"));
}

TEST(BaselineTest, RefusesAHistoryThatIsThereAndEmpty) {
  Project project;
  ASSERT_TRUE(project.run(migrate));
  const auto report = project.run(baseline);
  ASSERT_FALSE(report);
  EXPECT_TRUE(report.error().message.ends_with("as it already exists, and is empty"));
}

TEST(RepairTest, BringsTheHistoryInLineWithTheFiles) {
  Shop project;
  ASSERT_TRUE(project.run(migrate));
  project.remove("V1__customers.sql");
  project.write("V2__renamed.sql", "-- another text");
  project.remove("V2__orders.sql");
  project.ask("UPDATE flyway_schema_history SET success = 0 WHERE version IS NULL");
  const auto report = project.run(repair);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(listed(report->removed), "totals");
  EXPECT_EQ(listed(report->deleted), "1 customers");
  EXPECT_EQ(listed(report->aligned), "2 orders");  // the name it had, as with Flyway
  EXPECT_EQ(project.history(), "1 1 customers SQL 1, 2 2 renamed SQL 1, 3 1 customers DELETE 1");
  EXPECT_EQ(project.states(), "1 Deleted, 2 Success, totals Pending");
  const auto again = project.run(repair).value();
  EXPECT_TRUE(again.removed.empty() && again.deleted.empty() && again.aligned.empty());
}

TEST(RepairTest, SeesWhatAFailedRowStoodBefore) {
  Shop project;
  ASSERT_TRUE(project.run(migrate));
  project.remove("R__totals.sql");
  project.ask(
      "INSERT INTO flyway_schema_history SELECT 9, version, description, type, script, checksum, "
      "installed_by, installed_on, execution_time, 0 FROM flyway_schema_history WHERE version IS "
      "NULL");
  const auto report = project.run(repair);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_EQ(listed(report->removed), "totals");
  EXPECT_EQ(listed(report->deleted), "totals") << "the run before, whose script is gone as well";
  EXPECT_EQ(project.states(), "1 Success, 2 Success, totals Deleted, totals Success");
}

TEST(CleanTest, DropsEverythingOnlyWhenAllowed) {
  Shop project;
  ASSERT_TRUE(project.run(migrate));
  const auto refused = project.run(clean);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::clean_disabled);
  EXPECT_EQ(project.ask("SELECT id FROM orders"), "7");
  project.options.clean_disabled = false;
  ASSERT_TRUE(project.run(clean));
  EXPECT_EQ(project.ask("SELECT count(*) FROM sqlite_master"), "0");
  EXPECT_EQ(listed(project.run(migrate).value().migrations), "1 customers, 2 orders, totals");
}

TEST(UndoTest, TakesBackTheNewestVersion) {
  Shop project;
  project.write("U2__orders.sql", "DROP TABLE orders;");
  ASSERT_TRUE(project.run(migrate));
  const auto report = project.run(undo);
  ASSERT_TRUE(report) << report.error().message;
  EXPECT_TRUE(report->undo);
  EXPECT_EQ(listed(report->migrations), "2 orders");
  EXPECT_EQ(project.history(),
            "1 1 customers SQL 1, 2 2 orders SQL 1, 3 null totals SQL 1, 4 2 orders UNDO_SQL 1");
  EXPECT_EQ(project.ask("SELECT count(*) FROM sqlite_master WHERE name = 'orders'"), "0");
  EXPECT_EQ(listed(project.run(migrate).value().migrations), "2 orders") << "and it runs again";
  ASSERT_TRUE(project.run(undo));
  EXPECT_FALSE(project.run(undo)) << "version 1 has no undo script";
}

}  // namespace
}  // namespace dunlin::test
