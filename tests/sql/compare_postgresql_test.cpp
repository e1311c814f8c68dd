#include <gtest/gtest.h>
#include <pg_query.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <random>
#include <string>

#include "split.hpp"

// Splits are compared with those of PostgreSQL's own parser (libpg_query), over scripts written by
// hand and over random ones. Only what that parser accepts is compared.
namespace dunlin::sql {
namespace {

/// Byte ranges of statements; nothing if the parser refuses the script.
std::optional<std::vector<std::pair<std::size_t, std::size_t>>> parsed(const std::string& script) {
  const std::unique_ptr<PgQuerySplitResult, void (*)(PgQuerySplitResult*)> result(
      new PgQuerySplitResult(pg_query_split_with_parser(script.c_str())),
      [](PgQuerySplitResult* each) {
        pg_query_free_split_result(*each);
        delete each;
      });
  if (result->error != nullptr) return std::nullopt;
  std::vector<std::pair<std::size_t, std::size_t>> ranges;
  for (int i = 0; i < result->n_stmts; ++i) {
    const auto begin = static_cast<std::size_t>(result->stmts[i]->stmt_location);
    ranges.emplace_back(begin, begin + static_cast<std::size_t>(result->stmts[i]->stmt_len));
  }
  return ranges;
}

bool is_empty(std::string_view text) {
  return Lexer(text, Dialect::postgresql).next().kind == TokenKind::end;
}

/// Each of ours lies in one of theirs, and what is left of that holds no token.
void expect_same(const std::string& script,
                 const std::vector<std::pair<std::size_t, std::size_t>>& ranges) {
  const auto ours = split(script, Dialect::postgresql);
  ASSERT_TRUE(ours) << ours.error().message << "\n" << script;
  ASSERT_EQ(ours->size(), ranges.size()) << script;
  for (std::size_t i = 0; i < ranges.size(); ++i) {
    const auto& [begin, end] = ranges[i];
    const Statement& statement = (*ours)[i];
    ASSERT_GE(statement.offset, begin) << script;
    ASSERT_LE(statement.offset + statement.text.size(), end) << script;
    const std::string_view text = script;
    EXPECT_TRUE(is_empty(text.substr(begin, statement.offset - begin))) << script;
    const std::size_t behind = statement.offset + statement.text.size();
    EXPECT_TRUE(is_empty(text.substr(behind, end - behind))) << script;
  }
}

TEST(ComparePostgresqlTest, SplitsScriptsByHandAsTheParserDoes) {
  const std::string scripts[] = {
      "select 1; select 2",
      "select E'a\\';b'\n'x'; select 2 as end; select case when true then ';' end;",
      "select E'a'\n'b\\';c'; select 2;",
      "create function f(a int) returns int language sql begin atomic insert into t values (a); "
      "select case when a > 1 then 2 else 1 end; end; select 1;",
      "create function f() returns int language sql begin atomic select 1 as end; select 2 end; "
      "select case 1 when 2 then 3 end end; end; select 1;",
      "create or replace procedure \"p;\"(begin int) begin atomic end; select 1",
      "create function f(atomic int) returns int return atomic; select 1",
      "create rule r as on insert to t do also (insert into l values (new.n); delete from l;); "
      "select 1;",
      "create rule r as on insert to t do also (); select 1",
      "do $x$ begin perform $$;$$; end $x$; select U&'d\\0061;' UESCAPE '!', U&\"a;\"\"b\"",
      "select 'a' -- ;\n; select B'01', x'ff', N'n;'; select a$1 from (values (1)) v(a$1)",
      "/* /* ; */ ; */ select 1 /* ; */; -- ;\n select 2 -- ;",
      "select 1 +--;\n 2; select 2*/*;*/3; select -/**/-1; select 1 @-@ 2;",
      "select '{\"a\":1}'::jsonb ? 'a', j #>> '{a,b}', 1::int[], array[1,2] @> array[1] from t;",
      "prepare q(int) as select $1 + $2; execute q(1); select 1.5e+3, .5, 1., 1e10",
      "begin; savepoint s; rollback to s; end; start transaction; commit and chain",
      "copy t to stdout; copy (select ';') to program 'x;'",
      "create table \"semi;colon\"\"q\"(\"a;b\" int); comment on table x is ';'",
      "create schema s create table t (i int) create view v as select ';'; select 1",
  };
  for (const std::string& script : scripts) {
    const auto ranges = parsed(script);
    ASSERT_TRUE(ranges) << "PostgreSQL does not read " << script;
    expect_same(script, *ranges);
  }
}

// A statement or two of every kind that PostgreSQL 15 has a body, a list or odd letters for.
TEST(ComparePostgresqlTest, SplitsEveryKindOfStatementAsTheParserDoes) {
  const char* const statements[] = {
      "CREATE FUNCTION f(a int DEFAULT 1, VARIADIC b text[]) RETURNS TABLE (x int, y text) "
      "LANGUAGE "
      "plpgsql IMMUTABLE AS $f$ BEGIN IF a > 1 THEN RETURN; END IF; END; $f$",
      "CREATE FUNCTION f() RETURNS int LANGUAGE c AS 'lib;', 'sym;'",
      "CREATE FUNCTION f() RETURNS int RETURN 1",
      "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT CASE a WHEN 1 THEN "
      "CASE "
      "WHEN true THEN 2 END ELSE 3 END; END",
      "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC ; ; SELECT 1; ; END",
      "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC WITH x AS (DELETE FROM t RETURNING 1) SELECT "
      "(SELECT CASE WHEN EXISTS (SELECT 1) THEN 1 END) FROM x; RETURN 1; END",
      "CREATE PROCEDURE p() LANGUAGE sql SET search_path TO a, b BEGIN ATOMIC INSERT INTO t VALUES "
      "('END;'); END",
      "CREATE PROCEDURE p(INOUT atomic int) LANGUAGE plpgsql AS 'BEGIN atomic := 1; END;'",
      "CREATE RULE r AS ON UPDATE TO v WHERE old.a <> new.a DO INSTEAD (UPDATE t SET a = CASE WHEN "
      "new.a > 1 THEN 1 ELSE 2 END; NOTIFY n; INSERT INTO l VALUES (';'))",
      "CREATE RULE r AS ON DELETE TO v DO NOTHING",
      "CREATE OR REPLACE RULE r AS ON INSERT TO v DO INSTEAD INSERT INTO t VALUES (new.a)",
      "CREATE TRIGGER t AFTER UPDATE OF a ON t REFERENCING OLD TABLE AS o NEW TABLE AS n FOR EACH "
      "STATEMENT WHEN (true) EXECUTE FUNCTION f(';')",
      "CREATE CONSTRAINT TRIGGER t AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
      "EXECUTE PROCEDURE f()",
      "CREATE EVENT TRIGGER e ON ddl_command_start WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION "
      "f()",
      "CREATE TABLE t (a int GENERATED ALWAYS AS IDENTITY, b int GENERATED ALWAYS AS (a * 2) "
      "STORED, "
      "\"end\" text DEFAULT ';', CHECK (b > 0), EXCLUDE USING gist (a WITH =)) PARTITION BY RANGE "
      "(a)",
      "CREATE TABLE p PARTITION OF t FOR VALUES FROM (MINVALUE) TO (10) WITH (fillfactor = 70)",
      "CREATE TEMP TABLE x ON COMMIT DROP AS SELECT 1 AS \"begin\" WITH NO DATA",
      "CREATE UNLOGGED TABLE u (LIKE t INCLUDING ALL)",
      "CREATE SCHEMA s AUTHORIZATION me CREATE TABLE a (i int) CREATE INDEX ON a (i) CREATE VIEW v "
      "AS "
      "SELECT 1 GRANT SELECT ON v TO me",
      "CREATE VIEW v WITH (security_barrier) AS SELECT 1 WITH LOCAL CHECK OPTION",
      "CREATE MATERIALIZED VIEW m TABLESPACE x AS TABLE t WITH NO DATA",
      "CREATE RECURSIVE VIEW v (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM v",
      "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS i ON t USING btree ((a || ';') DESC NULLS "
      "LAST) "
      "INCLUDE (b) WHERE a IS NOT NULL",
      "CREATE TYPE t AS ENUM ('a;', 'b')",
      "CREATE TYPE t AS (a int, b text)",
      "CREATE TYPE t AS RANGE (subtype = float8)",
      "CREATE TYPE t (INPUT = f, OUTPUT = g)",
      "CREATE DOMAIN d AS text CHECK (value ~ '^;$')",
      "CREATE OPERATOR <-> (LEFTARG = box, RIGHTARG = box, FUNCTION = f, COMMUTATOR = "
      "OPERATOR(s.<->))",
      "CREATE OPERATOR CLASS c FOR TYPE int USING btree AS OPERATOR 1 <, FUNCTION 1 f(int, int)",
      "CREATE OPERATOR FAMILY f USING gist",
      "CREATE AGGREGATE a (int ORDER BY text) (SFUNC = f, STYPE = int, INITCOND = ';')",
      "CREATE CAST (text AS int) WITH FUNCTION f(text) AS ASSIGNMENT",
      "CREATE COLLATION c (provider = icu, locale = 'und-u-ks-level2')",
      "CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" WITH SCHEMA s CASCADE",
      "CREATE FOREIGN TABLE f (a int OPTIONS (x ';')) SERVER s OPTIONS (y 'z')",
      "CREATE SERVER s TYPE 'a' FOREIGN DATA WRAPPER w OPTIONS (host ';')",
      "CREATE USER MAPPING FOR me SERVER s OPTIONS (password ';')",
      "CREATE LANGUAGE l HANDLER h",
      "CREATE TRANSFORM FOR int LANGUAGE sql (FROM SQL WITH FUNCTION f(internal))",
      "CREATE POLICY p ON t FOR ALL TO public USING (a = 1) WITH CHECK (b = ';')",
      "CREATE PUBLICATION p FOR TABLE t (a) WHERE (a > 1), TABLES IN SCHEMA s",
      "CREATE SUBSCRIPTION s CONNECTION 'a;' PUBLICATION p",
      "CREATE STATISTICS s (mcv) ON a, b FROM t",
      "CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = simple, STOPWORDS = ';')",
      "CREATE ACCESS METHOD a TYPE INDEX HANDLER h",
      "CREATE ROLE r LOGIN PASSWORD ';' VALID UNTIL ';'",
      "CREATE SEQUENCE s AS bigint START 1 OWNED BY t.a",
      "CREATE TABLESPACE t LOCATION '/;'",
      "CREATE DATABASE d TEMPLATE template0 ENCODING 'UTF8'",
      "CREATE CONVERSION c FOR 'a' TO 'b' FROM f",
      "ALTER TABLE t ADD COLUMN a int, ALTER b TYPE text USING b || ';'",
      "ALTER DEFAULT PRIVILEGES IN SCHEMA s GRANT SELECT ON TABLES TO r",
      "ALTER FUNCTION f(int) DEPENDS ON EXTENSION e",
      "ALTER SYSTEM SET work_mem TO '1;MB'",
      "ALTER TYPE t ADD VALUE ';' BEFORE 'a'",
      "ALTER ROLE r IN DATABASE d SET x = ';'",
      "INSERT INTO t AS x (a) OVERRIDING SYSTEM VALUE VALUES (DEFAULT, ';') ON CONFLICT (a) WHERE "
      "b DO "
      "UPDATE SET a = excluded.a RETURNING *",
      "MERGE INTO t USING s ON t.a = s.a WHEN MATCHED AND s.b THEN DELETE WHEN NOT MATCHED THEN "
      "INSERT "
      "VALUES (CASE WHEN true THEN 1 END)",
      "WITH RECURSIVE x AS MATERIALIZED (SELECT 1) SEARCH DEPTH FIRST BY a SET o CYCLE a SET c "
      "USING p "
      "SELECT * FROM x",
      "SELECT a, count(*) FILTER (WHERE b) OVER (PARTITION BY c ORDER BY d ROWS BETWEEN 1 "
      "PRECEDING AND "
      "CURRENT ROW EXCLUDE TIES) FROM t WINDOW w AS (ORDER BY e) FOR UPDATE SKIP LOCKED",
      "SELECT XMLELEMENT(NAME a, XMLATTRIBUTES(';' AS b), XMLFOREST(c AS d))",
      "SELECT * FROM XMLTABLE('/;' PASSING x COLUMNS a int PATH ';'), LATERAL ROWS FROM (f(1), "
      "g(2)) "
      "WITH ORDINALITY",
      "SELECT (ARRAY[1,2,3])[1:2], a[:2], (ROW(1)).*, (x).y, a COLLATE \"C\", b AT TIME ZONE ';'",
      "SELECT INTERVAL '1' DAY, TIMESTAMP ';', B'01', X'ff', N';', U&'!0061;' UESCAPE '!'",
      "SELECT a OPERATOR(pg_catalog.+) b, - -1, @ -5, a !~~* b, a <-> b, a ?| b, a #- '{;}', 5 "
      "!=-1",
      "SELECT GROUPING(a) FROM t GROUP BY GROUPING SETS ((a), ROLLUP (b), CUBE (c)) HAVING true",
      "VALUES (1, ';'), (2, $$;$$)",
      "TABLE ONLY t",
      "(SELECT 1) UNION ALL (SELECT 2 LIMIT 1)",
      "DECLARE c BINARY SCROLL CURSOR WITH HOLD FOR SELECT ';'",
      "FETCH FORWARD 5 FROM c",
      "CLOSE ALL",
      "MOVE ABSOLUTE -1 IN c",
      "PREPARE q AS INSERT INTO t VALUES ($1, ';')",
      "DEALLOCATE ALL",
      "EXPLAIN (ANALYZE, FORMAT json) SELECT ';'",
      "LISTEN c",
      "NOTIFY c, ';'",
      "UNLISTEN *",
      "LOCK TABLE ONLY t IN SHARE ROW EXCLUSIVE MODE NOWAIT",
      "VACUUM (FULL, VERBOSE) t (a)",
      "ANALYZE",
      "CLUSTER t USING i",
      "REINDEX (VERBOSE) INDEX CONCURRENTLY i",
      "CHECKPOINT",
      "DISCARD TEMP",
      "LOAD 'lib;'",
      "SET LOCAL a.b TO DEFAULT",
      "SET TIME ZONE INTERVAL '1' HOUR TO MINUTE",
      "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY",
      "RESET ALL",
      "SHOW a.b",
      "SECURITY LABEL FOR p ON TABLE t IS ';'",
      "COMMENT ON FUNCTION f(int) IS E'\\';'",
      "COMMENT ON OPERATOR - (NONE, int) IS NULL",
      "REASSIGN OWNED BY a TO b",
      "DROP OWNED BY a CASCADE",
      "DROP OPERATOR IF EXISTS @#@ (int, NONE)",
      "DROP FUNCTION IF EXISTS a(int), b(text) CASCADE",
      "GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA s TO PUBLIC WITH GRANT OPTION",
      "REVOKE GRANT OPTION FOR SELECT (a) ON t FROM r",
      "IMPORT FOREIGN SCHEMA a LIMIT TO (t) FROM SERVER "
      "s INTO b",
      "REFRESH MATERIALIZED VIEW CONCURRENTLY m",
      "TRUNCATE t, s RESTART IDENTITY CASCADE",
      "CALL p(a => ';', b := 1)",
      "DO LANGUAGE plpgsql 'BEGIN NULL; END'",
      "BEGIN ISOLATION LEVEL SERIALIZABLE, READ ONLY",
      "PREPARE TRANSACTION 'a;'",
      "END AND NO CHAIN",
      "COPY t (a) TO PROGRAM 'x;' WITH (FORMAT csv, QUOTE E'\\'', DELIMITER ';')",
      "COPY t FROM '/a;b'",
  };
  std::string all;
  for (const std::string statement : statements) {
    for (const std::string& script : {statement, "select 1;" + statement + " ;\n-- ;\nselect 2"}) {
      const auto ranges = parsed(script);
      ASSERT_TRUE(ranges) << "PostgreSQL does not read " << script;
      expect_same(script, *ranges);
    }
    all += statement + ";";
  }
  const auto ranges = parsed(all);
  ASSERT_TRUE(ranges);
  expect_same(all, *ranges);
}

// What only later servers read: counted, since there is no parser of theirs here.
TEST(ComparePostgresqlTest, SplitsWhatLaterServersRead) {
  const char* const statements[] = {
      "SELECT JSON_OBJECT('a;': 1 ABSENT ON NULL), 1_000, 0xff, 0b1, ANY_VALUE(a)",
      "SELECT x IS JSON OBJECT WITH UNIQUE KEYS",
      "SELECT * FROM JSON_TABLE(j, '$[*] ? (@.a == \";\")' COLUMNS (a int PATH '$.a' DEFAULT 1 ON "
      "EMPTY, "
      "NESTED PATH '$.b' COLUMNS (c text)))",
      "MERGE INTO t USING s ON true WHEN NOT MATCHED BY SOURCE THEN DELETE RETURNING "
      "merge_action(), t.*",
      "ALTER TABLE t SPLIT PARTITION p INTO (PARTITION a FOR VALUES IN (1), PARTITION b DEFAULT)",
      "CREATE TABLE t (a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL, UNIQUE (a WITHOUT "
      "OVERLAPS))",
      "UPDATE t SET a = 1 RETURNING WITH (OLD AS o, NEW AS n) o.a, n.a",
      "ALTER TABLE t ADD CONSTRAINT c NOT NULL a NOT VALID, ALTER CONSTRAINT d NOT ENFORCED",
      "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC MERGE INTO t USING s ON true WHEN MATCHED THEN "
      "DO "
      "NOTHING; SELECT JSON_VALUE('{}', '$.a;'); END",
      "COPY t FROM '/a' WITH (ON_ERROR ignore, LOG_VERBOSITY verbose)",
  };
  for (const std::string statement : statements) {
    const std::string script = "select 1; " + statement + "; select 2;";
    const auto ours = split(script, Dialect::postgresql, {.server_version = 180000});
    ASSERT_TRUE(ours) << ours.error().message << "\n" << script;
    ASSERT_EQ(ours->size(), 3U) << script;
    EXPECT_EQ((*ours)[1].text, statement);
  }
}

// The scripts that Debian's server brings: its system views and the extensions of contrib.
TEST(ComparePostgresqlTest, SplitsTheServersOwnScriptsAsTheParserDoes) {
  std::size_t files = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator("/usr/share/postgresql/15")) {
    if (entry.path().extension() != ".sql") continue;
    SCOPED_TRACE(entry.path());
    std::ifstream file(entry.path());
    std::string script;
    for (std::string line; std::getline(file, line); script += line + '\n') {
      if (line.starts_with('\\')) line.clear();  // psql's own
    }
    const auto ranges = parsed(script);
    if (!ranges) continue;
    ++files;
    expect_same(script, *ranges);
  }
  EXPECT_GT(files, 50U);
}

/// Makes scripts that are mostly valid and always nasty.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  std::string script() {
    std::string result;
    for (unsigned i = pick(6); i > 0; --i) result += gap() + statement() + gap() + ";";
    if (pick(2) == 0) result += gap() + statement();
    return result + gap();
  }

 private:
  unsigned pick(unsigned count) { return static_cast<unsigned>(random_()) % count; }
  template <std::size_t n>
  std::string one_of(const std::array<const char*, n>& choices) {
    return choices.at(pick(n));
  }

  std::string gap() {
    return one_of(std::array{" ", "\n", "\r\n", "\t", " -- ;'\"$$\n", "/* ; ' */",
                             "/* /* $x$ */ */", " -- /* \r", "\f", " --\n--;\n", "/**/",
                             "/*;*/ /*\"*/"});
  }
  std::string noise() {
    std::string result;
    for (unsigned i = pick(5); i > 0; --i) {
      result += one_of(std::array{";", "--", "/*", "*/", "$$", "$x$", "a", "ö", " ", "\n", "end",
                                  "begin atomic", "(", ")", "\"", "$", "\\."});
    }
    return result;
  }
  static std::string without(std::string text, std::string_view part) {
    for (auto at = text.find(part); at != std::string::npos; at = text.find(part)) {
      text.erase(at, part.size());
    }
    return text;
  }
  std::string string_literal() {
    switch (pick(9)) {
      case 0:
        return "'" + noise() + "''" + noise() + "'";
      case 1:
        return "E'" + without(noise(), "\\") + "\\'" + without(noise(), "\\") + "\\\\'";
      case 2:
        return "$$" + without(noise(), "$") + "$$";
      case 3:
        return "$x$" + without(noise(), "$x$") + " $x$";
      case 4:
        return "U&'" + without(noise(), "\\") + "\\0061'";
      case 5:
        return "'a' \n '" + noise() + "'";
      case 6:
        return "e'a'\r\n'" + without(noise(), "\\") + "\\''";
      case 7:
        return "$_1$" + without(noise(), "$") + "$$ ; $x$$_1$";
      default:
        return "N'" + noise() + "\\'";
    }
  }
  std::string name() {
    return one_of(std::array{"a", "b$1", "\"x;y\"", "\"q\"\"\"", "größe", "U&\"d\\0061;\"",
                             "atomic", "begin", "_x", "rule", "temp"});
  }
  std::string expression(int depth = 0) {
    switch (pick(depth > 2 ? 4U : 9U)) {
      case 0:
        return std::to_string(pick(99));
      case 1:
        return string_literal();
      case 2:
        return name();
      case 3:
        return "1.5e-3";
      case 4:
        return "(" + gap() + expression(depth + 1) + gap() + ")";
      case 5:
        return expression(depth + 1) + gap() +
               one_of(std::array{"+", "||", "->>", "@>", "<", "*", "- ", "?", "#>>"}) + gap() +
               expression(depth + 1);
      case 6:
        return "case when" + gap() + expression(depth + 1) + gap() + "then" + gap() +
               expression(depth + 1) + gap() + "end";
      case 7:
        return "f(" + expression(depth + 1) + "," + gap() + expression(depth + 1) + ")";
      default:
        return "array[" + expression(depth + 1) + "]::text[]";
    }
  }
  std::string select() {
    std::string result = "select" + gap() + expression();
    if (pick(3) == 0)
      result += gap() + "as" + gap() + one_of(std::array{"end", "\"end\"", "atomic"});
    if (pick(4) == 0) result += gap() + "end";  // a bare label
    if (pick(3) == 0) result += gap() + "from" + gap() + "t";
    return result;
  }
  std::string body() {
    std::string result;
    for (unsigned i = pick(4); i > 0; --i) {
      result += (pick(3) == 0 ? "delete from t" : select()) + gap() + ";" + gap();
    }
    return result;
  }
  std::string statement() {
    switch (pick(9)) {
      case 0:
        return "create" + gap() + "function" + gap() + name() + "()" + gap() +
               "returns int language sql" + gap() + "begin" + gap() + "atomic" + gap() + body() +
               "end";
      case 1:
        return "create or replace procedure p(begin int)" + gap() + "begin" + gap() + "atomic" +
               gap() + body() + "end";
      case 2:
        return "create rule r as on insert to t do also" + gap() + "(" + select() + ";" + gap() +
               "delete from t" + gap() + ")";
      case 3:
        return "do" + gap() + "$do$" + without(noise(), "$do$") + " $do$";
      case 4:
        return "insert into t values (" + expression() + ")";
      case 5:
        return one_of(std::array{"begin", "end", "commit", "rollback to s", "abort"});
      case 6:
        return "create function f(atomic int) returns text as" + gap() + string_literal() + gap() +
               "language plpgsql";
      default:
        return select();
    }
  }

  std::mt19937 random_;
};

TEST(ComparePostgresqlTest, SplitsRandomScriptsAsTheParserDoes) {
  constexpr unsigned kScripts = 1000;
  unsigned compared = 0;
  for (unsigned seed = 1; seed <= kScripts; ++seed) {
    const std::string script = Generator(seed).script();
    const auto ranges = parsed(script);
    if (!ranges) continue;
    ++compared;
    expect_same(script, *ranges);
    if (testing::Test::HasFailure()) FAIL() << "seed " << seed << testing::PrintToString(script);
  }
  EXPECT_GT(compared, kScripts / 2) << "the generator makes too much that is not SQL";
}

}  // namespace
}  // namespace dunlin::sql
