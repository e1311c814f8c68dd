#include "database/sqlite/schema.hpp"

#include "base/text.hpp"
#include "database/sqlite/history.hpp"

#include <algorithm>

namespace dunlin::sqlite {
namespace {

// SQLite's own tables and the one that Android adds are there in an empty database too.
constexpr std::string_view kOwnTables =
    "(name IN ('android_metadata', 'sqlite_sequence') OR name LIKE 'sqlite\\_stat%' ESCAPE '\\')";

Result<Rows> objects(Connection& connection, std::string_view schema, std::string_view where) {
  Ran ran = DUNLIN_TRY(connection.run(
      fmt::format("SELECT type, name FROM {}.sqlite_master WHERE {}", quoted_name(schema), where)));
  return std::move(ran.rows);
}

Query drop(std::string_view kind, std::string_view schema, std::string_view name) {
  return {.text =
              fmt::format("DROP {} IF EXISTS {}.{}", kind, quoted_name(schema), quoted_name(name))};
}

Result<bool> keys_are_enforced(Connection& connection) {
  const Ran ran = DUNLIN_TRY(connection.run("PRAGMA foreign_keys"));
  return !ran.rows.empty() && ran.rows[0].at(0) == "1";
}

}  // namespace

Result<std::vector<SchemaState>> schema_states(Connection& connection,
                                               std::span<const std::string> names) {
  const Ran attached = DUNLIN_TRY(connection.run("SELECT name FROM pragma_database_list"));
  std::vector<SchemaState> states;
  for (const auto& name : names) {
    const bool exists = std::ranges::any_of(attached.rows, [&](const Row& row) {
      return equals_ignoring_case(row[0].value_or(""), name);
    });
    SchemaState state{.exists = exists || name == "main"};
    if (state.exists) {
      const Rows tables = DUNLIN_TRY(
          objects(connection, name, fmt::format("type = 'table' AND NOT {}", kOwnTables)));
      state.empty = tables.empty();
    }
    states.push_back(state);
  }
  return states;
}

Result<std::vector<Query>> clean_schema(Connection& connection, std::string_view schema) {
  std::vector<Query> queries;
  // Triggers first, since emptying tables would fire them; then views, which may have become
  // invalid; virtual tables before the tables they are made of, which go with them.
  const Rows early =
      DUNLIN_TRY(objects(connection, schema, "type IN ('trigger', 'view') ORDER BY type, name"));
  const Rows tables =
      DUNLIN_TRY(objects(connection, schema,
                         "type = 'table' AND name NOT IN ('sqlite_sequence', 'android_metadata') "
                         "ORDER BY sql NOT LIKE 'CREATE VIRTUAL TABLE%', name"));
  for (const Row& row : early) {
    queries.push_back(drop(*row[0] == "view" ? "VIEW" : "TRIGGER", schema, *row[1]));
  }
  if (DUNLIN_TRY(keys_are_enforced(connection))) {
    // Dropping a table that others refer to is refused; when all rows are gone, it no longer is.
    queries.push_back({.text = "PRAGMA defer_foreign_keys = ON"});
    const Rows plain = DUNLIN_TRY(objects(
        connection, schema,
        "type = 'table' AND sql LIKE 'CREATE TABLE%' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        "AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')"));
    for (const Row& row : plain) {
      queries.push_back(
          {.text = fmt::format("DELETE FROM {}.{}", quoted_name(schema), quoted_name(*row[1]))});
    }
  }
  for (const Row& row : tables) queries.push_back(drop("TABLE", schema, *row[1]));
  const Rows counters = DUNLIN_TRY(objects(connection, schema, "name = 'sqlite_sequence'"));
  if (!counters.empty()) {
    queries.push_back({.text = fmt::format("DELETE FROM {}.sqlite_sequence", quoted_name(schema))});
  }
  return queries;
}

}  // namespace dunlin::sqlite
