#pragma once

#include "base/handle.hpp"
#include "base/interrupt.hpp"
#include "base/result.hpp"
#include "database/database.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace dunlin::sqlite {

/// Forgets the error of the run, which sqlite3_step has told already.
void finalize(sqlite3_stmt* statement) noexcept;
using Statement = Handle<sqlite3_stmt, finalize>;

/// What one statement gave.
struct Ran {
  std::vector<std::string> columns;  ///< empty for a statement that is no query
  Rows rows;                         ///< at most as many as were asked to be kept
  std::uint64_t row_count = 0;       ///< all of them
  std::int64_t changed = -1;         ///< rows; -1 for a statement that only reads
  std::size_t consumed = 0;          ///< bytes of the text; the rest is further statements
  bool double_quoted_text = false;   ///< it holds "text" where 'text' is meant
};

/// Where in its text a statement failed. The offset is absent for errors of the run, not the words.
struct FailedAt {
  std::optional<std::size_t> offset;
};

inline constexpr std::size_t kAllRows = std::numeric_limits<std::size_t>::max();

/// One open database file. Keeps its address, because SQLite's callbacks point at it.
class Connection {
 public:
  enum class Mode { read_write, read_write_create, read_only };

  /// Does not touch the file yet beyond opening it.
  static Result<std::unique_ptr<Connection>> open(const std::string& path, Mode mode,
                                                  const Interrupt* interrupt);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Runs the first statement of `text`; the parameters fill $1, $2, ... A text of blanks and
  /// comments alone does nothing. Double quotes name columns; where that makes no sense they are
  /// taken for text, as Flyway's driver does, and `double_quoted_text` says so.
  /// @param where  told the place when the statement fails; may be null
  Result<Ran> run(std::string_view text, const Row& parameters = {}, std::size_t keep = kAllRows,
                  FailedAt* where = nullptr);
  /// Runs every statement of `text`; the rows of the last are returned.
  Result<Ran> run_all(std::string_view text, const Row& parameters = {});

  /// BEGIN IMMEDIATE: takes the one write lock that a SQLite file has, so that nothing read from
  /// here on can change until the end. Waits for it up to `patience` (negative: without end),
  /// telling `progress` (may be null) about once a second. lock_timeout when it is over.
  Result<void> begin_immediate(std::chrono::milliseconds patience, Progress* progress);
  /// Never fails: without a transaction there is nothing to roll back.
  void rollback() noexcept;
  [[nodiscard]] bool in_transaction() const noexcept;

  /// Would every statement of `text` only read?
  Result<bool> only_reads(std::string_view text);
  void set_busy_timeout(std::chrono::milliseconds timeout) noexcept { busy_timeout_ = timeout; }
  [[nodiscard]] const Interrupt* interrupt() const noexcept { return interrupt_; }
  /// `interrupted`, naming the signal.
  [[nodiscard]] static Error interrupted();

 private:
  Connection(std::string path, const Interrupt* interrupt)
      : path_(std::move(path)), interrupt_(interrupt) {}
  static int on_busy(void* self, int calls) noexcept;
  static int on_progress(void* self) noexcept;
  /// Null for a text without a statement. `ran` learns `consumed` and `double_quoted_text`.
  Result<Statement> prepare(std::string_view text, Ran& ran, FailedAt* where);
  [[nodiscard]] Error failure(int code) const;
  /// SQLite's code of the last attempt.
  int wait_for_turn(std::chrono::milliseconds patience, Progress* progress);

  std::string path_;
  const Interrupt* interrupt_;
  sqlite3* handle_ = nullptr;
  std::chrono::milliseconds busy_timeout_{0};
  std::chrono::steady_clock::time_point busy_since_;
};

}  // namespace dunlin::sqlite
