#pragma once

#include "docs/read.hpp"

namespace dunlin::docs {

/// read() of read.hpp; the database is of this kind.
Result<std::vector<Schema>> read_sqlite(Database& database, const Wanted& wanted);

}  // namespace dunlin::docs
