#include "migration/validate.hpp"

#include "base/text.hpp"

#include <optional>

namespace dunlin {
namespace {

Finding finding(const InfoRow& row, std::string code, std::string message) {
  return {.version = row.version ? row.version->text() : std::string(),
          .description = row.description(),
          .shown = row.script != nullptr ? row.script->shown : std::string(),
          .code = std::move(code),
          .message = std::move(message)};
}

std::string what(const InfoRow& row) {
  return row.version ? row.version->text() : row.description();
}

std::string kind_infix(const InfoRow& row) { return row.version ? "VERSIONED" : "REPEATABLE"; }

Finding failed(const InfoRow& row) {
  const std::string name = row.version ? fmt::format("migration to version {} ({})",
                                                     row.version->text(), row.description())
                                       : fmt::format("repeatable migration: {}", row.description());
  return finding(row, fmt::format("FAILED_{}_MIGRATION", kind_infix(row)),
                 fmt::format("Detected failed {}.\nPlease remove any half-completed changes then "
                             "run repair to fix the schema history.",
                             name));
}

Finding missing(const InfoRow& row) {
  return finding(row, fmt::format("APPLIED_{}_MIGRATION_NOT_RESOLVED", kind_infix(row)),
                 fmt::format("Detected applied migration not resolved locally: {}.\nIf you removed "
                             "this migration intentionally, run repair to mark the migration as "
                             "deleted.",
                             what(row)));
}

Finding not_applied(const InfoRow& row, std::string_view remedy) {
  const std::string_view kind = row.version ? "" : "repeatable ";
  return finding(row, fmt::format("RESOLVED_{}_MIGRATION_NOT_APPLIED", kind_infix(row)),
                 fmt::format("Detected resolved {}migration not applied to database: {}.\n{}", kind,
                             what(row), remedy));
}

Finding outdated(const InfoRow& row) {
  return finding(row, "OUTDATED_REPEATABLE_MIGRATION",
                 fmt::format("Detected outdated resolved repeatable migration that should be "
                             "re-applied to database: {}.\nRun migrate to execute this migration.",
                             row.description()));
}

std::string mismatch(std::string_view kind, const InfoRow& row, std::string_view in_database,
                     std::string_view on_disk) {
  return fmt::format(
      "Migration {} mismatch for migration {}{}\n-> Applied to database : {}\n-> Resolved locally "
      "   : {}\nEither revert the changes to the migration, or run repair to update the schema "
      "history.",
      kind, row.version ? "version " : "", row.version ? row.version->text() : row.script->name,
      in_database, on_disk);
}

std::string number(std::optional<std::int32_t> checksum) {
  return checksum ? fmt::format("{}", *checksum) : "null";
}

/// How the script on disk differs from the row that it earned.
std::optional<Finding> difference(const InfoRow& row, const ValidateOptions& options) {
  const Script& script = *row.script;
  const HistoryRow& applied = *row.applied;
  if (applied.type != history_type(script.kind)) {
    return finding(row, "TYPE_MISMATCH",
                   mismatch("type", row, applied.type, history_type(script.kind)));
  }
  const bool checksums_differ = applied.checksum && *applied.checksum != script.checksum;
  if (row.version && checksums_differ) {
    Finding found =
        finding(row, "CHECKSUM_MISMATCH",
                mismatch("checksum", row, number(applied.checksum), number(script.checksum)));
    if (options.difference) found.difference = options.difference(script, *applied.checksum);
    return found;
  }
  if (applied.description != abbreviated(script.description)) {
    return finding(row, "DESCRIPTION_MISMATCH",
                   mismatch("description", row, applied.description, script.description));
  }
  return std::nullopt;
}

std::optional<Finding> pending_finding(const InfoRow& row, const ValidateOptions& options) {
  const bool is_baseline = row.script->kind == ScriptKind::baseline;
  if (row.state == State::ignored && !row.passed_over && !is_baseline) {
    return not_applied(row,
                       "To ignore this migration, set -ignoreMigrationPatterns='*:ignored'. To "
                       "allow executing this migration, set -outOfOrder=true.");
  }
  if (row.state == State::pending && !options.ignore_pending) {
    return not_applied(row,
                       "To fix this error, either run migrate, or set "
                       "-ignoreMigrationPatterns='*:pending'.");
  }
  return std::nullopt;
}

/// Of the states with a name only *:future forgives a failure: it is then another version of the
/// scripts that failed.
std::optional<Finding> failed_finding(const InfoRow& row, bool forgiven) {
  if (forgiven && row.state == State::future_failed) return std::nullopt;
  return failed(row);
}

std::optional<Finding> outdated_finding(const InfoRow& row, const ValidateOptions& options) {
  if (options.ignore_pending || any_matches(options.ignore, false, State::pending)) {
    return std::nullopt;
  }
  return outdated(row);
}

std::optional<Finding> check(const InfoRow& row, const ValidateOptions& options) {
  const bool forgiven = any_matches(options.ignore, row.is_versioned(), row.state);
  if (row.state == State::above_target || row.state == State::deleted || row.type() == "DELETE") {
    return std::nullopt;
  }
  // Only `*` names the state of a migration that is well: it forgives whatever there may be.
  if (any_matches(options.ignore, row.is_versioned(), State::success)) return std::nullopt;
  if (traits(row.state).failed) return failed_finding(row, forgiven);
  if (forgiven) return std::nullopt;
  if (row.state == State::missing_success || row.state == State::future_success) {
    return missing(row);
  }
  if (row.applied == nullptr) return pending_finding(row, options);
  if (row.state == State::outdated) return outdated_finding(row, options);
  return row.script != nullptr ? difference(row, options) : std::nullopt;
}

}  // namespace

std::vector<Finding> validate(const Info& info, const ValidateOptions& options) {
  std::vector<Finding> findings;
  for (const InfoRow& row : info.rows) {
    const bool below = row.version && info.baseline && *row.version <= *info.baseline &&
                       row.script != nullptr && row.applied != nullptr &&
                       (row.script->kind == ScriptKind::versioned || row.state == State::baseline);
    if (below) continue;
    if (auto found = check(row, options)) findings.push_back(*std::move(found));
  }
  return findings;
}

}  // namespace dunlin
