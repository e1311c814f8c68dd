#pragma once

#include "database/database.hpp"
#include "database/postgresql/link.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace dunlin::postgresql {

/// Runs the queries as one pipeline with one Sync, which makes them one transaction unless they
/// hold a BEGIN. The first failure ends it: sql_failed, interrupted, database_unreachable.
Result<std::vector<Rows>> run_batch(Link& link, std::span<const Query> queries);
/// As run_batch, but nothing interrupts it, and after `time` the socket is closed.
Result<std::vector<Rows>> run_hurried(Link& link, std::span<const Query> queries,
                                      std::chrono::milliseconds time);
/// Runs a text of several statements by the simple protocol, outside of pipelines.
Result<void> run_simple(Link& link, std::string_view text);

}  // namespace dunlin::postgresql
