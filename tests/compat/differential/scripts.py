"""SQL for random scripts, made from a random.Random alone, so that a seed makes it again.

In a template @ is a number that no other script of the sequence has, and # that of the repeatable.
"""

COMMON = [
    "create table t@ (i int, what text);",
    "create table t@ (i int primary key);\ninsert into t@ values (1), (2);",
    "create table t@ (i int); -- a comment; with a semicolon\n/* and another; */",
    "create table t@ (s text);\ninsert into t@ values ('a;b'), ('it''s'), ('${x}');",
    "create table t@ (i int);\n\n\ncreate index i@ on t@ (i);",
    "create table t@ (i int);\ncreate view v@ as select * from t@;",
    'create table "T @" ("a;b" int);',
    "create table t@ (i int);\nupdate t@ set i = 2;\ndelete from t@",
    "-- nothing but a comment",
    "",
    "create table t@ (f text);\ninsert into t@ values ('${flyway:filename}');",
    "create table t@ (s text);\ninsert into t@ values ('\u00e4\u20ac\U0001F426');",
    "select 1 as one;",
    "drop table if exists not_there@;",
]
MORE = {
    "postgresql": [
        "create table t@ (i serial, at date default '2020-01-01');\ncomment on table t@ is 'x;y';",
        "create function f@() returns int language sql as $$ select 1; $$;",
        "create function f@() returns int language plpgsql as $body$ begin return 1; end; $body$;\nselect f@();",
        "do $$ begin raise notice 'hello @'; end $$;",
        "create function f@(a int) returns int begin atomic select a + 1; select 2; end;",
        "create table t@ (i int, s text);\ncopy t@ from stdin;\n1\ta\n2\tb;c\n\\.\nselect count(*) from t@;",
        "create type e@ as enum ('a', 'b');\ncreate table t@ (e e@);",
        "create sequence s@ start 5;\nselect nextval('s@');",
        "create table t@ (i int);\ncreate rule r@ as on delete to t@ do instead (select 1; select 2);",
        "create schema if not exists extra;\ncreate table extra.t@ (i int);",
        "set search_path to public;\ncreate table t@ (i int);",
        "create table t@ (e text);\ninsert into t@ values (E'a\\';b'), (U&'d\\0061t'), (B'101'::text);",
        "create materialized view m@ as select 1 as one;",
        "create table t@ (i int); /* a comment /* in; */ a comment; */",
        "create domain d@ as int check (value > 0);",
    ],
    "sqlite": [
        "create table t@ (i int);\ncreate trigger g@ after insert on t@ begin update t@ set i = 1; delete from t@; end;",
        "create table t@ (i integer primary key autoincrement, s text);",
        "create table t@ (i int primary key) without rowid;",
        "create table `t@` (`a` int);",
        "pragma user_version = @;",
        "create temp table t@ (i int);",
    ],
}
WITHOUT_TRANSACTION = {
    "postgresql": ["vacuum;", "create table if not exists c (i int);", "create index concurrently c@ on c (i);"],
    "sqlite": ["pragma foreign_keys = on;", "create table if not exists c (i int);"],
}
FAILING = {
    "postgresql": ["select * from not_there;", "create tabel t@ (i int);", "select 1/0;", "insert into t@ values (1);",
                   "create table t@ (i int);\ncreate table t@ (i int);", "select 'never closed;"],
    "sqlite": ["select * from not_there;", "create tabel t@ (i int);", "insert into t@ values (1);",
               "create table t@ (i int);\ncreate table t@ (i int);"],
}
REPEATABLE = {
    "postgresql": ["create or replace view r# as select @ as n;", "comment on schema public is '@ ${x}';",
                   "create or replace function rf#() returns int as $$ select @ $$ language sql;"],
    "sqlite": ["drop view if exists r#;\ncreate view r# as select @ as n;", "insert into log values ('R# @ ${x}');"],
}
BY_HAND = ["create table hand@ (i int);", "drop table if exists t1;", "create table if not exists log (what text);"]
LOG = "create table if not exists log (what text);\ninsert into log values ('%s');"


class Writer:
    """Scripts for one database."""

    def __init__(self, random, database):
        self.random, self.database, self.count = random, database, 0

    def versioned(self, may_fail=True):
        """A script's text, and whether it is bound to fail."""
        kind = self.random.random()
        without = WITHOUT_TRANSACTION[self.database]
        if kind < 0.07 and may_fail:
            return self._join([*self._some(), self.random.choice(FAILING[self.database])]), True
        if kind < 0.10:
            return self._join(without[1:]), False
        if kind < 0.12:
            return self._join(without), False
        if kind < 0.14:
            return self._join(without[:1]), False
        return self._join(self._some()), False

    def repeatable(self, name):
        some = self.random.sample(REPEATABLE[self.database], self.random.randint(1, 2))
        if self.random.random() < 0.05:
            some.append(self.random.choice(FAILING[self.database]))
        return self._join([LOG % "repeatable #", *some]).replace("#", name)

    def callback(self, event):
        if self.random.random() < 0.05:
            return self._join([self.random.choice(FAILING[self.database])])
        return LOG % event + "\n"

    def by_hand(self):
        """What somebody does without migrations."""
        return self._join([self.random.choice(BY_HAND)])

    def _some(self):
        templates = COMMON + MORE[self.database]
        return [self.random.choice(templates) for _ in range(self.random.choice([1, 1, 1, 2, 3]))]

    def _join(self, templates):
        return "\n".join(self._numbered(t) for t in templates) + "\n"

    def _numbered(self, template):
        self.count += 1
        return template.replace("@", str(self.count))
