"""A dry run's script, run by psql or sqlite3, does to a twin database what the command itself does."""
import os
import sqlite3
import subprocess

import pytest

from support.postgresql import ADMIN, ADMIN_PASSWORD
from support.program import Program

ROWS = ("SELECT installed_rank, version, description, type, script, checksum, installed_by, success"
        " FROM flyway_schema_history ORDER BY installed_rank")

COMMON = {
    "sql/V1__bird.sql": "CREATE TABLE bird (id INT PRIMARY KEY, name TEXT);\n"
                        "INSERT INTO bird VALUES (1, '${name}; it''s') -- the first\n;\n",
    "sql/U1__bird.sql": "DROP VIEW small;\nDROP TABLE bird;\n",
    "sql/V2__nest.sql": "CREATE TABLE nest (id INT);\n",
    "sql/U2__nest.sql": "DROP TABLE nest;\n",
    "sql/R__view.sql": "CREATE VIEW small AS SELECT * FROM bird WHERE id < 10;\n",
    "sql/beforeMigrate.sql": "CREATE TABLE IF NOT EXISTS seen (what TEXT);\nINSERT INTO seen VALUES ('migrate');\n",
    "sql/afterEachMigrate.sql": "INSERT INTO seen VALUES ('each');\n",
}
SQLITE = {
    **COMMON,
    "sql/V3__trigger.sql": "CREATE TRIGGER t AFTER INSERT ON nest BEGIN\n"
                           "  UPDATE bird SET name = 'a;b';\n  DELETE FROM nest;\nEND;\nINSERT INTO nest VALUES (3);\n",
    "sql/V4__vacuum.sql": "VACUUM;\n",
    "sql/V4__vacuum.sql.conf": "executeInTransaction=false\n",
}
POSTGRESQL = {
    **COMMON,
    "sql/V3__function.sql": "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT 'a;b\\'::text $$;\n"
                            "CREATE FUNCTION g() RETURNS int BEGIN ATOMIC SELECT 1; SELECT 2; END;\n"
                            "CREATE RULE r AS ON INSERT TO nest DO ALSO (DELETE FROM bird; SELECT 1);\n",
    "sql/V4__copy.sql": "COPY bird FROM STDIN;\n2\tdunlin\n3\t\\N\n\\.\nSET search_path = public, pg_catalog;\n",
    "sql/V5__concurrently.sql": "CREATE INDEX CONCURRENTLY i ON bird (name);\n",
    "sql/V6__commits.sql": "CREATE TABLE kept (i INT);\nCOMMIT;\nCREATE TABLE kept_too (i INT);\n",
    "sql/V7__isolation.sql": "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\nCREATE TABLE strict (i INT);\n",
    "sql/V8__empty.sql": "",
}
# What is done first with the command itself, and what is then compared.
RUNS = {
    "migrate": ([], ["migrate"]),
    "in a group": ([], ["-group=true", "-mixed=true", "-target=3", "migrate"]),
    "migrate the rest": (["-target=1", "migrate"], ["migrate"]),
    "picks": ([], ["-cherryPick=2,1", "migrate"]),
    "rows only": ([], ["-skipExecutingMigrations=true", "migrate"]),
    "undo": (["-target=2", "migrate"], ["undo"]),
    "undo to a target": (["-target=2", "migrate"], ["-target=1", "undo"]),
    "baseline": ([], ["-baselineVersion=1.5", "baseline"]),
    "baseline, then migrate": ([], ["-baselineVersion=0.5", "-baselineDescription=it's \\ $1", "-target=1", "baseline", "migrate"]),
    "clean": (["migrate"], ["-cleanDisabled=false", "clean"]),
    "clean, then migrate": (["migrate"], ["-cleanDisabled=false", "clean", "migrate"]),
}


class Site:
    """Two equal databases, one folder of scripts."""

    def __init__(self, folder, files, environment):
        self.program, self.folder = Program(folder, environment), folder
        for name, text in {"flyway.conf": "flyway.placeholders.name=dunlin\n", **files}.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text)

    def dunlin(self, which, *arguments, code=0):
        said = self.program("-url=" + self.url(which), "-locations=filesystem:sql", *arguments)
        assert said.code == code, said
        return said

    def expect_same(self, first, arguments):
        """`arguments` on one twin, and their dry run on the other."""
        for which in ("real", "twin"):
            self.create(which)
            if first:
                self.dunlin(which, *first)
        before = self.dump("twin")
        self.dunlin("twin", "-dryRunOutput=out/plan.sql", *arguments)
        assert self.dump("twin") == before, "the dry run changed something"
        self.dunlin("real", *arguments)
        self.run_script("twin", self.folder / "out/plan.sql")
        assert self.dump("twin") == self.dump("real")
        assert self.history("twin") == self.history("real")


class Sqlite(Site):
    def url(self, which):
        return "jdbc:sqlite:%s.db" % which

    def create(self, which):
        (self.folder / (which + ".db")).unlink(missing_ok=True)

    def dump(self, which):
        path = self.folder / (which + ".db")
        if not path.exists():
            return []
        with sqlite3.connect(path) as connection:
            tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
            content = [(t, connection.execute("SELECT * FROM " + t).fetchall()) for t in tables if "history" not in t]
            return connection.execute("SELECT type, name, sql FROM sqlite_master ORDER BY 1, 2").fetchall() + content

    def history(self, which):
        with sqlite3.connect(self.folder / (which + ".db")) as connection:
            there = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'flyway_schema_history'").fetchall()
            return connection.execute(ROWS).fetchall() if there else None

    def run_script(self, which, script):
        run = subprocess.run(["sqlite3", str(self.folder / (which + ".db"))], stdin=open(script), capture_output=True, text=True)
        assert (run.returncode, run.stderr) == (0, ""), script.read_text()


class Postgresql(Site):
    def __init__(self, folder, files, server):
        self.server = server
        self.login = {"PGHOST": "localhost", "PGPORT": str(server.port), "PGUSER": ADMIN, "PGPASSWORD": ADMIN_PASSWORD,
                      "PGSSLMODE": "verify-full", "PGSSLROOTCERT": str(server.authority)}
        super().__init__(folder, files, {"FLYWAY_USER": ADMIN, "FLYWAY_PASSWORD": ADMIN_PASSWORD, **self.login})

    def url(self, which):
        return "jdbc:postgresql://localhost:%d/dry_run_%s" % (self.server.port, which)

    def create(self, which):
        self.server.run("DROP DATABASE IF EXISTS dry_run_%s WITH (FORCE)" % which)
        self.server.run("CREATE DATABASE dry_run_%s" % which)

    def tool(self, *command):
        run = subprocess.run(command, env={**os.environ, **self.login}, capture_output=True, text=True)
        assert run.returncode == 0, run.stderr
        return [line for line in run.stdout.splitlines() if "restrict " not in line]  # a word of chance

    def dump(self, which):
        return self.tool("pg_dump", "--exclude-table-data=*.*istory*", "dry_run_" + which)

    def history(self, which):
        database = "dry_run_" + which
        there = self.server.rows("SELECT to_regclass('flyway_schema_history')", database)
        return self.server.rows(ROWS, database) if there[0][0] else None

    def run_script(self, which, script):
        self.tool("psql", "-X", "-q", "-f", str(script), "dry_run_" + which)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.server)])
def site(request, tmp_path):
    if request.param == "sqlite":
        return Sqlite(tmp_path, SQLITE, {})
    return Postgresql(tmp_path, POSTGRESQL, request.getfixturevalue("postgresql"))


@pytest.mark.parametrize("run", RUNS.values(), ids=RUNS)
def test_the_script_does_what_the_command_does(site, run):
    site.expect_same(*run)


def test_a_repair_too(site):
    for which in ("real", "twin"):
        site.create(which)
        site.dunlin(which, "-target=2", "migrate")
    (site.folder / "sql/V1__bird.sql").write_text("-- edited\n")
    (site.folder / "sql/V2__nest.sql").unlink()
    site.dunlin("twin", "-dryRunOutput=plan.sql", "repair", "validate", "-target=1")
    assert site.history("twin") != (site.dunlin("real", "repair"), site.history("real"))[1]
    site.run_script("twin", site.folder / "plan.sql")
    assert site.history("twin") == site.history("real")


@pytest.mark.server
def test_schemas_are_made_and_the_default_one_is_first(tmp_path, postgresql):
    site = Postgresql(tmp_path, {"sql/V1__a.sql": "CREATE TABLE a (i INT);\n"}, postgresql)
    site.expect_same([], ["-schemas=App,aux", "-table=History", "migrate"])
    site.expect_same(["-schemas=App,aux", "migrate"], ["-schemas=App,aux", "-cleanDisabled=false", "clean"])


def test_a_new_sqlite_file_is_not_made(tmp_path):
    site = Sqlite(tmp_path, SQLITE, {})
    site.dunlin("real", "-dryRunOutput=plan.sql", "migrate")
    assert not (tmp_path / "real.db").exists()
    assert (tmp_path / "plan.sql").stat().st_mode & 0o777 == 0o600


def test_a_secret_is_refused_and_nothing_is_written(tmp_path):
    site = Sqlite(tmp_path, SQLITE, {"NAME_PASSWORD": "harrier99"})
    site.program.secrets.append("harrier99")
    said = site.dunlin("real", "-placeholders.name=${env:NAME_PASSWORD}", "-dryRunOutput=plan.sql", "migrate", code=2)
    assert "the dry run would hold a secret: placeholder name" in said.err
    assert not list(tmp_path.glob("plan*"))


def test_a_script_is_not_overwritten_but_an_older_dry_run_is(tmp_path):
    site = Sqlite(tmp_path, SQLITE, {})
    said = site.dunlin("real", "-dryRunOutput=sql/V1__bird.sql", "migrate", code=2)
    assert "the file exists, and is not the script of a dry run" in said.err
    site.dunlin("real", "-dryRunOutput=plan.sql", "migrate")
    whole = (tmp_path / "plan.sql").read_text()
    site.dunlin("real", "-dryRunOutput=plan.sql", "-target=1", "migrate")
    assert len((tmp_path / "plan.sql").read_text()) < len(whole)


def test_a_dry_run_that_fails_leaves_no_file(tmp_path):
    site = Sqlite(tmp_path, {"sql/V1__a.sql": "CREATE TABLE a (i INT);\n", "sql/V2__b.sql": "SELECT '${missing}';\n"}, {})
    said = site.dunlin("real", "-dryRunOutput=plan.sql", "migrate", code=2)
    assert "missing" in said.err
    assert not list(tmp_path.glob("plan*"))
