#include "database/postgresql/run.hpp"

#include "base/text.hpp"
#include "database/postgresql/batch.hpp"
#include "database/postgresql/lock.hpp"
#include "database/postgresql/names.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <array>

namespace dunlin::postgresql {
namespace {

using namespace std::chrono_literals;
using sql::StatementKind;

// At least `on`; a session that waits for more (remote_apply) goes on doing so.
constexpr std::string_view kDurable =
    "pg_catalog.set_config('synchronous_commit',"
    " CASE pg_catalog.current_setting('synchronous_commit')"
    " WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, true)";

/// Standby servers may take their time; a stop may not.
constexpr auto kFlushTime = 60s;
constexpr auto kFlushTimeWhenStopped = 1s;

// Between two tries of a script that met a table lock.
constexpr auto kFirstBackoff = 200ms;
constexpr auto kLongestBackoff = 10'000ms;

// Of the rows that a script selects; they are for people to look at.
constexpr std::size_t kMostKept = std::size_t{4} << 20U;
constexpr std::size_t kLongestCell = std::size_t{16} << 10U;

/// Cuts a long text between two characters, and says how long it was; returns what it takes.
std::size_t shorten(std::string& text) {
  if (text.size() <= kLongestCell) return text.size();
  std::size_t end = kLongestCell;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  text = fmt::format("{}... ({} bytes)", std::string_view(text).substr(0, end), text.size());
  return text.size();
}

template <class Rule>
bool any_statement(const Step& step, const Rule& rule) {
  return std::ranges::any_of(step.parts, [&](const Part& part) {
    for (std::size_t at = 0; at < part.count; ++at)
      if (rule(part.source->statements[part.first + at])) return true;
    return false;
  });
}

/// The statement that was refused a table lock.
std::string_view refused_text(const Run& run, const Step& step, const Failure& failure) {
  const auto& tag = failure.tag;
  return tag.kind == Tag::Kind::statement ? statement_at(step, tag.part, tag.statement).text
                                          : std::string_view(run.options.history.name);
}

}  // namespace

void Run::announce(Item& item, std::size_t part) const {
  const auto& parts = item.step.parts;
  const bool has_script =
      std::ranges::any_of(parts, [](const Part& each) { return each.callback.empty(); });
  const auto start = [&] {
    if (!std::exchange(item.started, true)) progress.hear(StepStarted{item.step});
  };
  if (!has_script) start();
  for (; item.announced < std::min(part + 1, parts.size()); ++item.announced) {
    const auto& each = parts[item.announced];
    if (each.callback.empty()) start();
    if (!each.callback.empty()) progress.hear(CallbackStarted{each.callback});
  }
}

void Run::pass_notices() const {
  for (auto& notice : link().take_notices()) progress.hear(notice);
}

void Run::applied(const Done& done) {
  progress.hear(StepApplied{.script_index = done.script_index, .execution_time = done.time});
  outcomes.push_back({.script_index = done.script_index, .execution_time = done.time});
}

Query Run::settings(bool asynchronous) const {
  std::vector<std::pair<std::string, std::string>> variables{
      {"role", session.start.role},
      {"search_path", with_default_schema(options.default_schema, session.start.search_path)}};
  if (session.start.pooled)
    std::ranges::copy(session_settings(session.options), std::back_inserter(variables));
  auto query = setting(variables, session.start.pooled ? Scope::transaction : Scope::session);
  if (asynchronous) query.text += ", pg_catalog.set_config('synchronous_commit', 'off', true)";
  return query;
}

Query Run::restore(bool durable) const {
  const auto& role = session.start.role;
  if (!durable) return {.text = set_role(role)};
  auto query =
      setting({{"role", role}}, session.start.pooled ? Scope::transaction : Scope::session);
  query.text += ", ";
  query.text += kDurable;
  return query;
}

void Run::send_proof(Pipeline& pipeline) const {
  if (!session.lock || session.lock->link || group_is_open) return;
  const Tag tag{.kind = Tag::Kind::proof};
  pipeline.send("BEGIN", tag);
  pipeline.send(lock_proof(session.lock->key).text, tag);
  pipeline.send("COMMIT", tag);
}

std::vector<Query> flush() {
  return {{.text = "BEGIN"},
          {.text = fmt::format("SELECT {}, pg_catalog.pg_logical_emit_message(true, 'dunlin', '')",
                               kDurable)},
          {.text = "COMMIT"}};
}

bool Run::roll_back(bool and_flush) const {
  std::vector<Query> queries;
  if (!link().idle()) queries.push_back({.text = "ROLLBACK"});
  if (and_flush) std::ranges::move(flush(), std::back_inserter(queries));
  if (queries.empty()) return true;
  const auto time = link().interrupted() ? kFlushTimeWhenStopped : kFlushTime;
  auto answer = run_hurried(link(), queries, time);
  // A late request to cancel may have hit the flush instead of what it was meant for.
  for (int again = 0; again < 3 && !answer && answer.error().sqlstate == "57014"; ++again) {
    if (link().idle())
      std::erase_if(queries, [](const Query& query) { return query.text == "ROLLBACK"; });
    answer = run_hurried(link(), queries, time);
  }
  return answer.has_value();
}

void Run::run_error_callbacks(const Step& step) const {
  for (const Part& part : step.on_error) {
    if (!link().alive() || link().interrupted()) return;
    progress.hear(CallbackStarted{part.callback});
    for (std::size_t at = 0; at < part.count; ++at) {
      const auto& statement = part.source->statements[part.first + at];
      const std::array query{Query{.text = std::string(statement.text)}};
      const auto answer = run_batch(link(), query);
      pass_notices();
      if (answer) continue;
      progress.hear(Note{
          .level = Note::Level::warning,
          .text = fmt::format("Error while executing {} callback: Failed to execute script {}: "
                              "{} (SQLSTATE {})",
                              part.callback.substr(0, part.callback.find(' ')), part.source->script,
                              answer.error().message, answer.error().sqlstate)});
      break;
    }
  }
}

bool Run::commit_group() {
  if (!group_is_open) return true;
  group_is_open = false;
  const std::array queries{restore(true), Query{.text = "COMMIT"}};
  auto answer = run_batch(link(), queries);
  pass_notices();
  if (!answer) {
    if (link().alive()) roll_back(false);
    failed({.script_index = group.empty() ? 0 : group.back().script_index,
            .error = std::make_shared<Error>(std::move(answer).error()),
            .rolled_back = !group_was_torn});
    return false;
  }
  for (const auto& done : group) applied(done);
  group.clear();
  return true;
}

bool Run::may_wait_for_table(const Item& item, const Failure& failure) const {
  return failure.message.sqlstate == "55P03" &&
         item.table_lock_waits < session.options.limits.table_lock_retries;
}

bool Run::wait_for_table(Item& item, const Failure& failure) const {
  progress.hear(WaitingForLock{
      .what = "a table lock",
      .blockers = table_holders(link(), refused_text(*this, item.step, failure)),
      .waited = session.options.limits.table_lock_timeout.value_or(std::chrono::milliseconds{})});
  const auto backoff =
      std::min(kFirstBackoff * (1 << std::min(item.table_lock_waits, 10)), kLongestBackoff);
  ++item.table_lock_waits;
  return pause(std::chrono::steady_clock::now() + backoff, link().interrupt());
}

void Run::name_table_holders(const Step& step, const Failure& failure, Error& error) const {
  if (failure.message.sqlstate != "55P03" || !link().alive()) return;
  for (const auto& holder : table_holders(link(), refused_text(*this, step, failure))) {
    if (!error.excerpt.empty()) error.excerpt += '\n';
    error.excerpt += holder_text(holder);
  }
}

void ResultReader::take(pg_result& reply, const sql::Statement& statement) {
  const auto status = PQresultStatus(&reply);
  if (status == PGRES_FATAL_ERROR) return;
  if (status == PGRES_SINGLE_TUPLE || status == PGRES_TUPLES_OK) {
    result_.row_count += static_cast<std::size_t>(PQntuples(&reply));
    keep(reply);
    if (status == PGRES_SINGLE_TUPLE) return;
    result_.columns = columns_of(reply);
    if (limit_ > 0) progress_.hear(std::exchange(result_, {}));
    result_ = {};
    bytes_ = 0;
  }
  const std::string_view command = PQcmdStatus(&reply);
  const std::string_view count = PQcmdTuples(&reply);
  const bool is_count = !count.empty() && !command.starts_with("SELECT");
  progress_.hear(StatementDone{
      .statement = statement,
      .rows_changed = is_count ? std::strtoll(std::string(count).c_str(), nullptr, 10) : -1});
}

void ResultReader::keep(const pg_result& reply) {
  if (result_.rows.size() >= limit_ || bytes_ >= kMostKept) return;
  for (auto& row : rows_of(reply)) {
    for (auto& cell : row) {
      if (cell) bytes_ += shorten(*cell);
    }
    if (result_.rows.size() < limit_) result_.rows.push_back(std::move(row));
  }
}

const sql::Statement& statement_at(const Step& step, std::size_t part, std::size_t statement) {
  const auto& of = step.parts[part];
  return of.source->statements[of.first + statement];
}

std::string row_not_written(const HistoryRow& row, std::string_view why) {
  return fmt::format("Unable to insert row for version '{}' in Schema History table: {}",
                     row.version.value_or(row.description), why);
}

Error error_of(const Step& step, const Failure& failure) {
  const auto& [tag, message] = failure;
  switch (tag.kind) {
    case Tag::Kind::proof:
      return lock_is_gone();
    case Tag::Kind::statement:
      return complaint(message, *step.parts[tag.part].source,
                       statement_at(step, tag.part, tag.statement));
    case Tag::Kind::row: {
      auto error = complaint(message);
      error.trail = {step.row.script};
      if (message.sqlstate == "23505") {
        error.code = ErrorCode::history_conflict;
        error.hint = "somebody else migrated meanwhile: run the same command again";
      }
      error.message = row_not_written(step.row, error.message);
      return error;
    }
    case Tag::Kind::commit: {
      auto error = complaint(message);
      error.message = fmt::format("Unable to commit transaction: {}", error.message);
      error.trail = {step.row.script};
      return error;
    }
    default: {
      auto error = complaint(message);
      if (!step.parts.empty()) error.trail = {step.parts.front().source->script};
      return error;
    }
  }
}

void name_part(Outcome& outcome, const Part& part) {
  outcome.file = part.source->script;
  outcome.callback = part.callback;
}

Error interruption_of(const Step& step, bool rolled_back) {
  const std::string name = step.parts.empty() ? step.row.script : step.parts.front().source->script;
  return {.code = ErrorCode::interrupted,
          .message = fmt::format(
              "stopped while {} ran; {}", name,
              rolled_back ? "its changes were rolled back" : "what it did before stays"),
          .trail = {name}};
}

bool breaks_window(const Step& step, const ApplyOptions& options) {
  // An error that is survived needs a savepoint, and a warning that is an error a look after each
  // statement: neither goes with a window, where all is sent before anything is known.
  const bool may_go_on = !options.error_overrides.empty() && !step.parts.empty();
  return may_go_on || step.transaction == Transaction::none ||
         any_statement(step, [](const sql::Statement& statement) {
           return statement.kind != StatementKind::plain &&
                  statement.kind != StatementKind::non_transactional;
         });
}

std::optional<Error> refusal(const Step& step) {
  for (const auto& part : step.parts) {
    for (std::size_t at = 0; at < part.count; ++at) {
      const auto& statement = part.source->statements[part.first + at];
      const std::vector<std::string> trail{
          part.source->script, fmt::format("line {}, column {}", statement.line, statement.column)};
      if (statement.kind == StatementKind::copy_to_stdout) {
        return Error{.code = ErrorCode::sql_failed,
                     .message = "COPY ... TO STDOUT cannot run in a script: nobody takes its rows",
                     .hint = "use SELECT to show rows, or COPY ... TO a file of the server",
                     .trail = trail,
                     .sqlstate = "0A000"};
      }
      if (statement.text.contains('\0')) {
        return Error{.code = ErrorCode::sql_failed,
                     .message = "the statement holds a NUL byte, which PostgreSQL cannot take",
                     .hint = "check the file and the option encoding",
                     .trail = trail};
      }
    }
  }
  return std::nullopt;
}

std::size_t size_of(const Step& step) {
  std::size_t bytes = 0;
  for (const auto& part : step.parts) {
    for (std::size_t at = 0; at < part.count; ++at)
      bytes += part.source->statements[part.first + at].text.size();
  }
  return bytes;
}

}  // namespace dunlin::postgresql
