#pragma once

#include "base/error.hpp"
#include "database/database.hpp"
#include "migration/info.hpp"
#include "migration/validate.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace dunlin {

/// What each command did. Values, which report/ turns into text, JSON and HTML; pointers lead into
/// the session's scripts and into the report itself.

struct InfoReport {
  std::shared_ptr<const Sight> seen;  ///< what `info.rows` point into
  Info info;
  std::optional<std::string> schema_version;  ///< absent: nothing applied yet
  bool all_schemas_empty = false;
  std::optional<Error> error;  ///< why the rows cannot be shown
};

/// A migration as reports list it.
struct MigrationEntry {
  std::string category, version, description, type, shown;
  std::chrono::milliseconds execution_time{};
};

struct MigrateReport {
  std::optional<std::string> initial_version;
  std::optional<std::string> target_version;  ///< of the newest script that was applied
  std::vector<MigrationEntry> migrations;     ///< those that were applied
  std::optional<Error> error;                 ///< why it stopped before the end
  std::chrono::milliseconds time{};
  bool undo = false;
  std::string snapshot;  ///< taken before: its ARN, or its file; empty: none was
};

struct ValidateReport {
  std::vector<Finding> findings;  ///< empty: all is well
  std::size_t validated = 0;      ///< migrations looked at
  bool nothing_found = false;     ///< neither scripts nor rows: a warning
};

struct BaselineReport {
  bool done = false;  ///< false: it was there already
  std::string version;
};

struct RepairReport {
  std::vector<MigrationEntry> removed, deleted, aligned;
};

struct CleanReport {
  std::vector<std::string> cleaned, dropped;
};

using CommandReport = std::variant<InfoReport, MigrateReport, ValidateReport, BaselineReport,
                                   RepairReport, CleanReport>;

}  // namespace dunlin
