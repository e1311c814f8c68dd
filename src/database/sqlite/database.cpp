#include "base/text.hpp"
#include "database/sqlite/apply.hpp"
#include "database/sqlite/connection.hpp"
#include "database/sqlite/history.hpp"
#include "database/sqlite/open.hpp"
#include "database/sqlite/schema.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

namespace dunlin::sqlite {
namespace {

using std::chrono::milliseconds;

class SqliteDatabase final : public Database {
 public:
  SqliteDatabase(std::unique_ptr<Connection> connection, Facts facts, milliseconds patience)
      : connection_(std::move(connection)), facts_(std::move(facts)), patience_(patience) {}

  [[nodiscard]] const Facts& facts() const noexcept override { return facts_; }
  [[nodiscard]] sql::Dialect dialect() const noexcept override { return sql::Dialect::sqlite; }

  Result<std::vector<Rows>> query(std::span<const Query> batch) override {
    DUNLIN_TRY(begin(batch));
    std::vector<Rows> all;
    for (const Query& one : batch) {
      auto ran = connection_->run_all(one.text, one.parameters);
      if (!ran) return abandon(std::move(ran).error());
      all.push_back(std::move(ran->rows));
    }
    auto done = connection_->run_all("COMMIT");
    if (!done) return abandon(std::move(done).error());
    return all;
  }

  std::vector<Outcome> apply(StepSource& steps, const ApplyOptions& options,
                             Progress& progress) override {
    return Applier(*connection_, options, patience_, progress).run(steps);
  }

  /// SQLite knows no lock without a transaction. What keeps two programs apart is each step's own
  /// (see Applier); here it is only settled how long a step waits for its turn.
  Result<void> lock(const LockOptions& options, Progress& progress) override {
    (void)progress;
    patience_ = std::chrono::seconds{options.retries};
    return {};
  }
  void unlock() noexcept override {}

  Result<std::vector<SchemaState>> schemas(std::span<const std::string> names) override {
    return schema_states(*connection_, names);
  }
  [[nodiscard]] Query create_schema(std::string_view) const override { return {}; }
  [[nodiscard]] Query drop_schema(std::string_view) const override { return {}; }
  Result<std::vector<Query>> clean_statements(std::string_view schema) override {
    return clean_schema(*connection_, schema);
  }

  Result<bool> has_history(const HistoryTable& table) override {
    return history_exists(*connection_, table);
  }
  [[nodiscard]] std::vector<Query> create_history(const HistoryTable& table) const override {
    return history_ddl(table);
  }
  Result<std::vector<HistoryRow>> read_history(const HistoryTable& table) override {
    return history_rows(*connection_, table);
  }
  [[nodiscard]] Query insert_row(const HistoryTable& table, const HistoryRow& row) const override {
    return history_insert(table, row);
  }
  [[nodiscard]] std::string quoted(const HistoryTable& table) const override {
    return qualified(table);
  }

 private:
  /// A batch that only reads leaves writers alone; one that writes takes its turn first, because a
  /// transaction that reads and then wants to write fails at once when another has written.
  Result<void> begin(std::span<const Query> batch) {
    for (const Query& one : batch) {
      const auto reads = connection_->only_reads(one.text);
      // What cannot be prepared may need a table that the batch makes first, so it writes.
      if (!reads || !*reads) return connection_->begin_immediate(patience_, nullptr);
    }
    (void)DUNLIN_TRY(connection_->run("BEGIN"));
    return {};
  }

  Error abandon(Error error) {
    connection_->rollback();
    return error;
  }

  std::unique_ptr<Connection> connection_;
  Facts facts_;
  milliseconds patience_;
};

/// What a person can do about a file that cannot be opened, as far as the file system tells.
std::string reason(const std::string& path, const Error& error) {
  std::error_code ignored;
  const std::filesystem::path file(path);
  const auto folder = file.parent_path();
  if (!folder.empty() && !std::filesystem::exists(folder, ignored)) {
    return fmt::format("there is no folder {}", folder.string());
  }
  if (std::filesystem::is_directory(file, ignored)) return "it is a folder";
  if (!std::filesystem::exists(file, ignored)) return "there is no such file";
  return error.message;
}

Error unreachable(const Url& url, const Error& error) {
  if (error.code == ErrorCode::interrupted) return error;
  Error shown{.code = ErrorCode::database_unreachable,
              .message = fmt::format("Unable to obtain connection from database ({}): {}",
                                     url.shown, reason(url.path, error)),
              .hint = error.hint};
  if (shown.hint.empty()) shown.hint = "correct the path in -url, or make the folder";
  return shown;
}

Facts facts_of(const Url& url) {
  const int number = sqlite3_libversion_number();
  return {.product = "SQLite",
          .version = fmt::format("{}.{}", number / 1000000, number / 1000 % 1000),
          .version_number = number,
          .url = url.shown,
          .database = url.path,
          .user = "",
          .schema = "main"};
}

/// Is there nothing to look at, so that an empty database in memory has to do?
bool needs_stand_in(const OpenOptions& options) {
  std::error_code unreadable;
  return options.only_look && !std::filesystem::exists(options.url.path, unreadable);
}

Connection::Mode mode_of(const OpenOptions& options) {
  if (options.url.read_only) return Connection::Mode::read_only;
  return options.if_missing == IfMissing::create ? Connection::Mode::read_write_create
                                                 : Connection::Mode::read_write;
}

Result<void> set_up(Connection& connection, const OpenOptions& options) {
  for (const auto& [name, value] : options.url.pragmas) {
    (void)DUNLIN_TRY(connection.run(fmt::format("PRAGMA {} = {}", name, value)));
  }
  auto ran = connection.run_all(options.init_sql);
  if (ran) return {};
  Error error = std::move(ran).error();
  error.message = "Failed to execute script initSql: " + error.message;
  return error;
}

}  // namespace

Result<std::unique_ptr<Database>> open(const OpenOptions& options, Progress& progress) {
  const Url& url = options.url;
  for (const auto& name : url.ignored) {
    progress.hear(Note{.level = Note::Level::debug,
                       .text = fmt::format("URL parameter {} has no effect here", name)});
  }
  const std::string path = needs_stand_in(options) ? ":memory:" : url.path;
  for (const auto& name : url.unknown) {
    progress.hear(
        Note{.level = Note::Level::warning,
             .text = fmt::format("jdbcProperties.{} is unknown and has no effect", name)});
  }
  auto connection = Connection::open(path, mode_of(options), options.interrupt);
  if (!connection) return unreachable(url, connection.error());
  const auto timeout = url.busy_timeout.value_or(options.busy_timeout);
  (*connection)->set_busy_timeout(timeout);
  auto first_page = (*connection)->run("PRAGMA schema_version");
  if (!first_page) return unreachable(url, first_page.error());
  DUNLIN_TRY(set_up(**connection, options));
  if (options.only_look) (void)DUNLIN_TRY((*connection)->run("PRAGMA query_only = ON"));
  return std::make_unique<SqliteDatabase>(*std::move(connection), facts_of(url), timeout);
}

}  // namespace dunlin::sqlite
