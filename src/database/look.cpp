#include "database/database.hpp"

namespace dunlin {

Result<Sight> Database::look(const HistoryTable& table, std::span<const std::string> schema_names,
                             HistoryIs known) {
  Sight sight{.schemas = DUNLIN_TRY(schemas(schema_names))};
  auto there = known == HistoryIs::there ? Result<bool>(true) : has_history(table);
  if (!there) {
    sight.unreadable = std::move(there).error();
    return sight;
  }
  sight.has_history = *there;
  if (sight.has_history) sight.history = DUNLIN_TRY(read_history(table));
  return sight;
}

}  // namespace dunlin
