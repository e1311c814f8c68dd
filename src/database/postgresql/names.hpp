#pragma once

#include "migration/history_row.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace dunlin::postgresql {

/// A name as it stands in SQL: in quotes, quotes within doubled.
[[nodiscard]] std::string quoted_name(std::string_view name);
/// "schema"."table"; only "table" without a schema.
[[nodiscard]] std::string qualified(const HistoryTable& table);

/// The schema that a search_path names when it names just one, as PostgreSQL reads it: "app" for
/// `App`, "App" for `"App"`. Empty for several, for none and for "$user".
[[nodiscard]] std::string only_schema_of(std::string_view search_path);

/// The search_path while scripts run: the default schema before what the session had.
[[nodiscard]] std::string with_default_schema(std::string_view schema,
                                              std::string_view search_path);
/// `SET ROLE "x"`; for "none", as PostgreSQL calls it, `SET ROLE NONE`.
[[nodiscard]] std::string set_role(std::string_view role);

/// The key of the advisory lock that keeps migrators of one history table apart, as Flyway computes
/// it: "Flyway" as six ASCII bytes, plus Java's String.hashCode of the qualified name.
/// Observed with Flyway 11 and 7.9: "public"."flyway_schema_history" has 77433833903597.
[[nodiscard]] std::int64_t lock_key(const HistoryTable& table);

}  // namespace dunlin::postgresql
