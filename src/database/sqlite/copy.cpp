#include "database/sqlite/copy.hpp"

#include "base/handle.hpp"
#include "base/text.hpp"

#include <sqlite3.h>

#include <poll.h>

#include <chrono>
#include <filesystem>

namespace dunlin::sqlite {
namespace {

using std::chrono::steady_clock;

constexpr int kPagesAtOnce = 256;  // 1 MiB: between two, others get their turn
constexpr std::chrono::seconds kPatience{60};

using File = Handle<sqlite3, sqlite3_close_v2>;
using Backup = Handle<sqlite3_backup, sqlite3_backup_finish>;

ErrorCode code_of(int code) {
  switch (code & 0xff) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return ErrorCode::table_lock_timeout;
    case SQLITE_CANTOPEN:
    case SQLITE_CORRUPT:
    case SQLITE_IOERR:
    case SQLITE_NOTADB:
      return ErrorCode::database_unreachable;
    default:
      return ErrorCode::sql_failed;
  }
}

Error failure(const std::string& path, int code) {
  return {.code = code_of(code), .message = fmt::format("{}: {}", path, sqlite3_errstr(code))};
}

Result<File> open_file(const std::string& path, int flags) {
  sqlite3* raw = nullptr;
  const int code =
      sqlite3_open_v2(path.c_str(), &raw, flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nullptr);
  File file(raw);
  if (code != SQLITE_OK) return failure(path, code);
  return file;
}

/// False when a stop is requested.
bool rest(const Interrupt& interrupt) {
  pollfd waiting{.fd = interrupt.fd(), .events = POLLIN, .revents = 0};
  poll(&waiting, 1, 50);
  return !interrupt.requested();
}

Error stopped() { return {.code = ErrorCode::interrupted, .message = "stopped"}; }

bool is_busy(int code) { return (code & 0xff) == SQLITE_BUSY || (code & 0xff) == SQLITE_LOCKED; }

}  // namespace

Result<void> copy(const std::string& from, const std::string& to, const Interrupt& interrupt,
                  const Copied& copied) {
  const File source = DUNLIN_TRY(open_file(from, SQLITE_OPEN_READWRITE));
  const File target = DUNLIN_TRY(open_file(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE));
  Backup backup(sqlite3_backup_init(target.get(), "main", source.get(), "main"));
  if (!backup) return failure(to, sqlite3_errcode(target.get()));
  auto moved_at = steady_clock::now();
  int code = SQLITE_OK;
  while ((code = sqlite3_backup_step(backup.get(), kPagesAtOnce)) != SQLITE_DONE) {
    if (code != SQLITE_OK && !is_busy(code)) return failure(from, code);
    const auto all = static_cast<std::uint64_t>(sqlite3_backup_pagecount(backup.get()));
    const auto left = static_cast<std::uint64_t>(sqlite3_backup_remaining(backup.get()));
    if (code == SQLITE_OK) {
      moved_at = steady_clock::now();
      copied(all - left, all);
      if (interrupt.requested()) return stopped();
    } else if (steady_clock::now() - moved_at >= kPatience) {
      return failure(from, code);
    } else if (!rest(interrupt)) {
      return stopped();
    }
  }
  code = sqlite3_backup_finish(backup.release());
  if (code != SQLITE_OK) return failure(to, code);
  return {};
}

Result<bool> holds_something(const std::string& path, const Interrupt& interrupt) {
  std::error_code problem;
  if (!std::filesystem::exists(path, problem)) return false;
  const File file = DUNLIN_TRY(open_file(path, SQLITE_OPEN_READWRITE));
  sqlite3_busy_timeout(file.get(), 3000);
  int rows = 0;
  const auto count = [](void* found, int /*columns*/, char** /*values*/, char** /*names*/) {
    ++*static_cast<int*>(found);
    return 0;
  };
  const int code =
      sqlite3_exec(file.get(), "SELECT 1 FROM sqlite_schema LIMIT 1", count, &rows, nullptr);
  if (interrupt.requested()) return stopped();
  if (code != SQLITE_OK) return failure(path, code);
  return rows > 0;
}

}  // namespace dunlin::sqlite
