"""Connections that are cut, and sessions that are ended: the run goes on where that is certain to be right, else it ends
with exit 5 and says what it knows. Nothing runs twice, nothing is lost, and no lock stays behind."""
import os
import random
import signal
import time
from pathlib import Path

import pytest

from support.postgresql import PostgreSQL
from support.project import Project
from support.server import free_port, wait_until
from support.wire import Wire

pytestmark = pytest.mark.server

LOCKS = "SELECT 1 FROM pg_locks WHERE locktype = 'advisory'"
SESSION = "FROM pg_stat_activity WHERE application_name = 'dunlin' AND datname = 'project'"
END = "SELECT pg_terminate_backend(pid) " + SESSION
SLEEPS = "SELECT 1 %s AND wait_event = 'PgSleep'" % SESSION
STEP = int(os.environ.get("DUNLIN_CUT_STEP", 37))  # of so many messages one is cut; 1: each
KILLS = int(os.environ.get("DUNLIN_KILLS", 6))


def counted(n, more=""):
    """A script that tells how often it has run."""
    return "CREATE TABLE IF NOT EXISTS ran (n int);\n%sINSERT INTO ran VALUES (%d);\n" % (more, n)


def expect_consistent(here):
    """Each script that has a good row has run once, the others never; and nobody holds the lock."""
    wait_until(lambda: not here.rows(LOCKS), 10, "the end of the old session")
    rows = here.history()
    assert [int(version) for version, _ in rows] == list(range(1, len(rows) + 1))
    ran = here.value("SELECT to_regclass('ran') IS NOT NULL") and here.rows("SELECT n FROM ran ORDER BY n")
    done = len([1 for _, success in rows if success])
    assert [n for n, in ran or []][:done] == list(range(1, done + 1))
    assert len(ran or []) <= len(rows)
    return done


PLAIN = {"V%d__m.sql" % n: counted(n) for n in range(1, 5)}
NON_TRANSACTIONAL = {**PLAIN, "V2__m.sql.conf": "executeInTransaction=false\n"}
COPIED = {**PLAIN, "V2__m.sql": counted(2, "CREATE TABLE a (i int);\nCOPY a FROM STDIN;\n1\n\\.\n")}
COMMITTED = {**PLAIN, "V2__m.sql": "COMMIT;\n" + counted(2)}
AROUND = {**PLAIN, "afterVersioned__x.sql": "SELECT 1;\n", "afterConnect__y.sql": "SELECT 2;\n"}
CASES = {"a window": (PLAIN, []), "a group": (PLAIN, ["-group=true"]),
         "without a transaction": (NON_TRANSACTIONAL, []), "a COPY": (COPIED, []),
         "a script that commits": (COMMITTED, []), "callbacks": (AROUND, []),
         "synchronous commits": (PLAIN, ["-asynchronousCommits=false"])}


def messages(here, *arguments):
    """How many messages go each way."""
    with Wire(here.server.port) as wire:
        here.dunlin(*arguments, port=wire.port)
    return {"cut_client": wire.from_client, "cut_server": wire.from_server}


@pytest.mark.parametrize("way", ["cut_client", "cut_server"])
@pytest.mark.parametrize("case", CASES)
def test_wherever_the_connection_is_cut(project, case, way):
    files, options = CASES[case]
    here = project(files)
    count = messages(here, *options, "migrate")[way]
    went_on = 0
    for at in range(random.randint(1, STEP), count + 1, STEP):
        here = project(files)
        with Wire(here.server.port, **{way: at}) as wire:
            said = here.dunlin(*options, "migrate", port=wire.port, code=None)
            assert wire.was_cut.is_set()
        done, rows = expect_consistent(here), here.history()
        assert said.code in (0, 5), (at, said)
        went_on += said.code == 0
        if said.code == 0:
            assert done == 4
            continue
        assert "the connection to the database at 127.0.0.1:%d was lost" % wire.port in said.err, (at, said)
        if len(rows) > done:  # without a transaction nobody knows what became of it, so nobody runs it again
            assert "what became of V2__m.sql is not known; known to be applied by this run: 1 script, the last is " in said.err
            assert "failed migration to version 2" in here.dunlin("migrate", code=1).err
        elif "what became of V2__m.sql is not known" not in said.err:  # else it is for a person to say
            here.dunlin(*options, "migrate")
            assert expect_consistent(here) == 4, (at, said)
    assert went_on > 0


def test_sessions_that_are_ended_at_random(project):
    files = {"V%d__m.sql" % n: counted(n, "SELECT pg_sleep(0.002);\n") for n in range(1, 101)}
    went_on = 0
    for _ in range(KILLS):
        here = project(files)
        process = here.start("-lockRetryCount=20", "migrate")
        while process.poll() is None:
            time.sleep(random.uniform(0, 0.25))  # waits for nothing: the moment of the kill is to be any
            went_on += len(here.rows(END))
        said = here.finish(process)
        assert said.code in (0, 5), said
        done = expect_consistent(here)
        assert done == 100 or said.code == 5
        if said.code == 5 and done:
            assert "known to be applied by this run" in said.err, said
        here.dunlin("migrate")
        assert expect_consistent(here) == 100
    assert went_on >= KILLS


def slow(seconds):
    return {**PLAIN, "V3__m.sql": counted(3, "SELECT pg_sleep(%s);\n" % seconds)}


def test_while_the_old_session_lives_its_lock_is_waited_for(project):
    here = project(slow(2))
    with Wire(here.server.port) as wire:
        process = here.start("migrate", port=wire.port)
        wait_until(lambda: here.rows(SLEEPS), 30, "the long statement")
        wire.cut_all()
        here.read_until(process, "Waiting for the migration lock")
        here.finish(process, 0)
    assert expect_consistent(here) == 4


def test_a_session_that_keeps_the_lock_is_named(project):
    here = project(slow(30))
    with Wire(here.server.port) as wire:
        process = here.start("-lockRetryCount=1", "migrate", port=wire.port)
        wait_until(lambda: here.rows(SLEEPS), 30, "the long statement")
        wire.cut_all()
        said = here.finish(process, 5)
    assert "was lost" in said.err and "holds the lock" in said.err and "SELECT pg_terminate_backend(" in said.err
    assert "nothing is known to be applied by this run" in said.err  # V1 and V2 wait for the window's end
    here.rows(END)
    here.dunlin("migrate", "-target=2")
    assert expect_consistent(here) == 2


def test_without_a_transaction_nothing_is_run_again(project):
    here = project({"V1__m.sql": counted(1), "V2__index.sql": "CREATE INDEX CONCURRENTLY i ON ran (n);\n",
                    "V3__m.sql": counted(3)})
    with here.connect() as reader:  # CONCURRENTLY waits for its snapshot
        reader.autocommit = False
        reader.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        reader.execute("SELECT 1 FROM pg_class").fetchall()
        process = here.start("migrate")
        wait_until(lambda: here.rows("SELECT 1 %s AND wait_event_type = 'Lock'" % SESSION), 30, "the index")
        here.rows(END)
        said = here.finish(process, 5)
        reader.rollback()
    assert "terminating connection due to administrator command; what became of V2__index.sql is not known; " \
           "known to be applied by this run: 1 script, the last is V1__m.sql" in said.err
    assert here.history() == [("1", True), ("2", False)]
    assert "Schema \"public\" contains a failed migration to version 2" in here.dunlin("-validateOnMigrate=false", "migrate", code=1).err
    here.expect_no_lock()


def test_a_server_that_lacks_what_was_applied_is_not_gone_on_with(project):
    here = project({**PLAIN, "V3__m.sql": counted(3, "CREATE TABLE a (i int);\nCOPY a FROM STDIN;\n\\.\n"),
                    "V4__m.sql": counted(4, "SELECT pg_sleep(30);\n")})
    process = here.start("migrate")
    wait_until(lambda: here.rows(SLEEPS), 30, "the long statement")
    # As a standby would that took over without having had it all.
    here.server.run("DELETE FROM flyway_schema_history WHERE version = '2'", "project")
    here.rows(END)
    said = here.finish(process, 5)
    assert "the server that answers now lacks the history row of V2__m.sql, which was applied; " \
           "known to be applied by this run: 3 scripts, the last is V3__m.sql" in said.err
    here.expect_no_lock()


def test_nor_one_that_lacks_what_was_there_before(project):
    here = project(slow(30))
    here.dunlin("-target=2", "migrate")
    process = here.start("migrate")
    wait_until(lambda: here.rows(SLEEPS), 30, "the long statement")
    here.server.run("DELETE FROM flyway_schema_history WHERE version = '1'", "project")
    here.rows(END)
    assert "lacks the history row of V1__m.sql" in here.finish(process, 5).err


def test_the_new_session_is_set_up_like_the_first(project):
    shows = "INSERT INTO shown SELECT current_setting('statement_timeout'), current_setting('a.b'), " \
            "current_setting('a.c'), current_setting('search_path'), current_user;\n"
    here = project({"V1__m.sql": "CREATE TABLE shown (t text, b text, c text, s text, u text);\n" + shows + "COMMIT;\n",
                    "V2__m.sql": "SELECT CASE WHEN count(*) = 1 THEN pg_sleep(30) END FROM connections;\n" + shows,
                    "afterConnect__c.sql": "SET a.c = 'callback';\nINSERT INTO connections VALUES (1);\n"})
    here.server.run("CREATE TABLE connections (n int)", "project")
    here.server.run("CREATE SCHEMA other", "project")
    process = here.start("-schemas=other", "-statementTimeout=77", "-initSql=SET a.b = 'init'", "migrate")
    wait_until(lambda: here.rows(SLEEPS), 30, "the long statement")
    here.rows(END)
    here.finish(process, 0)
    first, second = here.rows("SELECT * FROM other.shown")
    assert first == second and first[:3] == ("77s", "init", "callback")


def test_undo_goes_on_too(project):
    undo = {"U%d__m.sql" % n: "DELETE FROM ran WHERE n = %d;\nINSERT INTO ran VALUES (-%d);\n" % (n, n) for n in range(1, 5)}
    files = {**PLAIN, **undo, "U2__m.sql": "SELECT CASE WHEN 0 = (SELECT count(*) FROM gate) THEN pg_sleep(30) END;\n" + undo["U2__m.sql"]}
    here = project(files)
    here.server.run("CREATE TABLE gate (n int)", "project")
    here.dunlin("-baselineOnMigrate=true", "-baselineVersion=0", "migrate")
    process = here.start("-target=2", "undo")
    wait_until(lambda: here.rows(SLEEPS), 30, "the long statement")
    here.server.run("INSERT INTO gate VALUES (1)", "project")
    here.rows(END)
    said = here.finish(process, 0)
    assert "connecting again" in said.all
    assert here.rows("SELECT n FROM ran ORDER BY n") == [(-4,), (-3,), (-2,), (1,)]
    here.expect_no_lock()


@pytest.mark.parametrize("way", ["cut_client", "cut_server"])
def test_info_reads_again(project, way):
    here = project(PLAIN)
    here.dunlin("migrate")
    count = messages(here, "info")[way]
    for at in range(count - 20, count - 2, 3):
        with Wire(here.server.port, **{way: at}) as wire:
            said = here.dunlin("info", port=wire.port, code=None)
        assert said.code == 0 or "was lost" in said.err, (at, said)


@pytest.mark.parametrize("options, end, code, words", [
    ([], signal.SIGTERM, 143, "ended by SIGTERM"),
    (["-deadline=2"], None, 1, "the deadline of 2 s has passed"),
], ids=["SIGTERM", "deadline"])
def test_the_wait_for_a_server_that_is_away_can_be_ended(project, options, end, code, words):
    here = project(slow(30))
    with Wire(here.server.port) as wire:
        process = here.start(*options, "migrate", port=wire.port)
        wait_until(lambda: here.rows(SLEEPS), 30, "the long statement")
        wire.listener.close()
        wire.server_port = free_port()
        wire.cut_all()
        if end:
            here.read_until(process, "connecting again")
            process.send_signal(end)
        asked = time.monotonic()
        said = here.finish(process, code)
        assert time.monotonic() - asked < 5 and words in said.err, said
    here.rows(END)


def test_a_server_that_falls_silent_is_noticed(project):
    here = project(slow(30))
    process = here.start("migrate")
    wait_until(lambda: here.rows(SLEEPS), 30, "the long statement")
    to_server = ":%04X" % here.server.port
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    timers = [line[5] for line in lines if line[2].endswith(to_server) and line[3] == "01"]
    here.rows(END)
    process.kill()
    here.finish(process)
    # proc(5): the timer's kind, then what is left of it in hundredths of a second.
    assert any(timer.startswith("02:") and int(timer[3:], 16) <= 3000 for timer in timers), timers


def test_a_server_that_restarts_is_waited_for(open_folder, tmp_path):
    with PostgreSQL(open_folder, connections="host", fsync="on") as server:
        here = Project(server, tmp_path, slow(3))
        process = here.start("migrate")
        wait_until(lambda: here.rows(SLEEPS), 30, "the long statement")
        server.restart()
        here.finish(process, 0)
        assert expect_consistent(here) == 4
