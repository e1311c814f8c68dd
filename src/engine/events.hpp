#pragma once

#include "database/progress.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <variant>
#include <vector>

namespace dunlin {

/// The history table is not there yet.
struct HistoryMissing {
  std::string table;
};
/// The history table is about to be made.
struct HistoryCreated {
  std::string table;
  bool with_baseline;
};
struct SchemaCreated {
  std::string schema;  ///< as it stands in SQL, quoted
};
/// SQLite has only the schemas that it has.
struct SchemaNotCreated {
  std::string schema;
};
struct Validated {
  std::size_t count;
  std::chrono::milliseconds time;
};
/// The version that the schema has before the first script runs.
struct CurrentVersion {
  std::string schema;                  ///< quoted
  std::optional<std::string> version;  ///< absent: no versioned migration was applied
  bool any_applied;
};
struct NewerThanLatest {
  std::string schema, version, latest;
};
/// The database has a version, and there is not one script: an error that stops nothing.
struct NoScriptsLeft {
  std::string schema, version;
};
struct OutOfOrderActive {
  std::string schema;
};
struct NothingFound {};  ///< no script at all
struct NothingToDo {
  std::string schema;
  bool undo = false;
};
struct Migrated {
  std::string schema;
  std::size_t count;
  std::optional<std::string> version;  ///< the newest version applied now
  std::chrono::milliseconds time;
  bool undo = false;
};
/// A script that is not even sent.
struct MigrationRefused {
  std::string title;
};
/// A script failed: said before the error itself.
struct MigrationFailed {
  std::string title;
  bool rolled_back;
  bool undo = false;
};
struct Baselined {
  std::string version;
};
struct BaselineSkipped {
  std::string table, version, description;
  bool schemas_empty = false;
};
struct RepairRemoved {
  std::string table;
  std::size_t count;
};
/// A failed row that repair takes out.
struct RepairRowRemoved {
  std::optional<std::string> version;
  std::string description, script;
};
struct RepairDeleted {
  std::optional<std::string> version;
  std::string description;
};
struct RepairAligned {
  std::string version, description, type, checksum;
};
struct Repaired {
  std::string table;
  bool table_exists;
  bool any_deleted;
  std::chrono::milliseconds time;
};
struct Cleaned {
  enum class Phase { before_schemas, schema, after_schemas, dropped } phase;
  std::string schema;  ///< quoted
  std::chrono::milliseconds time;
};
struct UnknownSchema {
  std::string schema;
};
/// Files that look like scripts but fit no convention.
struct InvalidNames {
  std::size_t count;
};
struct LocationSkipped {
  std::string location;  ///< with its prefix
  std::string reason;    ///< "not found"
};
struct DeprecatedCallback {
  std::string name, replacement;
};
/// A person should look at this, but the run goes on.
struct Warned {
  std::string text;
};
/// On the console alone: Flyway leaves it out of its document.
struct WarnedAside {
  std::string text;
};

using CommandEvent =
    std::variant<HistoryMissing, HistoryCreated, SchemaCreated, SchemaNotCreated, Validated,
                 CurrentVersion, NewerThanLatest, NoScriptsLeft, OutOfOrderActive, NothingFound,
                 NothingToDo, Migrated, MigrationRefused, MigrationFailed, Baselined,
                 BaselineSkipped, RepairRemoved, RepairRowRemoved, RepairDeleted, RepairAligned,
                 Repaired, Cleaned, UnknownSchema, InvalidNames, LocationSkipped,
                 DeprecatedCallback, Warned, WarnedAside>;

/// Hears what the commands and, below them, the database do.
class Listener : public Progress {
 public:
  using Progress::hear;
  virtual void hear(const CommandEvent& event) = 0;
};

}  // namespace dunlin
