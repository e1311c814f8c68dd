#pragma once

#include "base/result.hpp"
#include "database/database.hpp"
#include "docs/model.hpp"

#include <span>
#include <string>
#include <vector>

namespace dunlin::docs {

/// What to document.
struct Wanted {
  std::vector<std::string> schemas;  ///< in the order of the document; not empty
  HistoryTable history;              ///< left out
};

/// The schemas as they are now, read in one batch of queries; nothing is changed. Members of
/// extensions, partitions (their table stands for them) and the tables behind virtual ones are left
/// out. configuration names a schema that is not there.
Result<std::vector<Schema>> read(Database& database, const Wanted& wanted);

}  // namespace dunlin::docs
