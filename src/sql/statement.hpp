#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace dunlin::sql {

/// What a statement means for how its script can run. Anything not listed is `plain`.
enum class StatementKind : std::uint8_t {
  plain,
  non_transactional,   ///< cannot run inside a transaction: VACUUM, CREATE INDEX CONCURRENTLY
  begins_transaction,  ///< BEGIN, START TRANSACTION
  ends_transaction,    ///< COMMIT, END, ROLLBACK, ABORT, PREPARE TRANSACTION (not ... TO SAVEPOINT)
  copy_from_stdin,     ///< its data stands in `data`
  copy_to_stdout,      ///< cannot run in a script
  changes_authorization,  ///< SET SESSION AUTHORIZATION
  changes_transaction,    ///< SET TRANSACTION, SET (default_)transaction_read_only, ...
  drops_locks,            ///< DISCARD ALL, pg_advisory_unlock_all
};

/// One statement of a script, without its delimiter. The views point into the text that was split.
struct Statement {
  std::string_view text;
  std::string_view data;   ///< the lines of COPY ... FROM STDIN, without the line of the end mark
  std::size_t offset = 0;  ///< of `text`, in bytes, in the text that was split
  std::uint32_t line = 1;  ///< of the file, counted from 1
  std::uint32_t column = 1;
  StatementKind kind = StatementKind::plain;
  bool transactional = true;  ///< false: makes its script run without a transaction
};

}  // namespace dunlin::sql
