#include "engine/entry.hpp"

namespace dunlin {

MigrationEntry entry_of(const Script& script) {
  const InfoRow row{.script = &script, .version = script.version};
  return {.category = std::string(row.category()),
          .version = script.version ? script.version->text() : std::string(),
          .description = script.description,
          .type = std::string(history_type(script.kind)),
          .shown = script.shown};
}

MigrationEntry entry_of(const HistoryRow& row) {
  return {.version = row.version.value_or(""), .description = row.description, .type = row.type};
}

}  // namespace dunlin
