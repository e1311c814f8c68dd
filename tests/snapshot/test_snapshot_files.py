"""Snapshots that are files: of PostgreSQL by pg_dump and pg_restore, of SQLite by its backup. No mock of a database."""
import json
import os
import re
import sqlite3
import stat
import time

import pytest

from support.program import Program
from support.project import Project
from support.server import wait_until

V1 = "CREATE TABLE a (id int PRIMARY KEY, t text); INSERT INTO a VALUES (1, 'one'), (2, 'zwei ä');"
V2 = "CREATE TABLE b (id int REFERENCES a); DELETE FROM a WHERE id = 2 AND t = 'zwei ä'; CREATE VIEW v AS SELECT id FROM a;"
NAME = r"dunlin-%s-\d{8}t\d{6}z(-[0-9a-f]{8})?"


@pytest.fixture
def project(plain_postgresql, tmp_path):
    return Project(plain_postgresql, tmp_path, {"V1__a.sql": V1})


@pytest.fixture
def lite(tmp_path):
    """dunlin on app.db with one script applied."""
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql/V1__a.sql").write_text(V1)
    here = Program(tmp_path, {"FLYWAY_URL": "jdbc:sqlite:app.db", "FLYWAY_LOCATIONS": "filesystem:sql"})
    assert here("migrate").code == 0
    return here


def rows(path, sql="SELECT id, t FROM a ORDER BY id"):
    with sqlite3.connect(path) as database:
        return database.execute(sql).fetchall()


def taken(folder):
    return sorted(p.name for p in (folder / "snapshots").iterdir()) if (folder / "snapshots").exists() else []


def test_postgresql_gives_the_same_data_back(project):
    project.dunlin("migrate")
    before = project.rows("SELECT * FROM a ORDER BY id"), project.history()
    said = project.dunlin("snapshot", "create")
    (name,) = taken(project.folder)
    assert re.fullmatch(NAME % "project" + r"\.dump", name) and "Snapshot %s is complete" % name in said.out, said
    assert stat.S_IMODE(os.stat(project.folder / "snapshots" / name).st_mode) == 0o600
    project.write({"V2__b.sql": V2})
    project.dunlin("migrate")
    assert project.tables() == ["a", "b"]

    refused = project.dunlin("snapshot", "restore", name, code=2)
    assert "database project is not empty: it has" in refused.err and "--replace" in refused.err, refused
    assert project.tables() == ["a", "b"]

    said = project.dunlin("snapshot", "restore", name, "--replace")
    assert "Restored %s as database project" % name in said.out, said
    assert (project.rows("SELECT * FROM a ORDER BY id"), project.history()) == before
    assert project.tables() == ["a"]
    project.dunlin("migrate")
    assert project.tables() == ["a", "b"]


def test_postgresql_is_restored_into_an_empty_database(project):
    project.dunlin("migrate")
    project.dunlin("snapshot", "create")
    (name,) = taken(project.folder)
    project.server.run("DROP DATABASE IF EXISTS copy WITH (FORCE)")
    project.server.run("CREATE DATABASE copy")
    url = project.url().replace("/project?", "/copy?")
    said = project.program("-url=" + url, "snapshot", "restore", name.removesuffix(".dump"))
    assert said.code == 0, said
    assert project.server.rows("SELECT t FROM a ORDER BY id", "copy") == [("one",), ("zwei ä",)]


def test_other_schemas_go_and_come_back_too(project):
    project.server.run("CREATE SCHEMA s; CREATE TABLE s.x AS SELECT 7 AS n; CREATE TYPE e AS ENUM ('p')", "project")
    project.dunlin("snapshot", "create")
    project.server.run("CREATE VIEW public.y AS SELECT n FROM s.x; CREATE SCHEMA later; CREATE TABLE later.z ()", "project")
    project.dunlin("snapshot", "restore", taken(project.folder)[0], "--replace")
    assert project.rows("SELECT nspname FROM pg_namespace WHERE nspname IN ('s', 'later')") == [("s",)]
    assert project.value("SELECT n FROM s.x") == 7
    assert project.rows("SELECT table_name FROM information_schema.views WHERE table_schema = 'public'") == []


def test_migrate_takes_one_only_when_something_is_pending(project):
    said = project.dunlin("-snapshotBeforeMigrate=true", "-reportEnabled=true", "migrate")
    (name,) = taken(project.folder)
    path = str(project.folder / "snapshots" / name)
    assert "Snapshot before migrating: " + path in said.out, said
    assert said.out.index("Snapshot before") < said.out.index("Creating Schema History table"), said
    page, document = (project.folder / "report.html").read_text(), json.loads((project.folder / "report.json").read_text())
    assert path in page and document["individualResults"][0]["snapshot"] == path
    project.dunlin("-snapshotBeforeMigrate=true", "migrate")
    assert taken(project.folder) == [name]


def test_one_is_taken_too_where_a_new_schema_lets_a_filled_one_through(project):
    """A schema that migrate makes brings the history table, so that what is in the other is not refused."""
    project.server.run("CREATE SCHEMA filled; CREATE TABLE filled.x AS SELECT 7 AS n", "project")
    project.dunlin("-schemas=fresh,filled", "-snapshotBeforeMigrate=true", "migrate")
    assert project.value("SELECT count(*) FROM fresh.a") == 2
    assert len(taken(project.folder)) == 1


def test_the_snapshot_is_in_the_document(project):
    said = project.dunlin("-snapshotBeforeMigrate=true", "-outputType=json", "migrate")
    assert json.loads(said.out)["snapshot"].endswith(taken(project.folder)[0])
    said = project.dunlin("-outputType=json", "snapshot", "list")
    (one,) = json.loads(said.out)["snapshots"]
    assert one["name"] == taken(project.folder)[0] and one["state"] == "available" and one["size"].endswith("B")


def test_without_a_snapshot_nothing_is_migrated(project):
    (project.folder / "bin").mkdir()
    said = project.program("-url=" + project.url(), "-locations=filesystem:sql", "-snapshotBeforeMigrate=true", "migrate",
                           PATH=project.folder / "bin")
    assert said.code == 1 and "nothing is migrated, as there is no snapshot: pg_dump is not there" in said.err, said
    assert "Debian: postgresql-client-1" in said.err
    assert project.tables() == [] and project.history() == [] and taken(project.folder) == []


def test_a_dry_run_takes_none(project):
    project.dunlin("-snapshotBeforeMigrate=true", "-dryRunOutput=dry.sql", "migrate")
    assert taken(project.folder) == []


def fake(project, name, text):
    (project.folder / "bin").mkdir(exist_ok=True)
    path = project.folder / "bin" / name
    path.write_text("#!/bin/sh\n" + text)
    path.chmod(0o755)
    return "%s:%s" % (path.parent, os.environ["PATH"])


def test_a_pg_dump_older_than_the_server_is_named(project):
    path = fake(project, "pg_dump", "echo 'pg_dump (PostgreSQL) 9.6.24'")
    said = project.program("-url=" + project.url(), "snapshot", "create", PATH=path)
    assert said.code == 1 and "pg_dump has version 9 and the server 1" in said.err, said


def test_half_a_snapshot_is_none(project):
    path = fake(project, "pg_dump", 'case "$1" in --version) echo pg_dump 99;; *) echo half; echo "pg_dump: error: no luck" >&2; exit 1;; esac')
    said = project.program("-url=" + project.url(), "snapshot", "create", PATH=path)
    assert said.code == 1 and "ERROR: pg_dump failed: no luck" in said.err, said
    assert taken(project.folder) == []


def test_a_locked_table_is_waited_for_as_long_as_a_script_would(project):
    project.dunlin("migrate")
    with project.connect() as other, other.transaction():
        other.execute("LOCK TABLE a")
        said = project.dunlin("-tableLockTimeout=1", "snapshot", "create", code=1)
    assert "pg_dump failed: " in said.err and "raise tableLockTimeout" in said.err and taken(project.folder) == [], said


def test_the_password_is_nowhere_to_be_seen(project):
    look = ('case "$1" in --version) echo pg_dump 99; exit;; esac\n'
            "tr '\\0' '\\n' < /proc/$$/cmdline > %(f)s/seen; env >> %(f)s/seen; tr '\\0' '\\n' < /proc/$PPID/environ >> %(f)s/seen\n"
            'for a in "$@"; do case "$a" in *passfile*) p=${a##*passfile=\\\'}; cat "${p%%%%\\\'*}" > %(f)s/passfile;; esac; done\nexit 1\n'
            % {"f": project.folder})
    path = fake(project, "pg_dump", look)
    # By a reference to a file, so that not even our own environment has it.
    (project.folder / "password").write_text("superuser of a throwaway server")
    project.program("-url=" + project.url(), "-password=${file:password}", "snapshot", "create", PATH=path, FLYWAY_PASSWORD=None)
    seen = (project.folder / "seen").read_text()
    assert "passfile='/proc/self/fd/" in seen and "throwaway" not in seen, seen
    assert (project.folder / "passfile").read_text() == "*:*:*:*:superuser of a throwaway server\n"


def test_ctrl_c_ends_pg_dump_too_and_leaves_nothing(project):
    path = fake(project, "pg_dump", 'case "$1" in --version) echo pg_dump 99;; *) touch %s/began; exec sleep 60;; esac' % project.folder)
    process = project.program.start("-url=" + project.url(), "snapshot", "create", PATH=path)
    wait_until((project.folder / "began").exists, 20, "the beginning of the tool")
    process.terminate()
    said = project.program.finish(process, 20)
    assert said.code == 143 and said.seconds < 20 and taken(project.folder) == [], said


def test_a_pg_restore_that_ended_well_in_spite_of_a_signal_is_told_so(project):
    """The signal came when it had committed: the database is not empty."""
    project.dunlin("snapshot", "create")
    path = fake(project, "pg_restore", "trap 'exit 0' TERM\n"
                'case "$1" in --list) ;; *) touch %s/began; while :; do sleep 0.1; done;; esac' % project.folder)
    process = project.program.start("-url=" + project.url(), "snapshot", "restore", taken(project.folder)[0], "--replace", PATH=path)
    wait_until((project.folder / "began").exists, 20, "the beginning of the tool")
    process.terminate()
    said = project.program.finish(process, 20)
    assert "as database project" in said.out and "empty now" not in said.err, said


def test_sqlite_gives_the_same_data_back(lite):
    folder = lite.folder
    before = rows(folder / "app.db")
    assert lite("snapshot", "create").code == 0
    (name,) = taken(folder)
    assert re.fullmatch(NAME % "app" + r"\.db", name), name
    (folder / "sql/V2__b.sql").write_text(V2)
    assert lite("migrate").code == 0 and rows(folder / "app.db") != before

    refused = lite("snapshot", "restore", name)
    assert refused.code == 2 and "app.db is not empty" in refused.err, refused
    said = lite("snapshot", "restore", name, "--into", "copy.db")
    assert said.code == 0 and rows(folder / "copy.db") == before, said
    said = lite("snapshot", "restore", name, "--replace")
    assert said.code == 0 and rows(folder / "app.db") == before, said
    assert rows(folder / "app.db", "SELECT count(*) FROM sqlite_schema WHERE name = 'b'") == [(0,)]


def test_sqlite_is_copied_while_others_write(lite):
    with sqlite3.connect(lite.folder / "app.db") as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("BEGIN IMMEDIATE")
        other.execute("INSERT INTO a VALUES (3, 'not yet')")
        said = lite("snapshot", "create")
    assert said.code == 0, said
    assert [id for id, _ in rows(lite.folder / "snapshots" / taken(lite.folder)[0])] == [1, 2]


def test_sqlite_migrate_takes_one_with_the_commit_of_no_repository(lite):
    (lite.folder / "sql/V2__b.sql").write_text(V2)
    said = lite("-snapshotBeforeMigrate=true", "migrate")
    (name,) = taken(lite.folder)
    assert "Snapshot before migrating: " + str(lite.folder / "snapshots" / name) in said.out, said
    assert rows(lite.folder / "snapshots" / name, "SELECT count(*) FROM flyway_schema_history") == [(1,)]


def test_an_empty_file_takes_the_place_of_nothing(lite):
    (lite.folder / "empty.db").touch()
    before = rows(lite.folder / "app.db")
    said = lite("snapshot", "restore", "empty.db", "--replace")
    assert said.code == 2 and "empty.db holds no database" in said.err, said
    assert rows(lite.folder / "app.db") == before


def test_a_file_is_not_restored_into_itself(lite):
    said = lite("snapshot", "restore", "app.db", "--replace")
    assert said.code == 2 and "app.db is the database itself" in said.err and said.seconds < 20, said


def test_only_the_command_line_says_replace(lite):
    assert lite("snapshot", "create").code == 0
    before = rows(lite.folder / "app.db")
    with sqlite3.connect(lite.folder / "app.db") as other:
        other.execute("INSERT INTO a VALUES (3, 'later')")
    (lite.folder / "flyway.conf").write_text("flyway.replace=true\n")
    said = lite("snapshot", "restore", taken(lite.folder)[0])
    assert said.code == 2 and "flyway.replace (" in said.err and "has no place in a file" in said.err, said
    assert rows(lite.folder / "app.db") != before


def test_a_database_in_memory_has_none(lite):
    said = lite("-url=jdbc:sqlite::memory:", "-snapshotBeforeMigrate=true", "migrate")
    assert said.code == 2 and "a database in memory" in said.err, said


def test_a_name_that_is_taken_is_counted_on(lite):
    (lite.folder / "snapshots").mkdir()
    names = ["dunlin-app-%s.db" % time.strftime("%Y%m%dt%H%M%Sz", time.gmtime(time.time() + i)) for i in range(60)]
    for i, name in enumerate(names):
        (lite.folder / "snapshots" / (name + (".part" if i % 2 else ""))).write_bytes(b"another's")
    said = lite("snapshot", "create")
    assert said.code == 0, said
    (name,) = (name for name in taken(lite.folder) if re.fullmatch(NAME % "app" + r"-2\.db", name))
    assert "Taking snapshot " + name in said.out and rows(lite.folder / "snapshots" / name), said
    assert all(path.read_bytes() == b"another's" for path in (lite.folder / "snapshots").iterdir() if path.name != name)


def test_the_list_shows_those_of_this_database_only(lite):
    lite("snapshot", "create")
    for other in ("other", "app-two", "app-2"):
        (lite.folder / ("snapshots/dunlin-%s-20200101t000000z.db" % other)).write_bytes(b"")
    said = lite("snapshot", "list")
    assert said.code == 0 and "20200101" not in said.out, said
    assert re.search(r"\| dunlin-app-\S+ \| available \| 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d \| \d+\.\d kB \|", said.out), said


def test_what_is_no_snapshot_is_named(lite):
    said = lite("snapshot", "restore", "nothing")
    assert said.code == 2 and "there is no snapshot nothing in" in said.err, said
    said = lite("snapshot", "restore")
    assert said.code == 2 and "snapshot restore needs a" in said.err, said
