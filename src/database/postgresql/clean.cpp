#include "database/postgresql/clean.hpp"

#include <string>

namespace dunlin::postgresql {
namespace {

constexpr std::string_view kState = R"(
SELECT n.oid IS NOT NULL,
  EXISTS (SELECT 1 FROM pg_catalog.pg_class c
          WHERE c.relnamespace = n.oid AND c.relkind IN ('r', 'v', 'S') AND NOT EXISTS (
            SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e'))
  OR EXISTS (SELECT 1 FROM pg_catalog.pg_type t
             WHERE t.typnamespace = n.oid AND t.typcategory NOT IN ('A', 'C') AND NOT EXISTS (
               SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e'))
  OR EXISTS (SELECT 1 FROM pg_catalog.pg_proc p
             WHERE p.pronamespace = n.oid AND NOT EXISTS (
               SELECT 1 FROM pg_catalog.pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e'))
FROM (SELECT $1::pg_catalog.text AS name) wanted
LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.name)";

// `bound` holds what goes with something else: members of an extension ('e'), and what another
// object keeps for itself ('i'), such as the functions and the multirange of a range type. (A
// partitioned table is bound to its own columns; that does not count.)
constexpr std::string_view kDrops = R"(
WITH schema AS (SELECT oid, nspname FROM pg_catalog.pg_namespace WHERE nspname = $1),
bound AS (SELECT classid, objid FROM pg_catalog.pg_depend
          WHERE deptype = 'e' OR (deptype = 'i' AND refobjid <> objid)),
objects (place, kind, name, arguments) AS (
  SELECT CASE c.relkind WHEN 'm' THEN 1 WHEN 'v' THEN 2 WHEN 'S' THEN 7 ELSE 3 END,
         CASE c.relkind WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'v' THEN 'VIEW'
           WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END,
         c.relname, ''
  FROM pg_catalog.pg_class c JOIN schema s ON s.oid = c.relnamespace
  WHERE c.relkind IN ('m', 'v', 'r', 'p', 'S')
    AND (c.oid, 'pg_catalog.pg_class'::pg_catalog.regclass) NOT IN (SELECT objid, classid FROM bound)
  UNION ALL
  SELECT CASE t.typtype WHEN 'e' THEN 5 WHEN 'd' THEN 6 ELSE 4 END,
         CASE t.typtype WHEN 'd' THEN 'DOMAIN' ELSE 'TYPE' END,
         t.typname, ''
  FROM pg_catalog.pg_type t JOIN schema s ON s.oid = t.typnamespace
  LEFT JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
  WHERE (t.typrelid = 0 OR c.relkind = 'c')
    AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid)
    AND (t.oid, 'pg_catalog.pg_type'::pg_catalog.regclass) NOT IN (SELECT objid, classid FROM bound)
  UNION ALL
  SELECT 8, 'ROUTINE', p.proname, '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')'
  FROM pg_catalog.pg_proc p JOIN schema s ON s.oid = p.pronamespace
  WHERE (p.oid, 'pg_catalog.pg_proc'::pg_catalog.regclass) NOT IN (SELECT objid, classid FROM bound)
  UNION ALL
  SELECT 9, 'COLLATION', l.collname, ''
  FROM pg_catalog.pg_collation l JOIN schema s ON s.oid = l.collnamespace
  WHERE (l.oid, 'pg_catalog.pg_collation'::pg_catalog.regclass)
        NOT IN (SELECT objid, classid FROM bound))
SELECT pg_catalog.format('DROP %s IF EXISTS %I.%I%s CASCADE', kind, s.nspname, name, arguments)
       AS statement, place, name
FROM objects, schema s
UNION ALL
SELECT pg_catalog.format('DROP EXTENSION IF EXISTS %I CASCADE', e.extname), 10, e.extname
FROM pg_catalog.pg_extension e JOIN schema s ON s.oid = e.extnamespace
JOIN pg_catalog.pg_roles r ON r.oid = e.extowner
WHERE r.rolname = current_user
ORDER BY place, name, statement)";

}  // namespace

Query schema_question(std::string_view name) {
  return {.text = std::string(kState), .parameters = {std::string(name)}};
}

SchemaState schema_state(const Rows& rows) {
  return {.exists = rows.at(0).at(0) == "t", .empty = rows.at(0).at(1) != "t"};
}

Query clean_question(std::string_view schema) {
  return {.text = std::string(kDrops), .parameters = {std::string(schema)}};
}

}  // namespace dunlin::postgresql
