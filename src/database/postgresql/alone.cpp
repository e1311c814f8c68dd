#include "base/text.hpp"
#include "database/overrides.hpp"
#include "database/postgresql/batch.hpp"
#include "database/postgresql/conversation.hpp"
#include "database/postgresql/history_sql.hpp"
#include "database/postgresql/lock.hpp"
#include "database/postgresql/run.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <array>

// Steps that cannot stand in a window: statement by statement, a round trip each. With a
// transaction they still are BEGIN, statements, history row, COMMIT; where the script itself ends
// the transaction, another is begun before the next statement, as Flyway's driver does. Without a
// transaction the history row is committed as failed first and settled at the end, so that a run
// that is killed in between leaves a sign.
//
// The class is long, but one thing: what its four parts do (before the script, the script, its
// errorOverrides, after it) hangs on the same handful of members, from savepoint to first failure.
namespace dunlin::postgresql {
namespace {

using sql::StatementKind;

constexpr const char* kSavepoint = "SAVEPOINT dunlin_statement";
constexpr const char* kRelease = "RELEASE SAVEPOINT dunlin_statement";

class Alone {
 public:
  Alone(Run& run, Item item)
      : run_(run),
        item_(std::move(item)),
        reader_(run.progress, run.options.output_query_rows),
        row_(item_.step.row),
        began_(std::chrono::steady_clock::now()) {}

  bool carry() {
    if (auto ready = prepare(); !ready) {
      outcome_.before_running = true;
      return fail(std::move(ready).error());
    }
    run_.announce(item_, 0);
    for (std::size_t part = 0; part < step().parts.size(); ++part) {
      auto ran = run_part(part);
      if (ran) continue;
      if (runs_again()) return give_back();
      name_part(outcome_, step().parts[part]);
      if (failure_ || complaint_) run_.run_error_callbacks(step());
      return fail(std::move(ran).error());
    }
    run_.announce_all(item_);
    if (auto ended = end(); !ended) return fail(std::move(ended).error());
    return true;
  }

 private:
  [[nodiscard]] const Step& step() const { return item_.step; }
  [[nodiscard]] bool has_transaction() const { return step().transaction == Transaction::own; }
  [[nodiscard]] bool writes_row() const { return step().effect == HistoryEffect::insert; }
  [[nodiscard]] bool row_comes_first() const {
    return !has_transaction() && writes_row() && !run_.session.options.transactional_lock;
  }

  /// It would also end CONCURRENTLY's own waiting, and leave an invalid index. Behind a pooler it
  /// is not in force outside of transactions.
  [[nodiscard]] bool lifts_lock_timeout() const {
    const auto& options = run_.session.options;
    return !has_transaction() && options.limits.table_lock_timeout &&
           !options.table_lock_timeout_everywhere && !run_.session.start.pooled;
  }

  Result<void> run_part(std::size_t part) {
    for (std::size_t n = 0; n < step().parts[part].count; ++n) DUNLIN_TRY(run_statement(part, n));
    return {};
  }

  // ---- before the script

  Result<void> prepare() {
    if (!has_transaction() && !run_.commit_group()) {
      auto error = *std::move(run_.outcomes.back().error);
      run_.outcomes.pop_back();
      return error;
    }
    DUNLIN_TRY(prove_elsewhere(run_.session));
    std::vector<Query> queries;
    add_proof(queries);
    add_begin(queries);
    const auto first_row = row_comes_first() ? add_first_row(queries) : 0;
    if (lifts_lock_timeout()) queries.push_back({.text = "SET lock_timeout = 0"});
    auto rows = run_batch(run_.link(), queries);
    run_.pass_notices();
    if (!rows) return rows.error().sqlstate == "22012" ? lock_is_gone() : rows.error();
    if (row_comes_first()) note_rank((*rows)[first_row]);
    began_ = std::chrono::steady_clock::now();
    return {};
  }

  void add_begin(std::vector<Query>& queries) {
    const bool begins = has_transaction() && !run_.group_is_open;
    if (run_.group_is_open || run_.session.start.pooled) {
      if (begins) queries.push_back({.text = "BEGIN"});
      queries.push_back(run_.settings(false));
    } else {  // before the transaction, so that SET TRANSACTION can be its first statement
      add_block(queries, run_.settings(false));
      if (begins) queries.push_back({.text = "BEGIN"});
    }
    if (run_.in_group() && has_transaction()) run_.group_is_open = true;
  }

  /// The rank that the server gave to the row.
  void note_rank(const Rows& rows) {
    const std::string rank = rows.at(0).at(1).value_or("0");
    row_.installed_rank = static_cast<std::int32_t>(std::strtol(rank.c_str(), nullptr, 10));
  }

  void add_proof(std::vector<Query>& queries) const {
    if (!run_.session.lock || run_.session.lock->link || run_.group_is_open) return;
    add_block(queries, lock_proof(run_.session.lock->key));
  }

  static void add_block(std::vector<Query>& queries, Query query) {
    queries.push_back({.text = "BEGIN"});
    queries.push_back(std::move(query));
    queries.push_back({.text = "COMMIT"});
  }

  /// Adds the row that says failed until the end; returns where its answer will stand.
  std::size_t add_first_row(std::vector<Query>& queries) {
    auto row = row_;
    row.success = false;
    row.execution_time = 0;
    queries.push_back({.text = "BEGIN"});
    queries.push_back(run_.restore(true));
    queries.push_back(history_append(run_.options.history, row, Started::by_client));
    queries.push_back({.text = "COMMIT"});
    return queries.size() - 2;
  }

  // ---- the script

  Result<void> run_statement(std::size_t part, std::size_t n) {
    const auto& statement = statement_at(step(), part, n);
    if (run_.link().interrupted()) return stopped();
    if (has_transaction() && run_.link().idle()) begin_again();
    failure_.reset();
    complaint_.reset();
    has_savepoint_ = needs_savepoint(statement);
    const Tag tag{.kind = Tag::Kind::statement, .part = part, .statement = n};
    if (statement.kind == StatementKind::copy_from_stdin) {
      DUNLIN_TRY(begin_before_copy());
      converse(run_.link(), statement.text, statement.data,
               [&](pg_result& reply) { take(tag, reply); });
    } else {
      send(tag, statement);
    }
    run_.announce(item_, part);
    pass_notices();
    if (!run_.link().alive()) return run_.link().lost();
    if (failure_ && run_.link().interrupted()) return stopped();
    if (failure_) return overridden(error_of(step(), *failure_));
    if (complaint_) {
      return complaint(*complaint_, *step().parts[part].source, statement);
    }
    if (has_savepoint_ && statement.kind == StatementKind::copy_from_stdin) {
      DUNLIN_TRY(run_batch(run_.link(), std::array{Query{.text = std::string(kRelease)}}));
    }
    kinds_.push_back(statement.kind);
    if (statement.kind == StatementKind::drops_locks) return take_lock_again();
    return {};
  }

  void send(const Tag& tag, const sql::Statement& statement) {
    Pipeline pipeline(run_.link(), [this](const Tag& of, pg_result& reply) { take(of, reply); });
    if (std::exchange(begin_is_due_, false)) pipeline.send("BEGIN", {.kind = Tag::Kind::begin});
    if (has_savepoint_) pipeline.send(kSavepoint, {.kind = Tag::Kind::begin});
    pipeline.send(statement.text, tag);
    if (has_savepoint_) pipeline.send(kRelease, {.kind = Tag::Kind::restore});
    pipeline.finish();
  }

  /// COPY cannot be sent together with what comes before it.
  Result<void> begin_before_copy() {
    std::vector<Query> queries;
    if (std::exchange(begin_is_due_, false)) queries.push_back({.text = "BEGIN"});
    if (has_savepoint_) queries.push_back({.text = std::string(kSavepoint)});
    if (!queries.empty()) DUNLIN_TRY(run_batch(run_.link(), queries));
    return {};
  }

  // ---- errorOverrides

  /// Only what may fail without ending the transaction; and a savepoint of ours must not enclose
  /// one of the script's, which would go with it.
  [[nodiscard]] bool needs_savepoint(const sql::Statement& statement) const {
    if (!has_transaction() || !any_survives(run_.options.error_overrides)) return false;
    if (statement.kind == StatementKind::copy_from_stdin) return true;
    const std::string start = upper(statement.text.substr(0, std::string_view("SAVEPOINT").size()));
    return statement.kind == StatementKind::plain && !start.starts_with("SAVEPOINT") &&
           !start.starts_with("RELEASE") && !start.starts_with("ROLLBACK");
  }

  Result<void> overridden(Error error) {
    const Said said{.message = error.message, .sqlstate = error.sqlstate};
    const ErrorOverride* const entry = override_for(run_.options.error_overrides, said);
    if (entry == nullptr) return error;
    const bool can_go_on = !has_transaction() || has_savepoint_;
    if (entry->severity == Severity::error || !can_go_on) {
      return shown_error(*entry, std::move(error));
    }
    if (has_savepoint_) {
      const std::array queries{Query{.text = "ROLLBACK TO SAVEPOINT dunlin_statement"},
                               Query{.text = std::string(kRelease)}};
      DUNLIN_TRY(run_batch(run_.link(), queries));
    }
    run_.progress.hear(note_of(*entry, said));
    failure_.reset();
    return {};
  }

  void pass_notices() {
    for (ServerNotice& notice : run_.link().take_notices()) {
      const Said said{.message = notice.message, .sqlstate = notice.sqlstate};
      const ErrorOverride* const entry = override_for(run_.options.error_overrides, said);
      if (entry == nullptr) {
        run_.progress.hear(std::move(notice));
      } else if (entry->severity != Severity::error) {
        run_.progress.hear(note_of(*entry, said));
      } else if (!complaint_) {
        complaint_ = ServerMessage{.severity = "ERROR",
                                   .sqlstate = notice.sqlstate,
                                   .message = notice.message,
                                   .detail = notice.detail,
                                   .hint = notice.hint};
      }
    }
  }

  void begin_again() {
    begin_is_due_ = true;
    if (!std::exchange(restarted_, true)) {
      run_.progress.hear(
          Note{.level = Note::Level::warning,
               .text = fmt::format("{} ends its transaction itself: what it did before stays if a "
                                   "later statement fails",
                                   step().parts.front().source->script)});
    }
  }

  void take(const Tag& tag, pg_result& reply) {
    if (tag.kind != Tag::Kind::statement) return;
    run_.announce(item_, tag.part);
    pass_notices();
    if (PQresultStatus(&reply) == PGRES_FATAL_ERROR) failure_ = {tag, message_of(reply)};
    reader_.take(reply, statement_at(step(), tag.part, tag.statement));
  }

  Result<void> take_lock_again() {
    if (!run_.session.lock) return {};
    const std::array setup{setting(session_settings(run_.session.options), Scope::session),
                           run_.settings(false)};
    DUNLIN_TRY(run_batch(run_.link(), setup));
    return retake_lock(run_.session, run_.progress);
  }

  [[nodiscard]] bool had(StatementKind kind) const { return std::ranges::count(kinds_, kind) > 0; }

  // ---- after it

  Result<void> end() {
    row_.execution_time = elapsed().count();
    row_.success = true;
    DUNLIN_TRY(has_transaction() ? end_transaction() : end_without());
    run_.progress.hear(StepExecuted{step()});
    const Run::Done done{.script_index = step().script_index, .time = elapsed()};
    if (run_.group_is_open) {
      run_.group_was_torn = run_.group_was_torn || commits_by_itself();
      run_.group.push_back(done);
    } else {
      run_.applied(done);
    }
    return {};
  }

  [[nodiscard]] std::chrono::milliseconds elapsed() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                 began_);
  }

  Result<void> end_transaction() {
    std::vector<Query> queries;
    if (run_.link().idle()) queries.push_back({.text = "BEGIN"});
    if (had(StatementKind::changes_authorization))
      queries.push_back({.text = "RESET SESSION AUTHORIZATION"});
    if (had(StatementKind::changes_transaction)) DUNLIN_TRY(leave_read_only(queries));
    queries.push_back(run_.restore(!run_.group_is_open));
    if (writes_row())
      queries.push_back(history_append(run_.options.history, row_, Started::by_client));
    if (!run_.group_is_open) queries.push_back({.text = "COMMIT"});
    return ask(queries);
  }

  /// A read-only transaction cannot take the history row: it ends first, with nothing to lose. And
  /// what the script asked of later transactions is taken back, since they write their rows too.
  Result<void> leave_read_only(std::vector<Query>& queries) {
    const std::array question{Query{.text = "SHOW transaction_read_only"}};
    const auto answer = DUNLIN_TRY(run_batch(run_.link(), question));
    const bool is_read_only = answer[0].at(0).at(0) == "on";
    if (is_read_only) queries.push_back({.text = "COMMIT"});
    queries.push_back(
        setting({{"default_transaction_read_only", run_.session.start.read_only}}, Scope::session));
    if (is_read_only) queries.push_back({.text = "BEGIN READ WRITE"});
    return {};
  }

  Result<void> end_without() {
    std::vector<Query> queries;
    if (!run_.link().idle()) queries.push_back({.text = "COMMIT"});
    if (had(StatementKind::changes_authorization))
      queries.push_back({.text = "RESET SESSION AUTHORIZATION"});
    add_lock_timeout(queries);
    queries.push_back({.text = "BEGIN"});
    queries.push_back(run_.restore(true));
    if (row_comes_first()) {
      queries.push_back(history_settle(run_.options.history, row_));
      queries.push_back(insert_if_gone());
    } else if (writes_row()) {
      queries.push_back(history_append(run_.options.history, row_, Started::by_client));
    }
    queries.push_back({.text = "COMMIT"});
    return ask(queries);
  }

  /// Somebody may have removed the row meanwhile (repair does): then it is written anew.
  [[nodiscard]] Query insert_if_gone() const {
    auto query = history_insert(run_.options.history, row_);
    if (row_.installed_by.empty()) query.parameters[6] = run_.session.facts.user;
    query.text += R"( ON CONFLICT ("installed_rank") DO NOTHING)";
    return query;
  }

  void add_lock_timeout(std::vector<Query>& queries) const {
    if (!lifts_lock_timeout()) return;
    const auto time = run_.session.options.limits.table_lock_timeout->count();
    queries.push_back(setting({{"lock_timeout", fmt::format("{}ms", time)}}, Scope::session));
  }

  Result<void> ask(const std::vector<Query>& queries) {
    auto answer = run_batch(run_.link(), queries);
    run_.pass_notices();
    if (answer) return {};
    auto error = std::move(answer).error();
    error.trail = {step().row.script};
    if (error.sqlstate.starts_with("22")) {
      error.message = row_not_written(step().row, error.message);
    }
    if (error.sqlstate == "23505" && writes_row()) {
      error.code = ErrorCode::history_conflict;
      error.hint = "somebody else migrated meanwhile: run the same command again";
    }
    return error;
  }

  [[nodiscard]] Error stopped() const { return interruption_of(step(), leaves_nothing()); }
  [[nodiscard]] bool leaves_nothing() const { return has_transaction() && !restarted_; }

  /// It met a table lock, and nothing of it is left.
  [[nodiscard]] bool runs_again() const {
    return failure_ && !run_.in_group() && leaves_nothing() && run_.link().alive() &&
           run_.may_wait_for_table(item_, *failure_);
  }

  bool give_back() {
    clean_up();
    if (!run_.wait_for_table(item_, *failure_)) return fail(stopped());
    run_.feed.give_back(std::move(item_));
    return true;
  }

  bool fail(Error error) {
    if (run_.link().alive()) clean_up();
    if (failure_) run_.name_table_holders(step(), *failure_, error);
    run_.group.clear();
    run_.group_is_open = false;
    outcome_.script_index = step().script_index;
    outcome_.execution_time = elapsed();
    outcome_.error = std::make_shared<Error>(std::move(error));
    outcome_.rolled_back = !run_.group_was_torn && (outcome_.before_running || leaves_nothing());
    if (!run_.link().alive() && !outcome_.before_running && commits_by_itself()) {
      outcome_.rolled_back = false;
    }
    run_.failed(std::move(outcome_));
    return false;
  }

  /// Something of it may stay though its history row does not.
  [[nodiscard]] bool commits_by_itself() const {
    const auto commits = [](const sql::Statement& statement) {
      return statement.kind == StatementKind::ends_transaction ||
             statement.kind == StatementKind::changes_transaction;
    };
    return !has_transaction() || std::ranges::any_of(step().parts, [&](const Part& part) {
      return std::ranges::any_of(std::span(part.source->statements).subspan(part.first, part.count),
                                 commits);
    });
  }

  /// Puts the session back as far as it can be; the first error stays the one that is told.
  void clean_up() {
    run_.roll_back(false);
    std::vector<Query> queries;
    if (had(StatementKind::changes_authorization))
      queries.push_back({.text = "RESET SESSION AUTHORIZATION"});
    queries.push_back(run_.restore(false));
    add_lock_timeout(queries);
    if (row_comes_first() && !outcome_.before_running) {
      row_.success = false;
      row_.execution_time = elapsed().count();
      queries.push_back(history_settle(run_.options.history, row_));
    }
    static_cast<void>(run_hurried(run_.link(), queries, std::chrono::seconds(1)).has_value());
  }

  Run& run_;
  Item item_;
  ResultReader reader_;
  HistoryRow row_;
  std::chrono::steady_clock::time_point began_;
  std::vector<StatementKind> kinds_;  // of the statements that have run
  std::optional<Failure> failure_;
  std::optional<ServerMessage> complaint_;  // a warning that errorOverrides make an error
  bool has_savepoint_ = false;              // around the statement that runs
  bool begin_is_due_ = false;
  bool restarted_ = false;  // the script ended its transaction itself
  Outcome outcome_;         // if it fails
};

}  // namespace

bool run_alone(Run& run) { return Alone(run, run.feed.take()).carry(); }

}  // namespace dunlin::postgresql
