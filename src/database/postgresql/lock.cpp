#include "database/postgresql/lock.hpp"

#include "base/text.hpp"
#include "database/postgresql/batch.hpp"
#include "database/postgresql/connect.hpp"
#include "database/postgresql/names.hpp"
#include "sql/without_literals.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <array>
#include <random>

// How the lock is taken: by short statements that try, never by one that waits in the server, so
// that no snapshot and no transaction of ours is open meanwhile. Each try carries the question who
// holds it, and so costs one round trip.
namespace dunlin::postgresql {
namespace {

using namespace std::chrono_literals;

constexpr auto kFirstPause = 50ms;
constexpr auto kLongestPause = 1000ms;
constexpr auto kBetweenReports = 5s;
constexpr auto kReleaseTime = 2000ms;

/// The halves of the key as pg_locks shows them.
struct Halves {
  std::string upper, lower;
};
Halves halves_of(std::int64_t key) {
  const auto bits = static_cast<std::uint64_t>(key);
  return {.upper = std::to_string(bits >> 32U), .lower = std::to_string(bits & 0xFFFFFFFFU)};
}

// The columns of a Blocker, from pg_stat_activity a.
constexpr std::string_view kBlocker =
    "a.pid, a.usename, a.application_name, COALESCE(pg_catalog.host(a.client_addr), 'local'),"
    " COALESCE(a.state, ''), pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() -"
    " COALESCE(a.xact_start, a.state_change, a.backend_start))::pg_catalog.int8,"
    " pg_catalog.left(COALESCE(a.query, ''), 200)";

Query who_holds(std::int64_t key) {
  const auto [upper, lower] = halves_of(key);
  return {
      .text = fmt::format("SELECT {} FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a"
                          " ON a.pid = l.pid WHERE l.locktype = 'advisory' AND l.granted"
                          " AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d"
                          " WHERE d.datname = pg_catalog.current_database())"
                          " AND l.classid = $1::pg_catalog.oid AND l.objid = $2::pg_catalog.oid"
                          " AND l.objsubid = 1 AND l.pid <> pg_catalog.pg_backend_pid()",
                          kBlocker),
      .parameters = {upper, lower}};
}

Blocker blocker_of(const Row& row) {
  const auto text = [&](std::size_t column) { return row[column].value_or(""); };
  const auto number = [&](std::size_t column) {
    return std::strtol(text(column).c_str(), nullptr, 10);
  };
  return {.pid = static_cast<int>(number(0)),
          .user = text(1),
          .application = text(2),
          .client = text(3),
          .state = text(4),
          .query = sql::without_literals(text(6), sql::Dialect::postgresql),
          .age = std::chrono::seconds(number(5))};
}

std::vector<Blocker> blockers_of(const Rows& rows) {
  std::vector<Blocker> blockers;
  for (const auto& row : rows) blockers.push_back(blocker_of(row));
  return blockers;
}

std::string shortened(std::string_view text, std::size_t most) {
  std::string line = replace_all(trim(text), "\n", " ");
  if (line.size() > most) line = line.substr(0, most) + "...";
  return line;
}

/// Ends each batch of the session that holds the lock in a transaction: the portal of a SELECT, and
/// its snapshot, lives on until another takes its place, and CREATE INDEX CONCURRENTLY would wait
/// for it; that of a SET has none. It also sees to it that nothing ends the session for being idle.
Query without_snapshot() { return {.text = "SET LOCAL idle_in_transaction_session_timeout = 0"}; }

struct Try {
  bool taken = false;
  std::vector<Blocker> holders;
};

Result<Try> try_once(Link& link, std::int64_t key, bool in_transaction) {
  std::vector<Query> queries{
      {.text = in_transaction ? "SELECT pg_catalog.pg_try_advisory_xact_lock($1::pg_catalog.int8)"
                              : "SELECT pg_catalog.pg_try_advisory_lock($1::pg_catalog.int8)",
       .parameters = {std::to_string(key)}},
      who_holds(key)};
  if (in_transaction) queries.push_back(without_snapshot());
  const auto rows = DUNLIN_TRY(run_batch(link, queries));
  return Try{.taken = rows[0].at(0).at(0) == "t", .holders = blockers_of(rows[1])};
}

/// The statement that ends the session.
std::string ending(const Blocker& blocker) {
  return fmt::format("SELECT pg_terminate_backend({})", blocker.pid);
}

Error not_obtained(const std::vector<Blocker>& holders) {
  // The first words are Flyway's: people look for them in logs.
  Error error{.code = ErrorCode::lock_timeout,
              .message =
                  "Number of retries exceeded while attempting to acquire PostgreSQL advisory "
                  "lock. Configure the number of retries with the 'lockRetryCount' "
                  "configuration option",
              .hint = "wait for the other migration, or raise lockRetryCount"};
  if (holders.empty()) return error;
  const auto& holder = holders.front();
  error.message += fmt::format(": {} holds the lock, its last query is \"{}\"", describe(holder),
                               shortened(holder.query, 80));
  error.hint += "; this ends the session that holds it: " + ending(holder);
  return error;
}

Error pooler_in_between() {
  return {.code = ErrorCode::configuration,
          .message =
              "a connection pooler stands before the database, and a session lock taken "
              "through it would stay behind on a shared connection",
          .hint =
              "connect to the database itself or give lockUrl; or set "
              "postgresql.transactional.lock=true behind a transaction pooler, "
              "postgresql.pooler=session behind one that pools sessions"};
}

/// Polls until the lock is taken or the time is over.
Result<void> poll(Link& link, std::int64_t key, bool in_transaction, const LockOptions& options,
                  Progress& progress) {
  const auto begin = std::chrono::steady_clock::now();
  std::minstd_rand dice(std::random_device{}());
  auto delay = kFirstPause;
  auto next_report = begin;
  while (true) {
    const auto attempt = DUNLIN_TRY(try_once(link, key, in_transaction));
    if (attempt.taken) return {};
    const auto now = std::chrono::steady_clock::now();
    if (options.retries >= 0 && now - begin >= std::chrono::seconds(options.retries))
      return not_obtained(attempt.holders);
    if (now >= next_report) {
      progress.hear(WaitingForLock{
          .what = "the migration lock",
          .blockers = attempt.holders,
          .waited = std::chrono::duration_cast<std::chrono::milliseconds>(now - begin)});
      next_report = now + kBetweenReports;
    }
    // Half of it is jitter, so that many waiters do not ask all at once.
    const auto jitter = std::uniform_int_distribution<std::int64_t>(0, delay.count() / 2)(dice);
    if (!pause(now + delay - std::chrono::milliseconds(jitter), link.interrupt())) {
      return Error{.code = ErrorCode::interrupted,
                   .message = "stopped while waiting for the migration lock"};
    }
    delay = std::min(delay * 2, kLongestPause);
  }
}

/// The session that is to hold the lock, if it is not the working one.
Result<std::unique_ptr<Link>> other_session(const Session& session, Progress& progress) {
  const auto& options = session.options;
  if (!options.lock_target && !options.transactional_lock) return nullptr;
  auto link = DUNLIN_TRY(
      connect(options.lock_target ? *options.lock_target : options.target, options, progress));
  if (!options.transactional_lock) return link;
  const std::array begin{Query{.text = "BEGIN"}, without_snapshot()};
  DUNLIN_TRY(run_batch(*link, begin));
  return link;
}

Error useless_lock_target(std::string_view why) {
  return {.code = ErrorCode::configuration,
          .message = fmt::format("lockUrl {}, and a lock taken there would keep nobody out", why),
          .hint = "lockUrl is the url of the same database on the same server, past the pooler"};
}

/// A lock elsewhere guards the work only if it is a lock of the same database.
Result<void> check_other_session(Session& session, const HeldLock& lock) {
  const auto [upper, lower] = halves_of(lock.key);
  const std::array question{Query{
      .text = "SELECT pg_catalog.count(*) FROM pg_catalog.pg_locks l WHERE l.locktype = 'advisory'"
              " AND l.granted AND l.classid = $1::pg_catalog.oid AND l.objid = $2::pg_catalog.oid"
              " AND l.objsubid = 1 AND l.pid = $3::pg_catalog.int4 AND l.database ="
              " (SELECT d.oid FROM pg_catalog.pg_database d"
              " WHERE d.datname = pg_catalog.current_database())",
      .parameters = {upper, lower, std::to_string(PQbackendPID(lock.link->get()))}}};
  const auto rows = DUNLIN_TRY(run_batch(*session.link, question));
  if (rows[0].at(0).at(0) == "1") return {};
  return useless_lock_target("leads to another database than url");
}

/// A session lock must not stay behind on a connection that others share.
Result<void> refuse_pooled(Link& link) {
  const std::array question{Query{.text = "SELECT pg_catalog.pg_backend_pid()"}};
  const auto rows = DUNLIN_TRY(run_batch(link, question));
  if (rows[0].at(0).at(0) == std::to_string(PQbackendPID(link.get()))) return {};
  return useless_lock_target("leads through a pooler too");
}

}  // namespace

Result<void> take_lock(Session& session, const LockOptions& options, Progress& progress) {
  if (session.lock) return {};
  if (session.start.pooled && !session.options.lock_target && !session.options.transactional_lock)
    return pooler_in_between();
  HeldLock lock{.options = options,
                .key = lock_key(options.table),
                .link = DUNLIN_TRY(other_session(session, progress)),
                .in_transaction = session.options.transactional_lock};
  const bool elsewhere = session.options.lock_target.has_value();
  if (elsewhere && !lock.in_transaction) DUNLIN_TRY(refuse_pooled(*lock.link));
  Link& holder = lock.link ? *lock.link : *session.link;
  DUNLIN_TRY(poll(holder, lock.key, lock.in_transaction, options, progress));
  if (elsewhere && !lock.in_transaction) DUNLIN_TRY(check_other_session(session, lock));
  session.lock = std::move(lock);
  return {};
}

Result<void> retake_lock(Session& session, Progress& progress) {
  if (!session.lock || session.lock->link) return {};
  return poll(*session.link, session.lock->key, false, session.lock->options, progress);
}

void release_lock(Session& session) noexcept {
  if (!session.lock) return;
  const auto lock = std::move(*session.lock);
  session.lock.reset();
  Link& holder = lock.link ? *lock.link : *session.link;
  if (!holder.alive()) return;
  const std::array release{
      lock.in_transaction
          ? Query{.text = "ROLLBACK"}
          : Query{.text = "SELECT pg_catalog.pg_advisory_unlock($1::pg_catalog.int8)",
                  .parameters = {std::to_string(lock.key)}}};
  if (!run_hurried(holder, release, kReleaseTime))
    holder.close("it did not give the migration lock back in time");
}

Query lock_proof(std::int64_t key) {
  const auto [upper, lower] = halves_of(key);
  return {.text = fmt::format("SELECT 1 / pg_catalog.count(*)::pg_catalog.int4"
                              " FROM pg_catalog.pg_locks WHERE locktype = 'advisory'"
                              " AND pid = pg_catalog.pg_backend_pid() AND classid = {}"
                              " AND objid = {} AND objsubid = 1 AND granted",
                              upper, lower)};
}

Result<void> prove_elsewhere(Session& session) {
  if (!session.lock || !session.lock->link) return {};
  std::vector<Query> proof{lock_proof(session.lock->key)};
  if (session.lock->in_transaction) proof.push_back(without_snapshot());
  auto answer = run_batch(*session.lock->link, proof);
  if (answer) return {};
  if (answer.error().code == ErrorCode::interrupted) return answer.error();
  return lock_is_gone();
}

Error lock_is_gone() {
  return {.code = ErrorCode::lock_timeout,
          .message =
              "the migration lock is no longer held: its session was ended, or a script gave "
              "it back",
          .hint = "nothing was run without it; run the same command again"};
}

std::vector<Blocker> table_holders(Link& link, std::string_view statement) {
  const std::array query{Query{
      .text = fmt::format(
          "SELECT DISTINCT {} FROM pg_catalog.pg_locks l"
          " JOIN pg_catalog.pg_class c ON c.oid = l.relation"
          " JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid"
          " WHERE l.granted AND l.locktype = 'relation' AND l.pid <> pg_catalog.pg_backend_pid()"
          " AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d"
          " WHERE d.datname = pg_catalog.current_database())"
          " AND c.relkind IN ('r', 'p', 'm', 'v') AND c.relnamespace <> 'pg_catalog'::regnamespace"
          " AND pg_catalog.strpos(pg_catalog.lower($1::text), pg_catalog.lower(c.relname)) > 0",
          kBlocker),
      .parameters = {std::string(statement)}}};
  const auto rows = run_batch(link, query);
  return rows ? blockers_of(rows->at(0)) : std::vector<Blocker>{};
}

std::string holder_text(const Blocker& blocker) {
  return fmt::format("held by {}, its last query is \"{}\"; this ends it: {}", describe(blocker),
                     shortened(blocker.query, 80), ending(blocker));
}

std::string describe(const Blocker& blocker) {
  return fmt::format("pid {} (user {}, application {}, client {}, {} for {} s)", blocker.pid,
                     blocker.user, blocker.application.empty() ? "-" : blocker.application,
                     blocker.client, blocker.state.empty() ? "busy" : blocker.state,
                     blocker.age.count());
}

}  // namespace dunlin::postgresql
