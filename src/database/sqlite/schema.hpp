#pragma once

#include "database/database.hpp"
#include "database/sqlite/connection.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

/// What stands in a database file: "main" and what ATTACH has added are its only schemas.
namespace dunlin::sqlite {

/// Only tables count, a view alone leaves a schema empty (observed with Flyway 11).
Result<std::vector<SchemaState>> schema_states(Connection& connection,
                                               std::span<const std::string> names);

/// Statements that empty the schema in one transaction, also while foreign keys are enforced and
/// with virtual tables (where Flyway 11 fails or leaves tables behind).
Result<std::vector<Query>> clean_schema(Connection& connection, std::string_view schema);

}  // namespace dunlin::sqlite
