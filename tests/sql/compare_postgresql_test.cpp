#include <gtest/gtest.h>
#include <pg_query.h>

#include <array>
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
