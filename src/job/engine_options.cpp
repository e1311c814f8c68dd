#include "job/engine_options.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace dunlin {
namespace {

/// A list of which an empty text means none.
std::vector<std::string> items(const Configuration& configuration, std::string_view key) {
  std::vector<std::string> list = configuration.list(key);
  if (list.size() == 1 && list.front().empty()) list.clear();
  return list;
}

/// Without locations Flyway looks into its installation, which is not there, and then for Java
/// resources; only under -workingDirectory it takes the folder sql (observed with Flyway 11,
/// scenarios config-default-location, config-workingdirectory).
std::vector<std::string> locations(const Configuration& configuration) {
  if (configuration.has("locations")) return configuration.list("locations");
  const std::string folder = configuration.text("workingDirectory");
  std::error_code unreadable;
  const bool has_sql = !folder.empty() && std::filesystem::is_directory(
                                              std::filesystem::path(folder) / "sql", unreadable);
  return {has_sql ? "filesystem:sql" : "classpath:db/migration"};
}

Result<ScriptOptions> script_options(const Configuration& configuration,
                                     const std::string& working_directory) {
  ScriptOptions options{
      .locations = locations(configuration),
      .callback_locations = items(configuration, "callbackLocations"),
      .naming = naming_options(configuration),
      .encoding = configuration.text("encoding"),
      .detect_encoding = configuration.boolean("detectEncoding"),
      .fail_on_missing_locations = configuration.boolean("failOnMissingLocations"),
      .validate_naming = configuration.boolean("validateMigrationNaming"),
      .skip_default_callbacks = configuration.boolean("skipDefaultCallbacks"),
      .skip_default_resolvers = configuration.boolean("skipDefaultResolvers"),
      .placeholder_replacement = configuration.boolean("placeholderReplacement"),
      .placeholder_prefix = configuration.text("placeholderPrefix"),
      .placeholder_suffix = configuration.text("placeholderSuffix"),
      .placeholder_separator = configuration.text("placeholderSeparator"),
      .execute_in_transaction = configuration.boolean("executeInTransaction"),
      .working_directory = working_directory,
      .environment = configuration.text("environment")};
  for (const auto& [name, value] : configuration.placeholders()) {
    options.placeholders.emplace(name, Secret(value));
  }
  if (const auto pattern = configuration.text("nonTransactionalStatements"); !pattern.empty()) {
    auto parsed = StatementPattern::parse(pattern);
    if (!parsed) {
      parsed.error().trail = {configuration.origin("nonTransactionalStatements")};
      return std::move(parsed).error();
    }
    options.non_transactional.push_back(*std::move(parsed));
  }
  return options;
}

SchemaOptions schema_options(const Configuration& configuration) {
  // -schemas= names a schema "", as with Flyway; without it there is none.
  std::vector<std::string> schemas;
  if (configuration.has("schemas")) schemas = configuration.list("schemas");
  if (configuration.has("schemas") && schemas.empty()) schemas.emplace_back();
  return {.schemas = std::move(schemas),
          .default_schema = configuration.text("defaultSchema"),
          .table = configuration.text("table"),
          .tablespace = configuration.text("tablespace"),
          .create_schemas = configuration.boolean("createSchemas"),
          .installed_by = configuration.text("installedBy")};
}

Result<MigrateOptions> migrate_options(const Configuration& configuration) {
  MigrateOptions options{.target = DUNLIN_TRY(Target::parse(configuration.text("target"))),
                         .out_of_order = configuration.boolean("outOfOrder"),
                         .group = configuration.boolean("group"),
                         .mixed = configuration.boolean("mixed"),
                         .validate_on_migrate = configuration.boolean("validateOnMigrate"),
                         .baseline_on_migrate = configuration.boolean("baselineOnMigrate"),
                         .skip_executing = configuration.boolean("skipExecutingMigrations"),
                         .cherry_pick = items(configuration, "cherryPick"),
                         .lock_retry_count = configuration.integer("lockRetryCount")};
  const bool prints_rows = configuration.boolean("outputQueryResults");
  options.output_query_rows =
      prints_rows ? static_cast<std::size_t>(std::max(0, configuration.integer("outputQueryRows")))
                  : 0;
  for (const std::string& entry : items(configuration, "errorOverrides")) {
    options.error_overrides.push_back(DUNLIN_TRY(ErrorOverride::parse(entry)));
  }
  for (const std::string& pattern : items(configuration, "ignoreMigrationPatterns")) {
    options.ignore.push_back(DUNLIN_TRY(IgnorePattern::parse(pattern)));
  }
  return options;
}

Result<InfoFilter> info_filter(const Configuration& configuration) {
  InfoFilter filter;
  const auto version = [&](std::string_view key) -> Result<std::optional<Version>> {
    if (!configuration.has(key)) return std::optional<Version>();
    return std::optional(DUNLIN_TRY(Version::parse(configuration.text(key))));
  };
  const auto date = [&](std::string_view key) -> Result<std::optional<std::string>> {
    if (!configuration.has(key)) return std::optional<std::string>();
    return std::optional(DUNLIN_TRY(parse_date(configuration.text(key))));
  };
  filter.since_version = DUNLIN_TRY(version("infoSinceVersion"));
  filter.until_version = DUNLIN_TRY(version("infoUntilVersion"));
  filter.since = DUNLIN_TRY(date("infoSinceDate"));
  filter.until = DUNLIN_TRY(date("infoUntilDate"));
  for (const std::string& word : items(configuration, "infoOfState")) {
    auto state = parse_state(word);
    if (state) {
      filter.states.push_back(*state);
    } else if (!filter.error) {
      filter.error = std::move(state).error();
    }
  }
  return filter;
}

}  // namespace

NamingOptions naming_options(const Configuration& configuration) {
  return {.sql_prefix = configuration.text("sqlMigrationPrefix"),
          .repeatable_prefix = configuration.text("repeatableSqlMigrationPrefix"),
          .undo_prefix = configuration.text("undoSqlMigrationPrefix"),
          .baseline_prefix = configuration.text("baselineMigrationPrefix"),
          .separator = configuration.text("sqlMigrationSeparator"),
          .suffixes = configuration.list("sqlMigrationSuffixes")};
}

Result<EngineOptions> engine_options(const Configuration& configuration,
                                     const std::string& working_directory) {
  return EngineOptions{.scripts = DUNLIN_TRY(script_options(configuration, working_directory)),
                       .schemas = schema_options(configuration),
                       .migrate = DUNLIN_TRY(migrate_options(configuration)),
                       .baseline = {.version = configuration.text("baselineVersion"),
                                    .description = configuration.text("baselineDescription")},
                       .info = DUNLIN_TRY(info_filter(configuration)),
                       .clean_disabled = configuration.boolean("cleanDisabled"),
                       .dry_run = {.file = configuration.text("dryRunOutput"),
                                   .init_sql = configuration.text("initSql")},
                       .report_file = configuration.boolean("reportEnabled")
                                          ? configuration.text("reportFilename")
                                          : std::string()};
}

}  // namespace dunlin
