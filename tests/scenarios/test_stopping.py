"""SIGTERM, SIGINT and deadline: the end comes within seconds, the history is right, and the next run goes on from there."""
import signal
import time

import pytest

from support.server import wait_until

pytestmark = pytest.mark.server

SIGNALS = pytest.mark.parametrize("sig, code, name", [(signal.SIGTERM, 143, "SIGTERM"), (signal.SIGINT, 130, "SIGINT")],
                                  ids=["SIGTERM", "SIGINT"])
COUNT = 1000
SLEEPS = "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND wait_event = 'PgSleep'"


def tiny(n):
    # Each waits a millisecond, so that the signal finds them under way on any machine.
    return {"V%d__m.sql" % n: "CREATE TABLE t%d (i int);\nSELECT pg_sleep(0.001);\n" % n}


def slow(seconds):
    return {"V1__a.sql": "CREATE TABLE a (i int);\n",
            "V2__slow.sql": "CREATE TABLE half (i int);\nSELECT pg_sleep(%d);\n" % seconds,
            "V3__c.sql": "CREATE TABLE c (i int);\n"}


def expect_consistent(here, count):
    """The rows are a prefix of the scripts, each with its table, and no other table is there."""
    rows = here.history()
    assert rows == [(str(n), True) for n in range(1, len(rows) + 1)]
    assert here.tables() == sorted("t%d" % n for n in range(1, len(rows) + 1))
    assert len(rows) <= count
    here.expect_no_lock()
    return len(rows)


@SIGNALS
def test_in_a_window_of_a_thousand_scripts(project, sig, code, name):
    here = project({k: v for n in range(1, COUNT + 1) for k, v in tiny(n).items()})
    process = here.start("migrate")
    wait_until(lambda: len(here.history()) > 5, 30, "the first scripts")
    asked = time.monotonic()
    process.send_signal(sig)
    said = here.finish(process, code, seconds=10)
    assert time.monotonic() - asked < 5
    assert "ERROR: ended by %s: stopped while V" % name in said.err
    assert 5 < expect_consistent(here, COUNT) < COUNT
    here.dunlin("migrate")
    assert expect_consistent(here, COUNT) == COUNT


@SIGNALS
def test_in_one_long_statement(project, sig, code, name):
    here = project(slow(60))
    process = here.start("migrate")
    wait_until(lambda: here.rows(SLEEPS), 30, "the long statement")
    asked = time.monotonic()
    process.send_signal(sig)
    said = here.finish(process, code, seconds=10)
    assert time.monotonic() - asked < 5
    assert "ended by %s: stopped while V2__slow.sql ran; its changes were rolled back" % name in said.err
    assert here.history() == [("1", True)] and here.tables() == ["a"]
    here.expect_no_lock()
    here.write(slow(0))
    here.dunlin("migrate")
    assert here.tables() == ["a", "c", "half"]


def test_a_second_signal_ends_at_once(project):
    here = project({"V1__deaf.sql": DEAF})
    process = here.start("migrate")
    wait_until(lambda: here.rows(SLEEPS), 30, "the statement that cannot be cancelled")
    asked = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.send_signal(signal.SIGTERM)
    assert here.finish(process, seconds=10).code in (130, 143)  # whichever came second
    assert time.monotonic() - asked < 1


def test_a_server_that_does_not_answer_is_left(project):
    here = project({"V1__deaf.sql": DEAF})
    process = here.start("migrate")
    wait_until(lambda: here.rows(SLEEPS), 30, "the statement that cannot be cancelled")
    asked = time.monotonic()
    process.send_signal(signal.SIGTERM)
    here.finish(process, 143, seconds=10)
    assert time.monotonic() - asked < 5


# It catches every request to cancel, for six seconds.
DEAF = """DO $$ DECLARE until timestamp := clock_timestamp() + interval '6 s'; BEGIN
  WHILE clock_timestamp() < until LOOP
    BEGIN PERFORM pg_sleep(6); EXCEPTION WHEN query_canceled THEN NULL; END;
  END LOOP;
END $$;
"""


@pytest.mark.parametrize("arguments, complaint", [
    (["migrate"], "the deadline of 1 s has passed: stopped while V2__slow.sql ran; its changes were rolled back"),
    (["-outputType=json", "migrate"], '"DEADLINE"'),
], ids=["text", "json"])
def test_the_deadline_ends_a_run_like_a_signal(project, arguments, complaint):
    here = project(slow(60))
    said = here.dunlin("-deadline=1", *arguments, code=1)
    assert complaint in said.all and 1 <= said.seconds < 5, said
    assert here.history() == [("1", True)]
    here.expect_no_lock()


def test_the_deadline_ends_the_wait_for_the_lock_too(project):
    here = project(slow(0))
    with here.connect() as holder:
        holder.execute("SELECT pg_advisory_lock(77433833903597)")
        said = here.dunlin("-deadline=1", "migrate", code=1)
    assert "the deadline of 1 s has passed: stopped while waiting for the migration lock" in said.err


def test_a_run_that_is_done_in_time_knows_no_deadline(project):
    here = project(slow(0))
    assert here.dunlin("-deadline=60", "migrate").seconds < 30
