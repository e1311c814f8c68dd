#pragma once

#include "base/result.hpp"
#include "database/database.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace dunlin {

/// Where the script of a dry run goes, piece by piece.
class DryRunSink {
 public:
  virtual ~DryRunSink() = default;
  virtual Result<void> write(std::string_view text) = 0;
};

struct DryRunOptions {
  std::string init_sql;  ///< run on each new connection, so the script begins with it
  /// The name of the secret that stands in a text ("placeholder ADMIN_PASSWORD"), or nothing. Such
  /// a text is not written: the dry run ends with an error.
  std::function<std::string(std::string_view)> secret_in = [](std::string_view) {
    return std::string();
  };
};

/// A Database that only reads from the one behind it. What would change that one is written as a
/// script, for psql or sqlite3, which does the same when it is run; and what is read from then on
/// is as if it had been run. Takes no lock. docs/dry-run.md.
/// @param inner, sink  have to outlive it
/// Errors: what the first questions to the database give, and what the sink says.
Result<std::unique_ptr<Database>> dry_run(Database& inner, DryRunSink& sink, DryRunOptions options);

/// How a script of a dry run begins: by this a file is known that the next one may replace.
inline constexpr std::string_view kDryRunMark = "-- Dry run by dunlin";

}  // namespace dunlin
