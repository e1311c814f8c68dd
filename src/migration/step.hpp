#pragma once

#include "base/result.hpp"
#include "migration/history_row.hpp"
#include "sql/placeholders.hpp"
#include "sql/statement.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace dunlin {

/// A text with its placeholders replaced and split; several parts may share one.
struct PreparedText {
  std::string shown;     ///< the file with its whole path: "/project/sql/V2__b.sql"
  std::string located;   ///< as configured: "sql/V2__b.sql"
  std::string script;    ///< its name below the location: "V2__b.sql"
  std::string text;      ///< placeholders replaced: what the statements' views point into
  std::string original;  ///< the file's own text; empty when nothing was replaced in it
  sql::SourceMap map;    ///< from `text` back to `original`
  std::vector<sql::Statement> statements;
  std::vector<std::string> suspicious;  ///< most likely a mistake: `$${NAME}` of a known name
  std::vector<std::string> warnings;    ///< what runs, but hardly as meant; with file and line
};

/// A place in a file, ready for a message. The excerpt is the file's own text, with `${NAME}` where
/// a value went to the server: it holds no secret.
struct SourcePlace {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  std::string excerpt;  ///< the line and below it a caret
};

/// Where in the file the byte at `offset` of `text.text` comes from.
[[nodiscard]] SourcePlace place_of(const PreparedText& text, std::size_t offset);

/// A run of statements of one file within a step: the script itself, some of its statements, or a
/// callback.
struct Part {
  std::shared_ptr<const PreparedText> source;
  std::size_t first = 0;  ///< index of the first statement in source->statements
  std::size_t count = 0;
  std::string callback;  ///< "beforeEachMigrate - x" for a callback's part, empty for the script's
};

enum class Transaction {
  own,   ///< BEGIN, the statements, the history row, COMMIT
  none,  ///< statement by statement, each committing itself
};

/// What a step does to the schema history.
enum class HistoryEffect {
  none,    ///< a callback: no row
  insert,  ///< adds `row`
};

/// One script (or one callback that stands alone) made ready to run: what is sent, how it is
/// wrapped, and the history row it earns. The database executes it and adds nothing of its own but
/// the transaction, the row and what puts role and search_path back.
struct Step {
  std::string title;  ///< `schema "public" to version "1 - a"`; empty for a lone callback
  std::vector<Part> parts;
  /// Callbacks for when a part fails: run where it failed, so in a transaction that is rolled back
  /// afterwards, as Flyway does. What they fail with is a warning, never the error of the step.
  std::vector<Part> on_error;
  Transaction transaction = Transaction::own;
  HistoryEffect effect = HistoryEffect::insert;
  HistoryRow row;  ///< installed_rank, installed_by, execution_time are filled in when it runs
  std::size_t script_index = 0;  ///< for the caller: which of its scripts this is
};

/// Hands out steps in order, one at a time, so that only what is on its way to the server is in
/// memory. An Error (a missing placeholder, an open quote) ends the run at that step.
class StepSource {
 public:
  virtual ~StepSource() = default;
  /// The next step, or nothing at the end.
  virtual Result<std::optional<Step>> next() = 0;
};

}  // namespace dunlin
