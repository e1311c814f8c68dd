#include "database/postgresql/begin.hpp"

#include "base/text.hpp"
#include "database/postgresql/batch.hpp"
#include "database/postgresql/connect.hpp"
#include "database/postgresql/names.hpp"

#include <libpq-fe.h>

#include <algorithm>

namespace dunlin::postgresql {
namespace {

using namespace std::chrono_literals;

// Most failovers take half a minute, and a restart less. The first try is made at once.
constexpr auto kTimeToReconnect = 60s;
constexpr auto kLongestPause = 8s;

/// Reads what the session is, and sets it up unless a pooler would lend it to others.
Result<void> set_up(Session& session) {
  auto& [options, link, facts, start, lock] = session;
  std::vector<Query> queries;
  queries.push_back({.text = "SELECT current_user, pg_catalog.current_database(),"
                             " pg_catalog.current_schema(),"
                             " pg_catalog.current_setting('search_path'),"
                             " pg_catalog.current_setting('role'),"
                             " pg_catalog.current_setting('default_transaction_read_only'),"
                             " pg_catalog.pg_backend_pid() = $1::pg_catalog.int4,"
                             " pg_catalog.pg_is_in_recovery()",
                     .parameters = {std::to_string(PQbackendPID(link->get()))}});
  if (const auto variables = session_settings(options); !variables.empty()) {
    auto set = setting(variables, Scope::session);
    if (options.pooler == Pooler::detect) {
      set.text += fmt::format(" WHERE pg_catalog.pg_backend_pid() = {}", PQbackendPID(link->get()));
    }
    queries.push_back(std::move(set));
  }
  const auto rows = DUNLIN_TRY(run_batch(*link, queries));
  const auto text = [&](std::size_t column) { return rows[0].at(0).at(column).value_or(""); };
  facts.user = text(0);
  facts.database = text(1);
  // A schema that does not exist yet may be the one to make, as Flyway does.
  facts.schema = text(2).empty() ? only_schema_of(text(3)) : text(2);
  start = {.role = text(4),
           .search_path = text(3),
           .read_only = text(5),
           .pooled = options.pooler == Pooler::detect && text(6) != "t",
           .on_standby = text(7) == "t"};
  return {};
}

Facts facts_of(const Link& link, const ConnectOptions& options) {
  const char* version = PQparameterStatus(link.get(), "server_version");
  const std::string_view full = version != nullptr ? version : "";
  return {.product = "PostgreSQL",
          .version = std::string(full.substr(0, full.find(' '))),
          .version_number = PQserverVersion(link.get()),
          .url = options.shown_url.empty() ? attempt_of(options.target.parameters).url
                                           : options.shown_url};
}

Result<void> run_init_sql(Session& session) {
  if (session.options.init_sql.empty()) return {};
  auto ran = run_simple(*session.link, session.options.init_sql);
  if (ran || ran.error().code != ErrorCode::sql_failed) return ran;
  Error error = std::move(ran).error();
  error.message = "Failed to execute script initSql: " + error.message;
  return error;
}

Result<void> try_again(Session& session, bool was_on_standby, Progress& progress) {
  session.link = DUNLIN_TRY(connect(session.options.target, session.options, progress));
  DUNLIN_TRY(run_init_sql(session));
  DUNLIN_TRY(set_up(session));
  if (was_on_standby || !session.start.on_standby) return {};
  session.link->close("it leads to a standby server");
  return Error{.code = ErrorCode::database_unreachable,
               .message = fmt::format("{} is a standby server now, which takes no changes",
                                      session.link->place),
               .hint = "run the same command again when the failover is over"};
}

}  // namespace

Result<void> begin(Session& session, Progress& progress) {
  session.link = DUNLIN_TRY(connect(session.options.target, session.options, progress));
  session.facts = facts_of(*session.link, session.options);
  DUNLIN_TRY(run_init_sql(session));
  return set_up(session);
}

Result<void> begin_again(Session& session, Progress& progress) {
  if (session.lock && session.lock->link) {
    return Error{.code = ErrorCode::database_unreachable,
                 .message =
                     "the migration lock is held by another connection, so it does not tell "
                     "if the session that was lost has ended"};
  }
  session.lock.reset();
  const bool was_on_standby = session.start.on_standby;
  const int retries = std::exchange(session.options.connect_retries, 0);
  const auto deadline =
      std::exchange(session.options.connect_deadline, std::chrono::seconds::zero());
  const auto until = std::chrono::steady_clock::now() + kTimeToReconnect;
  auto pause_time = std::chrono::seconds(1);
  auto begun = try_again(session, was_on_standby, progress);
  while (!begun && is_worth_a_retry(begun.error())) {
    const auto next = std::chrono::steady_clock::now() + pause_time;
    if (next > until) break;
    if (!pause(next, session.options.interrupt)) {
      begun = Error{.code = ErrorCode::interrupted, .message = "stopped while connecting again"};
      break;
    }
    pause_time = std::min<std::chrono::seconds>(pause_time * 2, kLongestPause);
    begun = try_again(session, was_on_standby, progress);
  }
  session.options.connect_retries = retries;
  session.options.connect_deadline = deadline;
  return begun;
}

}  // namespace dunlin::postgresql
