#pragma once

#include "docs/read.hpp"

namespace dunlin::docs {

/// read() of read.hpp; the database is of this kind.
Result<std::vector<Schema>> read_postgresql(Database& database, const Wanted& wanted);

}  // namespace dunlin::docs
