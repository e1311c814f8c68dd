#pragma once

#include "base/secret.hpp"
#include "migration/error_override.hpp"
#include "migration/ignore_pattern.hpp"
#include "migration/info_filter.hpp"
#include "migration/prepared_text.hpp"
#include "migration/script_name.hpp"
#include "migration/target.hpp"

#include <map>
#include <string>
#include <vector>

namespace dunlin {

/// Where scripts are and how they read.
struct ScriptOptions {
  std::vector<std::string> locations;
  std::vector<std::string> callback_locations;
  NamingOptions naming;
  std::string encoding = "UTF-8";
  bool detect_encoding = false;  ///< of scripts whose .conf file names none
  bool fail_on_missing_locations = false;
  bool validate_naming = false;
  bool skip_default_callbacks = false;
  bool skip_default_resolvers = false;
  bool placeholder_replacement = true;
  std::string placeholder_prefix = "${";
  std::string placeholder_suffix = "}";
  std::string placeholder_separator = ":";
  std::map<std::string, Secret, std::less<>> placeholders;  ///< names as configured
  bool execute_in_transaction = true;
  /// Statements that cannot run in a transaction, besides those that are known.
  std::vector<StatementPattern> non_transactional;
  bool refuse_suspicious = false;       ///< what is most likely a mistake is an error, as in `run`
  std::string working_directory;        ///< for ${flyway:workingDirectory}
  std::string environment = "default";  ///< for ${flyway:environment}
};

/// Which schemas a command works on.
struct SchemaOptions {
  std::vector<std::string> schemas;  ///< as configured; empty: the session's own
  std::string default_schema;        ///< empty: the first of schemas, else the session's own
  std::string table = "flyway_schema_history";
  std::string tablespace;
  bool create_schemas = true;
  std::string installed_by;
};

struct MigrateOptions {
  Target target;
  bool out_of_order = false;
  bool group = false;
  bool mixed = false;
  bool validate_on_migrate = true;
  bool baseline_on_migrate = false;
  bool skip_executing = false;
  std::vector<std::string> cherry_pick;
  std::vector<IgnorePattern> ignore;
  std::vector<ErrorOverride> error_overrides;
  int lock_retry_count = 50;
  std::size_t output_query_rows = 1000;  ///< kept of what a statement returns; 0: none
};

struct BaselineOptions {
  std::string version = "1";
  std::string description = "<< Flyway Baseline >>";
};

/// Option dryRunOutput: commands write a script instead of changing the database.
struct DryRunSettings {
  std::string file;      ///< empty: no dry run; relative to the working directory
  std::string init_sql;  ///< option initSql, with which the script begins
};

struct EngineOptions {
  ScriptOptions scripts;
  SchemaOptions schemas;
  MigrateOptions migrate;
  BaselineOptions baseline;
  InfoFilter info;
  bool clean_disabled = true;
  DryRunSettings dry_run;
  std::string report_file;  ///< option reportFilename; empty: no report is written
};

}  // namespace dunlin
