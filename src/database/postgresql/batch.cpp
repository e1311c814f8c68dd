#include "database/postgresql/batch.hpp"

#include "database/postgresql/complaint.hpp"
#include "database/postgresql/conversation.hpp"
#include "database/postgresql/pipeline.hpp"

#include <libpq-fe.h>

namespace dunlin::postgresql {
namespace {

Error stopped() { return {.code = ErrorCode::interrupted, .message = "stopped"}; }

Result<std::vector<Rows>> run(Link& link, std::span<const Query> queries,
                              std::optional<std::chrono::milliseconds> hurry) {
  if (!link.alive()) return link.lost();
  if (!hurry && link.interrupted()) return stopped();
  std::vector<Rows> rows(queries.size());
  std::optional<ServerMessage> failure;
  Pipeline pipeline(link, [&](const Tag& tag, pg_result& reply) {
    const auto status = PQresultStatus(&reply);
    if (status == PGRES_FATAL_ERROR) failure = message_of(reply);
    if (status == PGRES_TUPLES_OK) rows[tag.statement] = rows_of(reply);
  });
  if (hurry) pipeline.hurry(*hurry);
  for (std::size_t at = 0; at < queries.size(); ++at)
    pipeline.send(queries[at].text, queries[at].parameters, {.statement = at});
  pipeline.finish();
  if (!link.alive()) return link.lost();
  if (failure && pipeline.cancelled()) return stopped();
  if (failure) return complaint(*failure);
  return rows;
}

}  // namespace

Result<std::vector<Rows>> run_batch(Link& link, std::span<const Query> queries) {
  return run(link, queries, std::nullopt);
}

Result<std::vector<Rows>> run_hurried(Link& link, std::span<const Query> queries,
                                      std::chrono::milliseconds time) {
  return run(link, queries, time);
}

Result<void> run_simple(Link& link, std::string_view text) {
  std::optional<ServerMessage> failure;
  converse(link, text, {}, [&](pg_result& reply) {
    if (PQresultStatus(&reply) == PGRES_FATAL_ERROR) failure = message_of(reply);
  });
  if (!link.alive()) return link.lost();
  if (failure) return link.interrupted() ? stopped() : complaint(*failure);
  return {};
}

}  // namespace dunlin::postgresql
