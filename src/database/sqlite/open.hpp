#pragma once

#include "base/interrupt.hpp"
#include "base/result.hpp"
#include "database/database.hpp"
#include "database/sqlite/url.hpp"

#include <chrono>
#include <memory>
#include <string>

namespace dunlin::sqlite {

enum class IfMissing {
  create,  ///< an empty database, as Flyway does
  refuse,  ///< database_unreachable
};

struct OpenOptions {
  Url url;  ///< from parse_url; its busy_timeout wins over the one below
  IfMissing if_missing = IfMissing::create;
  /// For a dry run: nothing can be changed, and an empty database in memory stands for a file that
  /// is not there.
  bool only_look = false;
  /// How long a statement waits for other programs that write. A step waits longer for its turn:
  /// as long as `LockOptions::retries` says.
  std::chrono::milliseconds busy_timeout{3000};
  std::string init_sql;  ///< run right after connecting, statements separated by `;`
  const Interrupt* interrupt = nullptr;  ///< outlives the session; absent: nothing interrupts
};

/// Opens the database file, reads its first page (so that a file which is no database is known at
/// once) and runs the URL's pragmas and initSql. database_unreachable names what is wrong with the
/// file; sql_failed if initSql failed. `progress` hears of URL parameters that have no effect.
Result<std::unique_ptr<Database>> open(const OpenOptions& options, Progress& progress);

}  // namespace dunlin::sqlite
