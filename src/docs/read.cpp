#include "docs/read.hpp"

#include "docs/postgresql.hpp"
#include "docs/sqlite.hpp"

namespace dunlin::docs {

Result<std::vector<Schema>> read(Database& database, const Wanted& wanted) {
  switch (database.dialect()) {
    case sql::Dialect::postgresql:
      return read_postgresql(database, wanted);
    case sql::Dialect::sqlite:
      break;
  }
  return read_sqlite(database, wanted);
}

}  // namespace dunlin::docs
