#include "base/text.hpp"
#include "database/postgresql/batch.hpp"
#include "database/postgresql/begin.hpp"
#include "database/postgresql/clean.hpp"
#include "database/postgresql/history_sql.hpp"
#include "database/postgresql/lock.hpp"
#include "database/postgresql/names.hpp"
#include "database/postgresql/run.hpp"
#include "database/postgresql/session.hpp"

#include <algorithm>
#include <array>

namespace dunlin::postgresql {
namespace {

class PostgreSql final : public Database {
 public:
  explicit PostgreSql(Session session) : session_(std::move(session)) {}
  ~PostgreSql() override { release_lock(session_); }
  PostgreSql(const PostgreSql&) = delete;
  PostgreSql& operator=(const PostgreSql&) = delete;

  [[nodiscard]] const Facts& facts() const noexcept override { return session_.facts; }
  [[nodiscard]] sql::Dialect dialect() const noexcept override { return sql::Dialect::postgresql; }

  Result<std::vector<Rows>> query(std::span<const Query> batch) override {
    auto rows = run_batch(*session_.link, batch);
    session_.link->take_notices();  // nobody listens
    return rows;
  }

  std::vector<Outcome> apply(StepSource& steps, const ApplyOptions& options,
                             Progress& progress) override;

  [[nodiscard]] bool is_lost() const noexcept override { return !session_.link->alive(); }
  Result<void> reconnect(Progress& progress) override { return begin_again(session_, progress); }
  Result<void> make_durable() override {
    const auto queries = flush();
    DUNLIN_TRY(run_batch(*session_.link, queries));
    return {};
  }

  Result<void> limit(const Limits& limits) override;
  Result<void> lock(const LockOptions& options, Progress& progress) override {
    return take_lock(session_, options, progress);
  }
  void unlock() noexcept override { release_lock(session_); }
  Result<std::optional<int>> lock_holder(const HistoryTable& table) override;

  Result<std::vector<SchemaState>> schemas(std::span<const std::string> names) override;
  [[nodiscard]] Query create_schema(std::string_view name) const override {
    return {.text = "CREATE SCHEMA IF NOT EXISTS " + quoted_name(name)};
  }
  [[nodiscard]] Query drop_schema(std::string_view name) const override {
    return {.text = "DROP SCHEMA " + quoted_name(name) + " CASCADE"};
  }
  Result<std::vector<Query>> clean_statements(std::string_view schema) override;

  Result<bool> has_history(const HistoryTable& table) override {
    const std::array queries{history_exists(table)};
    return DUNLIN_TRY(query(queries))[0].at(0).at(0) == "t";
  }
  Result<Sight> look(const HistoryTable& table, std::span<const std::string> schema_names,
                     HistoryIs known) override;
  [[nodiscard]] std::vector<Query> create_history(const HistoryTable& table) const override {
    return history_ddl(table);
  }
  Result<std::vector<HistoryRow>> read_history(const HistoryTable& table) override {
    const std::array queries{history_rows(table)};
    return parse_history(std::move(DUNLIN_TRY(query(queries)).front()));
  }
  [[nodiscard]] Query insert_row(const HistoryTable& table, const HistoryRow& row) const override {
    return history_insert(table, row);
  }
  [[nodiscard]] std::string quoted(const HistoryTable& table) const override {
    return qualified(table);
  }

 private:
  Session session_;
};

Result<std::optional<int>> PostgreSql::lock_holder(const HistoryTable& table) {
  // pg_locks shows the two halves of a key of 64 bits (PostgreSQL manual, 54.12).
  const std::array queries{Query{
      .text = "SELECT l.pid FROM pg_catalog.pg_locks l WHERE l.locktype = 'advisory' AND l.granted"
              " AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d"
              " WHERE d.datname = pg_catalog.current_database())"
              " AND (l.classid::pg_catalog.int8 << 32 | l.objid::pg_catalog.int8)"
              " = $1::pg_catalog.int8 AND l.objsubid = 1 AND l.pid <> pg_catalog.pg_backend_pid()",
      .parameters = {std::to_string(lock_key(table))}}};
  const auto rows = DUNLIN_TRY(query(queries))[0];
  if (rows.empty()) return std::optional<int>();
  const std::string pid = rows[0].at(0).value_or("0");
  return std::optional(static_cast<int>(std::strtol(pid.c_str(), nullptr, 10)));
}

Outcome not_begun(std::size_t script_index, Error error) {
  return {.script_index = script_index,
          .error = std::make_shared<Error>(std::move(error)),
          .before_running = true};
}

/// The next step; false when the run ends with it.
bool run_next(Run& run, const Step& step) {
  if (auto reason = refusal(step)) {
    run.failed(not_begun(step.script_index, *std::move(reason)));
    return false;
  }
  if (!run.link().alive()) {
    run.failed(not_begun(step.script_index, run.link().lost()));
    return false;
  }
  if (run.link().interrupted()) {
    run.failed(
        not_begun(step.script_index, {.code = ErrorCode::interrupted, .message = "stopped"}));
    return false;
  }
  return breaks_window(step, run.options) ? run_alone(run) : run_window(run);
}

std::vector<Outcome> PostgreSql::apply(StepSource& steps, const ApplyOptions& options,
                                       Progress& progress) {
  Run run{.session = session_, .options = options, .progress = progress, .feed = Feed(steps)};
  session_.link->take_notices();
  bool goes_on = true;
  while (goes_on) {
    const Step* next = run.feed.peek();
    if (next == nullptr) break;
    goes_on = run_next(run, *next);
  }
  if (goes_on && run.feed.error()) run.failed(not_begun(run.feed.next_index(), *run.feed.error()));
  const bool failed = !run.outcomes.empty() && run.outcomes.back().error;
  if (failed && run.group_is_open && run.link().alive()) run.roll_back(false);
  if (!failed) run.commit_group();
  return std::move(run.outcomes);
}

/// What no limit holds any more becomes the server's own again.
Result<void> PostgreSql::limit(const Limits& limits) {
  if (session_.options.limits == limits) return {};
  const auto before = std::exchange(session_.options.limits, limits);
  if (session_.start.pooled) return {};  // they travel with each transaction
  std::vector<Query> queries;
  if (before.table_lock_timeout) queries.push_back({.text = "RESET lock_timeout"});
  if (before.statement_timeout) queries.push_back({.text = "RESET statement_timeout"});
  const auto variables = session_settings(session_.options);
  if (!variables.empty()) queries.push_back(setting(variables, Scope::session));
  if (queries.empty()) return {};
  auto answer = run_batch(*session_.link, queries);
  // Where the connection is lost, the next one begins with them.
  if (!answer && !is_lost()) return std::move(answer).error();
  return {};
}

Result<std::vector<SchemaState>> PostgreSql::schemas(std::span<const std::string> names) {
  std::vector<Query> questions;
  questions.reserve(names.size());
  for (const auto& name : names) questions.push_back(schema_question(name));
  std::vector<SchemaState> states;
  states.reserve(names.size());
  const auto answers = DUNLIN_TRY(query(questions));
  for (const auto& rows : answers) states.push_back(schema_state(rows));
  return states;
}

Result<Sight> PostgreSql::look(const HistoryTable& table, std::span<const std::string> schema_names,
                               HistoryIs known) {
  std::vector<Query> questions;
  for (const auto& name : schema_names) questions.push_back(schema_question(name));
  const bool at_once = known == HistoryIs::there;
  questions.push_back(at_once ? history_rows(table) : history_exists(table));
  auto answers = DUNLIN_TRY(query(questions));
  Sight sight{.has_history = at_once || answers.back().at(0).at(0) == "t"};
  for (const auto& rows : std::span(answers).first(schema_names.size()))
    sight.schemas.push_back(schema_state(rows));
  if (at_once) {
    sight.history = DUNLIN_TRY(parse_history(std::move(answers.back())));
  } else if (sight.has_history) {
    sight.history = DUNLIN_TRY(read_history(table));
  }
  return sight;
}

Result<std::vector<Query>> PostgreSql::clean_statements(std::string_view schema) {
  const std::array question{clean_question(schema)};
  const auto answers = DUNLIN_TRY(query(question));
  std::vector<Query> drops;
  for (const auto& row : answers[0]) drops.push_back({.text = row.at(0).value_or("")});
  return drops;
}

}  // namespace

Result<std::unique_ptr<Database>> open(ConnectOptions options, Progress& progress) {
  Session session{.options = std::move(options)};
  DUNLIN_TRY(begin(session, progress));
  return std::make_unique<PostgreSql>(std::move(session));
}

}  // namespace dunlin::postgresql
