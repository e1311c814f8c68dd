#pragma once

#include "database/database.hpp"

#include <string_view>
#include <vector>

/// What stands in a schema, and what empties it. Both as Flyway 11 does: seen in the log of a
/// server on which it met one object of each kind, and in the cases clean-* and
/// migrate-nonempty-kinds.
namespace dunlin::postgresql {

/// One row: does the schema exist, and does it hold something that counts? Tables, views,
/// sequences, types of their own, functions and procedures do; materialized views, partitioned and
/// foreign tables, composite types and what belongs to an extension do not.
[[nodiscard]] Query schema_question(std::string_view name);
/// @param rows  the answer to schema_question
[[nodiscard]] SchemaState schema_state(const Rows& rows);

/// One row for each statement that empties the schema, in order; each takes what depends on it
/// along and finds nothing wrong with an object that is gone already. The schema itself stays, as
/// do foreign tables, operators, conversions and objects of text search, which Flyway leaves alone.
[[nodiscard]] Query clean_question(std::string_view schema);

}  // namespace dunlin::postgresql
