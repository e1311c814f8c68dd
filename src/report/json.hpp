#pragma once

#include "base/error.hpp"
#include "engine/reports.hpp"
#include "engine/scripts.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// What every JSON document says beside the report itself.
struct DocumentContext {
  std::string timestamp;      ///< "2026-11-22T18:42:48.123456789"
  std::string version;        ///< of dunlin; Flyway's key is flywayVersion
  std::string database;       ///< its name
  std::string database_type;  ///< "PostgreSQL"
  std::string schema_names;   ///< "app, aux" when schemas are configured, else empty
  std::vector<std::string> warnings;
  std::vector<ScriptOrigin> origins;  ///< commits that the scripts come from; none for folders
};

/// One command's report as a JSON document of Flyway's shape (observed with Flyway 11, scenarios
/// output-json-*, migrate-json, repair-json, baseline-json). Where scripts come from Git, `sources`
/// names their commits, which Flyway's documents lack.
[[nodiscard]] std::string json_document(const CommandReport& report,
                                        const DocumentContext& context);
/// Several documents as one.
[[nodiscard]] std::string json_documents(const std::vector<std::string>& documents);
/// What `version` says.
[[nodiscard]] std::string json_version(std::string_view version);
/// A failure that left no report.
[[nodiscard]] std::string json_error(const Error& error);

}  // namespace dunlin
