#include "report/console.hpp"

#include "base/text.hpp"
#include "report/table.hpp"

#include <algorithm>

namespace dunlin {
namespace {

std::string_view plural(std::size_t count) { return count == 1 ? "" : "s"; }

std::string words(const CurrentVersion& event) {
  const std::string version =
      event.version.value_or(event.any_applied ? "null" : "<< Empty Schema >>");
  return fmt::format("Current version of schema {}: {}", event.schema, version);
}

std::string words(const Validated& event) {
  return fmt::format("Successfully validated {} migration{} (execution time {})", event.count,
                     plural(event.count), duration_text(event.time));
}

std::string words(const Migrated& event) {
  const std::string version =
      event.version ? fmt::format(", now at version v{}", *event.version) : std::string();
  return fmt::format("Successfully {} {} migration{} to schema {}{} (execution time {})",
                     event.undo ? "undid" : "applied", event.count, plural(event.count),
                     event.schema, version, duration_text(event.time));
}

std::string words(const Cleaned& event) {
  std::string what;
  switch (event.phase) {
    case Cleaned::Phase::before_schemas:
      what = "Successfully dropped pre-schema database level objects";
      break;
    case Cleaned::Phase::schema:
      what = fmt::format("Successfully cleaned schema {}", event.schema);
      break;
    case Cleaned::Phase::after_schemas:
      what = "Successfully dropped post-schema database level objects";
      break;
    case Cleaned::Phase::dropped:
      what = fmt::format("Successfully dropped schema {}", event.schema);
      break;
  }
  return fmt::format("{} (execution time {})", what, duration_text(event.time));
}

std::string words(const Repaired& event) {
  std::string text;
  if (!event.table_exists) {
    text = fmt::format(
        "Repair of failed migration in Schema History table {} not necessary as "
        "table doesn't exist.\n",
        event.table);
  }
  text += fmt::format("Successfully repaired schema history table {} (execution time {}).",
                      event.table, duration_text(event.time));
  if (event.any_deleted) {
    text +=
        "\nPlease ensure the previous contents of the deleted migrations are removed from the "
        "database, or moved into an existing migration.";
  }
  return text;
}

std::string words(const BaselineSkipped& event) {
  return fmt::format("Schema history table {} already initialized with ({},{}). Skipping.",
                     event.table, event.version, event.description);
}

std::string words(const RepairDeleted& event) {
  return fmt::format("Repairing Schema History table for {} \"{}\" (Marking as DELETED)  ...",
                     event.version ? "version" : "description",
                     event.version.value_or(event.description));
}

std::string words(const RepairAligned& event) {
  return fmt::format(
      "Repairing Schema History table for version {} (Description: {}, Type: {}, "
      "Checksum: {})  ...",
      event.version, event.description, event.type, event.checksum);
}

std::string words(const InvalidNames& event) {
  return fmt::format(
      "{} SQL migrations were detected but not run because they did not follow the "
      "filename convention.\nSet 'validateMigrationNaming' to true to fail fast and "
      "see a list of the invalid file names.",
      event.count);
}

std::string words(const HistoryMissing& event) {
  return fmt::format("Schema history table {} does not exist yet", event.table);
}
std::string words(const HistoryCreated& event) {
  return fmt::format("Creating Schema History table {}{} ...", event.table,
                     event.with_baseline ? " with baseline" : "");
}
std::string words(const SchemaCreated& event) {
  return fmt::format("Creating schema {} ...", event.schema);
}
std::string words(const SchemaNotCreated& event) {
  return fmt::format("SQLite does not support creating schemas. Schema not created: {}",
                     event.schema);
}
std::string words(const StepStarted& event) {
  const bool undo = event.step.row.type.starts_with("UNDO_");
  return fmt::format("{} {}", undo ? "Undoing migration of" : "Migrating", event.step.title);
}
std::string words(const MigrationRefused& event) {
  return fmt::format("Migrating {}", event.title);
}
std::string words(const NothingToDo& event) {
  if (event.undo) return fmt::format("Schema {} has no migration to undo.", event.schema);
  return fmt::format("Schema {} is up to date. No migration necessary.", event.schema);
}
std::string words(const Baselined& event) {
  return fmt::format("Successfully baselined schema with version: {}", event.version);
}
std::string words(const RepairRemoved& event) {
  return fmt::format(
      "Repair of failed migration in Schema History table {} not necessary. No "
      "failed migration detected.",
      event.table);
}

std::string words(const RepairRowRemoved& event) {
  return fmt::format(
      "Repairing Schema History table for {} \"{}\" (Removing failed row of {})  ...",
      event.version ? "version" : "description", event.version.value_or(event.description),
      event.script);
}

std::string warning(const OutOfOrderActive& event) {
  return fmt::format("outOfOrder mode is active. Migration of schema {} may not be reproducible.",
                     event.schema);
}
// These stand in no report's list of warnings, as with Flyway; but see ValidateReport.
std::string warning_beside_report(const NothingFound& /*event*/) {
  return std::string(kNothingFound);
}
std::string warning_beside_report(const NewerThanLatest& event) {
  return fmt::format(
      "Schema {} has a version ({}) that is newer than the latest available "
      "migration ({}) !",
      event.schema, event.version, event.latest);
}
std::string warning(const UnknownSchema& event) {
  return fmt::format("Unable to clean unknown schema: {}", event.schema);
}
std::string warning_beside_report(const DeprecatedCallback& event) {
  return fmt::format(
      "'{}' callback is deprecated and will be removed in a later release. Please "
      "use '{}' callback instead.",
      event.name, event.replacement);
}

std::string warning(const Warned& event) { return event.text; }
std::string warning_beside_report(const WarnedAside& event) { return event.text; }

std::string failure(const MigrationFailed& event) {
  return fmt::format("{} of {} failed! {}", event.undo ? "Undo" : "Migration", event.title,
                     event.rolled_back ? "Changes successfully rolled back."
                                       : "Please restore backups and roll back database and code!");
}
std::string failure(const NoScriptsLeft& event) {
  return fmt::format(
      "Schema {} has version {}, but no migration could be resolved in the configured locations !",
      event.schema, event.version);
}
std::string failure(const LocationSkipped& event) {
  return fmt::format("Skipping filesystem location: {} ({})", event.location, event.reason);
}

std::string cell(const std::optional<std::string>& value) { return value.value_or(""); }

std::string table_of(const QueryResult& result) {
  std::vector<std::vector<std::string>> rows;
  for (const Row& row : result.rows) {
    std::vector<std::string>& cells = rows.emplace_back();
    for (const auto& value : row) cells.push_back(cell(value));
  }
  std::string text = ascii_table(result.columns, rows, "No rows returned");
  if (result.row_count > result.rows.size()) {
    text += fmt::format("({} of {} rows shown)\n", result.rows.size(), result.row_count);
  }
  text.pop_back();  // the sink ends the line
  return text;
}

std::string blocker_text(const Blocker& blocker) {
  return fmt::format("pid {} ({} from {}, {} for {} s): {}", blocker.pid,
                     blocker.application.empty() ? blocker.user : blocker.application,
                     blocker.client.empty() ? "a local socket" : blocker.client, blocker.state,
                     blocker.age.count(), blocker.query);
}

std::string words(const WaitingForLock& event) {
  std::string text = fmt::format("Waiting for {} since {:.1f} s", event.what,
                                 static_cast<double>(event.waited.count()) / 1000.0);
  for (const Blocker& blocker : event.blockers) {
    text += fmt::format("\n  held by {}\n  SELECT pg_terminate_backend({}); would end it",
                        blocker_text(blocker), blocker.pid);
  }
  return text;
}

std::string installed_on(const InfoRow& row) {
  // "2026-11-22 18:42:48.123456" to the second
  return row.applied != nullptr ? row.applied->installed_on.substr(0, 19) : std::string();
}

std::string undoable_text(const InfoRow& row) {
  const bool stands_for_a_script = row.version && row.state != State::deleted &&
                                   row.type() != "SCHEMA" && row.category() != "Undo" &&
                                   row.state != State::undone;
  if (!stands_for_a_script) return "";
  return row.undoable ? "Yes" : "No";
}

void print_looked_at(const LookedAt& looked_at, Output& output) {
  const std::vector<std::pair<std::string, std::string>> settings = {
      {"Setting", "Value"},
      {"", ""},
      {"locations", join(looked_at.locations, ", ")},
      {"callbackLocations", join(looked_at.callback_locations, ", ")},
      {"workingDirectory", looked_at.working_directory},
      {"repeatableSqlMigrationPrefix", looked_at.repeatable_prefix},
      {"sqlMigrationPrefix", looked_at.sql_prefix},
      {"baselineMigrationPrefix", looked_at.baseline_prefix},
      {"sqlMigrationSeparator", looked_at.separator},
      {"sqlMigrationSuffixes", join(looked_at.suffixes, ", ")}};
  std::size_t wide = 0;
  std::size_t value_wide = 0;
  for (const auto& [name, value] : settings) {
    wide = std::max(wide, name.size() + 2);  // as Flyway has it
    value_wide = std::max(value_wide, value.size() + 2);
  }
  output.info("No migrations found on disk.");
  output.info("Here are some relevant configuration settings.\n");
  for (const auto& [name, value] : settings) {
    output.info(name.empty() ? fmt::format("|{}|{}|", std::string(wide + 2, '-'),
                                           std::string(value_wide + 2, '-'))
                             : fmt::format("| {:<{}} | {:<{}} |", name, wide, value, value_wide));
  }
  output.info("");
}

}  // namespace

std::string duration_text(std::chrono::milliseconds time) {
  const auto all = time.count();
  return fmt::format("{:02}:{:02}.{:03}s", all / 60000, all / 1000 % 60, all % 1000);
}

void Console::warn(std::string text) {
  output_.warn(text);
  warnings_.push_back(std::move(text));
}

void Console::hear(const CommandEvent& event) {
  std::visit(
      [&](const auto& each) {
        if constexpr (requires { words(each); }) {
          output_.info(words(each));
        } else if constexpr (requires { warning_beside_report(each); }) {
          output_.warn(warning_beside_report(each));
        } else if constexpr (requires { warning(each); }) {
          warn(warning(each));
        } else {
          output_.fail(failure(each));
        }
      },
      event);
}

void Console::hear(const Event& event) {
  std::visit([this](const auto& each) { tell(each); }, event);
}

void Console::tell(const StepStarted& started) {
  if (!started.step.title.empty()) output_.info(words(started));
}

void Console::tell(const CallbackStarted& started) {
  output_.info(fmt::format("Executing SQL callback: {}", started.name));
}

void Console::tell(const ServerNotice& notice) {
  constexpr std::string_view kSuccess = "00000";  // what RAISE NOTICE has
  if (notice.sqlstate != kSuccess) {
    // The server's words are not part of the report's warnings, as with Flyway.
    output_.warn(
        fmt::format("DB: {} (SQL State: {} - Error Code: 0)", notice.message, notice.sqlstate));
  } else {
    output_.info(fmt::format("DB: {}", notice.message));
  }
}

void Console::tell(const QueryResult& result) {
  if (query_results_) output_.info(table_of(result));
}

void Console::tell(const WaitingForLock& waiting) { output_.info(words(waiting)); }

void Console::tell(const Note& note) {
  switch (note.level) {
    case Note::Level::warning:
      warn(note.text);
      break;
    case Note::Level::info:
      output_.info(note.text);
      break;
    case Note::Level::debug:
      output_.debug(note.text);
  }
}

void print(const InfoReport& report, const LookedAt& looked_at, Output& output) {
  output.info(
      fmt::format("Schema version: {}", report.schema_version.value_or("<< Empty Schema >>")));
  if (report.error) return;
  const bool no_scripts = std::ranges::none_of(
      report.info.rows, [](const InfoRow& row) { return row.script != nullptr; });
  output.info("");
  if (no_scripts) print_looked_at(looked_at, output);
  std::vector<std::vector<std::string>> rows;
  rows.reserve(report.info.rows.size());
  for (const InfoRow& row : report.info.rows) {
    rows.push_back({std::string(row.category()), row.version ? row.version->text() : "",
                    row.description(), std::string(row.type()), installed_on(row),
                    std::string(traits(row.state).name), undoable_text(row)});
  }
  output.info(ascii_table(
      {"Category", "Version", "Description", "Type", "Installed On", "State", "Undoable"}, rows,
      "No migrations found"));
}

void print_ids(const InfoReport& report, Output& output) {
  std::vector<std::string> ids;
  ids.reserve(report.info.rows.size());
  for (const InfoRow& row : report.info.rows) {
    ids.push_back(row.version ? row.version->text() : row.description());
  }
  output.info(join(ids, ","));
}

}  // namespace dunlin
