#include "database/sqlite/connection.hpp"

#include "base/text.hpp"

#include <sqlite3.h>

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <utility>

namespace dunlin::sqlite {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// Sleeps until a stop is requested, at most `time`.
void pause(const Interrupt* interrupt, milliseconds time) noexcept {
  pollfd waiting{.fd = interrupt == nullptr ? -1 : interrupt->fd(), .events = POLLIN, .revents = 0};
  poll(&waiting, 1, static_cast<int>(time.count()));  // a negative descriptor is ignored
}

milliseconds since(steady_clock::time_point start) {
  return std::chrono::duration_cast<milliseconds>(steady_clock::now() - start);
}

std::string name_of(int code) {
  switch (code) {
    case SQLITE_CONSTRAINT_CHECK:
      return "SQLITE_CONSTRAINT_CHECK";
    case SQLITE_CONSTRAINT_FOREIGNKEY:
      return "SQLITE_CONSTRAINT_FOREIGNKEY";
    case SQLITE_CONSTRAINT_NOTNULL:
      return "SQLITE_CONSTRAINT_NOTNULL";
    case SQLITE_CONSTRAINT_PRIMARYKEY:
      return "SQLITE_CONSTRAINT_PRIMARYKEY";
    case SQLITE_CONSTRAINT_TRIGGER:
      return "SQLITE_CONSTRAINT_TRIGGER";
    case SQLITE_CONSTRAINT_UNIQUE:
      return "SQLITE_CONSTRAINT_UNIQUE";
    case SQLITE_CONSTRAINT_ROWID:
      return "SQLITE_CONSTRAINT_ROWID";
    default:
      break;
  }
  switch (code & 0xff) {
    case SQLITE_ERROR:
      return "";  // says nothing that the message does not
    case SQLITE_CONSTRAINT:
      return "SQLITE_CONSTRAINT";
    case SQLITE_BUSY:
      return "SQLITE_BUSY";
    case SQLITE_LOCKED:
      return "SQLITE_LOCKED";
    case SQLITE_READONLY:
      return "SQLITE_READONLY";
    case SQLITE_IOERR:
      return "SQLITE_IOERR";
    case SQLITE_CORRUPT:
      return "SQLITE_CORRUPT";
    case SQLITE_FULL:
      return "SQLITE_FULL";
    case SQLITE_CANTOPEN:
      return "SQLITE_CANTOPEN";
    case SQLITE_NOTADB:
      return "SQLITE_NOTADB";
    default:
      return fmt::format("SQLite error {}", code);
  }
}

ErrorCode code_of(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorCode::table_lock_timeout;
    case SQLITE_CANTOPEN:
    case SQLITE_CORRUPT:
    case SQLITE_IOERR:
    case SQLITE_NOTADB:
    case SQLITE_PERM:
      return ErrorCode::database_unreachable;
    default:
      return ErrorCode::sql_failed;
  }
}

std::string hint_of(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
      return "find the program that holds the file open, or raise busy_timeout";
    case SQLITE_READONLY:
      return "make the file and its folder writable for this user";
    case SQLITE_FULL:
      return "make room on the disk that holds the database";
    case SQLITE_NOTADB:
      return "point -url at a SQLite file; an encrypted one cannot be read";
    case SQLITE_CORRUPT:
      return "check the file with: sqlite3 FILE 'PRAGMA integrity_check'";
    default:
      return "";
  }
}

/// Any value as text; a BLOB in hexadecimal digits.
std::optional<std::string> column_text(sqlite3_stmt* statement, int column) {
  const int type = sqlite3_column_type(statement, column);
  if (type == SQLITE_NULL) return std::nullopt;
  const void* const bytes = type == SQLITE_BLOB
                                ? sqlite3_column_blob(statement, column)
                                : static_cast<const void*>(sqlite3_column_text(statement, column));
  // The size is asked for last: it is that of the converted value.
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
  const std::string_view text(static_cast<const char*>(bytes), size);
  return type == SQLITE_BLOB ? hex(text) : std::string(text);
}

Row row_of(sqlite3_stmt* statement) {
  const int columns = sqlite3_column_count(statement);
  Row row;
  row.reserve(static_cast<std::size_t>(columns));
  for (int i = 0; i < columns; ++i) row.push_back(column_text(statement, i));
  return row;
}

void bind(sqlite3_stmt* statement, const Row& parameters) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const int index = sqlite3_bind_parameter_index(statement, fmt::format("${}", i + 1).c_str());
    if (index == 0 || !parameters[i]) continue;  // what is not bound is NULL
    sqlite3_bind_text64(statement, index, parameters[i]->data(), parameters[i]->size(), nullptr,
                        SQLITE_UTF8);
  }
}

void set_double_quoted_text(sqlite3* handle, int on) {
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, on, nullptr);
  sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, on, nullptr);
}

/// Turns text in double quotes off again when a statement is through, and not before: a change of
/// the setting makes SQLite prepare anew what has been prepared under the other one.
class StrictQuotes {
 public:
  explicit StrictQuotes(sqlite3* handle) : handle_(handle) {}
  ~StrictQuotes() { set_double_quoted_text(handle_, 0); }
  StrictQuotes(const StrictQuotes&) = delete;
  StrictQuotes& operator=(const StrictQuotes&) = delete;

 private:
  sqlite3* handle_;
};

}  // namespace

void finalize(sqlite3_stmt* statement) noexcept { sqlite3_finalize(statement); }

Result<std::unique_ptr<Connection>> Connection::open(const std::string& path, Mode mode,
                                                     const Interrupt* interrupt) {
  std::unique_ptr<Connection> made(new Connection(path, interrupt));
  int flags = SQLITE_OPEN_URI | SQLITE_OPEN_EXRESCODE | SQLITE_OPEN_NOMUTEX;
  if (mode == Mode::read_only) flags |= SQLITE_OPEN_READONLY;
  if (mode != Mode::read_only) flags |= SQLITE_OPEN_READWRITE;
  if (mode == Mode::read_write_create) flags |= SQLITE_OPEN_CREATE;
  const int code = sqlite3_open_v2(path.c_str(), &made->handle_, flags, nullptr);
  if (code != SQLITE_OK) return made->failure(code);
  set_double_quoted_text(made->handle_, 0);
  sqlite3_busy_handler(made->handle_, on_busy, made.get());
  sqlite3_progress_handler(made->handle_, 1000, on_progress, made.get());  // some microseconds
  return made;
}

Connection::~Connection() { sqlite3_close_v2(handle_); }

int Connection::on_busy(void* self, int calls) noexcept {
  auto& connection = *static_cast<Connection*>(self);
  if (calls == 0) connection.busy_since_ = steady_clock::now();
  if (connection.interrupt_ != nullptr && connection.interrupt_->requested()) return 0;
  const auto waited = since(connection.busy_since_);
  if (waited >= connection.busy_timeout_) return 0;
  pause(connection.interrupt_,
        std::min(milliseconds(5 + 5 * std::min(calls, 19)), connection.busy_timeout_ - waited));
  return 1;
}

int Connection::on_progress(void* self) noexcept {
  const auto& connection = *static_cast<Connection*>(self);
  return connection.interrupt_ != nullptr && connection.interrupt_->requested() ? 1 : 0;
}

Error Connection::interrupted() { return {.code = ErrorCode::interrupted, .message = "stopped"}; }

Error Connection::failure(int code) const {
  const bool asked_to_stop = interrupt_ != nullptr && interrupt_->requested();
  if (code == SQLITE_INTERRUPT || (asked_to_stop && (code & 0xff) == SQLITE_BUSY)) {
    return interrupted();
  }
  Error error{.code = code_of(code), .hint = hint_of(code), .sql_code = code & 0xff};
  error.message = handle_ == nullptr ? sqlite3_errstr(code) : sqlite3_errmsg(handle_);
  if (const auto name = name_of(code); !name.empty()) error.message += " (" + name + ")";
  return error;
}

Result<Statement> Connection::prepare(std::string_view text, Ran& ran, FailedAt* where) {
  if (text.contains('\0')) {
    return Error{.code = ErrorCode::sql_failed,
                 .message = "the statement holds a zero byte, where SQLite would stop reading",
                 .hint = "take the byte out, or write x'00' for a zero byte in data"};
  }
  const auto attempt = [&](Statement& statement) {
    sqlite3_stmt* raw = nullptr;
    const char* tail = nullptr;
    const int code =
        sqlite3_prepare_v2(handle_, text.data(), static_cast<int>(text.size()), &raw, &tail);
    statement.reset(raw);
    ran.consumed = code == SQLITE_OK ? static_cast<std::size_t>(tail - text.data()) : 0;
    return code;
  };
  Statement statement;
  const int code = attempt(statement);
  if (code == SQLITE_OK) return statement;
  Error error = failure(code);
  const int offset = sqlite3_error_offset(handle_);
  if (code == SQLITE_ERROR && text.contains('"')) {
    set_double_quoted_text(handle_, 1);
    ran.double_quoted_text = attempt(statement) == SQLITE_OK;
    if (ran.double_quoted_text) return statement;
    set_double_quoted_text(handle_, 0);
  }
  if (where != nullptr && offset >= 0) where->offset = static_cast<std::size_t>(offset);
  return error;
}

Result<Ran> Connection::run(std::string_view text, const Row& parameters, std::size_t keep,
                            FailedAt* where) {
  Ran ran;
  const StrictQuotes afterwards(handle_);
  const Statement statement = DUNLIN_TRY(prepare(text, ran, where));
  if (!statement) {
    ran.consumed = text.size();
    return ran;
  }
  bind(statement.get(), parameters);
  for (int i = 0; i < sqlite3_column_count(statement.get()); ++i) {
    ran.columns.emplace_back(sqlite3_column_name(statement.get(), i));
  }
  const auto changes_before = sqlite3_total_changes64(handle_);
  int code = SQLITE_OK;
  while ((code = sqlite3_step(statement.get())) == SQLITE_ROW) {
    if (ran.rows.size() < keep) ran.rows.push_back(row_of(statement.get()));
    ++ran.row_count;
  }
  if (code != SQLITE_DONE) return failure(code);
  if (sqlite3_stmt_readonly(statement.get()) == 0) {
    const bool did = sqlite3_total_changes64(handle_) != changes_before;
    ran.changed = did ? sqlite3_changes64(handle_) : 0;
  }
  return ran;
}

Result<Ran> Connection::run_all(std::string_view text, const Row& parameters) {
  Ran last;
  while (!text.empty()) {
    Ran ran = DUNLIN_TRY(run(text, parameters));
    text.remove_prefix(ran.consumed);
    if (!ran.columns.empty() || ran.changed >= 0) last = std::move(ran);
  }
  return last;
}

Result<void> Connection::begin_immediate(milliseconds patience, Progress* progress) {
  const auto usual = std::exchange(busy_timeout_, milliseconds{0});  // the waiting is done here
  const int code = wait_for_turn(patience, progress);
  busy_timeout_ = usual;
  if (code == SQLITE_OK) return {};
  const bool stop = interrupt_ != nullptr && interrupt_->requested();
  if ((code & 0xff) != SQLITE_BUSY || stop) return failure(code);
  return Error{.code = ErrorCode::lock_timeout,
               .message = fmt::format("another program went on writing to {} for {:.1f} s", path_,
                                      std::chrono::duration<double>(patience).count()),
               .hint = "let it finish and run again, or raise lockRetryCount (seconds)"};
}

int Connection::wait_for_turn(milliseconds patience, Progress* progress) {
  const auto start = steady_clock::now();
  auto told = milliseconds{0};
  for (milliseconds nap{2};; nap = std::min(nap * 2, milliseconds{100})) {
    const int code = sqlite3_exec(handle_, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr);
    const auto waited = since(start);
    const bool over = patience.count() >= 0 && waited >= patience;
    const bool stop = interrupt_ != nullptr && interrupt_->requested();
    if ((code & 0xff) != SQLITE_BUSY || over || stop) return code;
    if (progress != nullptr && waited - told >= std::chrono::seconds{1}) {
      progress->hear(WaitingForLock{.what = "the write lock of " + path_, .waited = waited});
      told = waited;
    }
    pause(interrupt_, nap);
  }
}

void Connection::rollback() noexcept {
  if (!in_transaction()) return;
  sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
}

bool Connection::in_transaction() const noexcept { return sqlite3_get_autocommit(handle_) == 0; }

Result<bool> Connection::only_reads(std::string_view text) {
  while (!text.empty()) {
    Ran ran;
    const StrictQuotes afterwards(handle_);
    const Statement statement = DUNLIN_TRY(prepare(text, ran, nullptr));
    if (statement && sqlite3_stmt_readonly(statement.get()) == 0) return false;
    text.remove_prefix(statement ? ran.consumed : text.size());
  }
  return true;
}

}  // namespace dunlin::sqlite
