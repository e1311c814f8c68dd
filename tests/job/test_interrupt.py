"""SIGTERM, as ECS stops a task: the statement is cancelled, nothing is left, the end comes in seconds."""
import os
import signal
import socket
import subprocess
import time

import pytest

from support.program import binary
from support.server import free_port, wait_until

pytestmark = pytest.mark.server

SLOW = {"sql/V1.03__Slow.sql": "CREATE TABLE half (i int);\nSELECT pg_sleep(60);\nCREATE TABLE whole (i int);\n"}
RUNNING = "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND wait_event = 'PgSleep'"


@pytest.mark.parametrize("sig, code", [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)],
                         ids=["SIGTERM", "SIGINT", "SIGHUP"])
def test_a_long_statement_is_cancelled_and_rolled_back(job, sig, code):
    job.repository.commit(SLOW)
    job.publish()
    process = job.program.start("run")
    wait_until(lambda: job.rows(RUNNING), 30, "the long statement")
    process.send_signal(sig)
    asked = time.monotonic()
    said = job.program.finish(process, 10)
    assert time.monotonic() - asked < 5
    assert said.code == code and "ended by %s:" % signal.Signals(sig).name in said.err, said
    assert "half" not in job.tables() and "whole" not in job.tables()
    assert [version for version, _, success in job.history() if success] == ["1.00", "1.01", "1.02"]
    assert job.rows("SELECT pid FROM pg_stat_activity WHERE usename = 'sqladmin'") == []
    assert job.rows("SELECT pid FROM pg_locks WHERE locktype = 'advisory'") == []


def test_closed_standard_streams_do_not_become_the_connection(job):
    closed = ["sh", "-c", 'exec "$0" "$@" <&- >&- 2>&-', binary()]
    environment = {"PATH": os.environ["PATH"], **{name: str(value) for name, value in job.program.environment.items()}}
    assert subprocess.run([*closed, "run"], cwd=job.program.folder, env=environment, timeout=60).returncode == 0
    assert [version for version, _, success in job.history() if success] == ["1.00", "1.01", "1.02"]


def silent():
    """A server that takes connections and says nothing."""
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(30)
    return server


WAITS = [
    # (for whom the job waits, variables that lead it to a silent port, connections before the one that hangs)
    ("Secrets Manager", lambda port: {"AWS_ENDPOINT_URL": "http://127.0.0.1:%d" % port}, 1),
    ("the Git server", lambda port: {"REPOSITORY_URL": "ssh://git@127.0.0.1:%d/a/b.git" % port}, 1),
    ("the database, with the scripts there", lambda port: {"DB_PORT": port}, 2),  # the first one only wakes it
]


def expect_to_end(job, process, connections):
    """Stops the process, which has these connections, and sees it end although nothing is answered."""
    process.send_signal(signal.SIGTERM)
    said = job.program.finish(process, 5)
    for connection in connections:
        connection.close()
    assert said.code == 143 and said.err.count("ERROR") == 1, said
    job.expect_untouched()


@pytest.mark.parametrize("lead, count", [row[1:] for row in WAITS], ids=[row[0] for row in WAITS])
def test_it_also_ends_while_nobody_answers(job, lead, count):
    with silent() as server:
        process = job.program.start("run", **lead(server.getsockname()[1]))
        connections = [server.accept()[0] for _ in range(count)]
        expect_to_end(job, process, connections)


def test_it_also_ends_while_both_git_and_the_database_keep_it_waiting(job):
    with silent() as server, job.sshd.gate() as gate:
        process = job.program.start("run", DB_PORT=server.getsockname()[1])
        connections = [server.accept()[0] for _ in range(2)]
        wait_until(gate.is_reached, 30, "the fetch")
        expect_to_end(job, process, connections)


def test_it_also_ends_between_two_tries(job):
    port = free_port()
    process = job.program.start("run", "-connectRetries=6", DB_PORT=port, CONNECT_DEADLINE=0)
    first = process.stdout.readline()
    while b"Retrying in" not in (line := process.stdout.readline()):
        assert line, "it ended"
    process.send_signal(signal.SIGTERM)
    said = job.program.finish(process, 5)
    assert said.code == 143 and first, said
