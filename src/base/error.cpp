#include "base/error.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <system_error>

namespace dunlin {
namespace {

// The one table of error codes. Exit codes are DESIGN.md's; names are Flyway's where it has one.
constexpr std::array kKinds = {
    ErrorKind{ErrorCode::usage, "USAGE", 2, "the command line cannot be understood"},
    ErrorKind{ErrorCode::configuration, "CONFIGURATION", 2,
              "an option, variable or configuration file is missing or wrong"},
    ErrorKind{ErrorCode::validation, "VALIDATE_ERROR", 1,
              "the scripts and the schema history do not fit together"},
    ErrorKind{ErrorCode::migration_failed, "FAILED_MIGRATION", 1,
              "the schema history holds a migration that failed"},
    ErrorKind{ErrorCode::non_empty_schema, "NON_EMPTY_SCHEMA_WITHOUT_SCHEMA_HISTORY_TABLE", 1,
              "the schema holds objects but no schema history table"},
    ErrorKind{ErrorCode::no_history, "SCHEMA_HISTORY_MISSING", 1,
              "a command needs the schema history table and there is none"},
    ErrorKind{ErrorCode::duplicate_script, "DUPLICATE_MIGRATION", 1,
              "two scripts claim the same version or description"},
    ErrorKind{ErrorCode::script_unreadable, "SCRIPT_UNREADABLE", 1,
              "a script cannot be read, decoded or split into statements"},
    ErrorKind{ErrorCode::history_conflict, "HISTORY_CONFLICT", 1,
              "the schema history changed under the run"},
    ErrorKind{ErrorCode::sql_failed, "SQL_FAILED", 1, "a statement failed"},
    ErrorKind{ErrorCode::table_lock_timeout, "TABLE_LOCK_TIMEOUT", 1,
              "a table lock was not obtained, all retries included"},
    ErrorKind{ErrorCode::clean_disabled, "CLEAN_DISABLED", 1,
              "clean was asked for while cleanDisabled is true"},
    ErrorKind{ErrorCode::source_failed, "SOURCE_FAILED", 4,
              "the scripts could not be fetched or listed"},
    ErrorKind{ErrorCode::host_key, "HOST_KEY", 4, "the SSH server's host key is not trusted"},
    ErrorKind{ErrorCode::deploy_key, "DEPLOY_KEY", 4, "the deploy key is unreadable or refused"},
    ErrorKind{ErrorCode::missing_branch, "MISSING_BRANCH", 4,
              "the repository has no such branch, tag or commit"},
    ErrorKind{ErrorCode::missing_location, "MISSING_LOCATION", 4,
              "a location of scripts does not exist"},
    ErrorKind{ErrorCode::commit_refused, "COMMIT_REFUSED", 4,
              "the commit is not the one expected, or nobody who may has signed it"},
    ErrorKind{ErrorCode::aws_credentials, "AWS_CREDENTIALS", 3,
              "no AWS credentials, or AWS refused them"},
    ErrorKind{ErrorCode::secret_unavailable, "SECRET_UNAVAILABLE", 3,
              "a secret does not exist, cannot be had or cannot be read"},
    ErrorKind{ErrorCode::aws_failed, "AWS_FAILED", 3,
              "AWS refused what was asked of it, or did not answer"},
    ErrorKind{ErrorCode::snapshot_failed, "SNAPSHOT_FAILED", 1,
              "a snapshot could not be taken or restored"},
    ErrorKind{ErrorCode::database_unreachable, "DB_CONNECTION", 5,
              "the database does not answer, or the connection was lost"},
    ErrorKind{ErrorCode::login_refused, "LOGIN_REFUSED", 5, "the database refused the login"},
    ErrorKind{ErrorCode::lock_timeout, "LOCK_TIMEOUT", 6,
              "another process holds the migration lock and did not let go in time"},
    ErrorKind{ErrorCode::deadline, "DEADLINE", 1,
              "the option deadline ended the run before it was done"},
    ErrorKind{ErrorCode::interrupted, "INTERRUPTED", 130,
              "a signal ended the run (130 for SIGINT, 143 for SIGTERM, 129 for SIGHUP)"},
    ErrorKind{ErrorCode::internal, "FAULT", 1, "a defect of dunlin itself"},
};

}  // namespace

const ErrorKind& kind_of(ErrorCode code) noexcept {
  const auto* const found = std::ranges::find(kKinds, code, &ErrorKind::code);
  return found != kKinds.end() ? *found : kKinds.back();
}

std::string reason_of(int system_error) { return std::generic_category().message(system_error); }

}  // namespace dunlin
