#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// What went wrong, stable across versions: it chooses the exit code and appears in JSON. Its table
/// (name, exit code, meaning) is error.cpp, from which the reference page is made.
enum class ErrorCode {
  usage,
  configuration,
  validation,
  migration_failed,
  non_empty_schema,
  no_history,
  duplicate_script,
  script_unreadable,
  history_conflict,
  sql_failed,
  table_lock_timeout,
  clean_disabled,
  source_failed,
  host_key,
  deploy_key,
  missing_branch,
  missing_location,
  commit_refused,
  aws_credentials,
  secret_unavailable,
  aws_failed,
  snapshot_failed,
  database_unreachable,
  login_refused,
  lock_timeout,
  deadline,
  interrupted,
  internal,
};

/// One row of the table of error codes.
struct ErrorKind {
  ErrorCode code;
  std::string_view name;  ///< as in JSON, such as "VALIDATE_ERROR"
  int exit_code;          ///< 1..6, or 130; see DESIGN.md "Exit codes"
  std::string_view meaning;
};

/// The row of a code; every code has one.
[[nodiscard]] const ErrorKind& kind_of(ErrorCode code) noexcept;

/// What a server said of a statement of a script, field by field, for reports that list them.
struct SqlFailure {
  std::string message, detail, hint, where;
  std::size_t position = 0;  ///< in characters from 1, in the statement; 0: none
  std::string located;       ///< "sql/V2__b.sql"
  std::string shown;         ///< "/project/sql/V2__b.sql"
  std::uint32_t line = 0;    ///< where the statement begins
  std::string statement;
};

/// One failure, ready to be shown. Its texts hold no secret.
struct Error {
  ErrorCode code = ErrorCode::internal;  ///< chooses the exit code and appears in JSON
  std::string message;                   ///< what happened, and to what; one line, no final dot
  std::string hint;                      ///< what to do next; empty if there is nothing to do
  std::vector<std::string> trail;  ///< where, outermost first: migrate, V3__email.sql, line 14
  std::string sqlstate;            ///< five letters when a server said it, else empty
  int sql_code = 0;                ///< SQLite's primary result code; PostgreSQL has none
  std::string cause;    ///< the words of the library behind it, as people know them; mostly empty
  std::string excerpt;  ///< lines of source with a caret, or more lines of detail
  std::shared_ptr<const SqlFailure> sql;  ///< present for a failed statement of a script
};

/// What the system says of an errno: "No such file or directory".
[[nodiscard]] std::string reason_of(int system_error);

}  // namespace dunlin
