"""SIGTERM, as ECS stops a task: the statement is cancelled, nothing is left, the end comes in seconds."""
import signal
import socket
import time

import pytest

from support.server import wait_until

pytestmark = pytest.mark.server

SLOW = {"sql/V1.03__Slow.sql": "CREATE TABLE half (i int);\nSELECT pg_sleep(60);\nCREATE TABLE whole (i int);\n"}
RUNNING = "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND wait_event = 'PgSleep'"


@pytest.mark.parametrize("sig, code", [(signal.SIGTERM, 143), (signal.SIGINT, 130)], ids=["SIGTERM", "SIGINT"])
def test_a_long_statement_is_cancelled_and_rolled_back(job, sig, code):
    job.repository.commit(SLOW)
    job.publish()
    process = job.program.start("run")
    wait_until(lambda: job.rows(RUNNING), 30, "the long statement")
    process.send_signal(sig)
    asked = time.monotonic()
    said = job.program.finish(process, 10)
    assert time.monotonic() - asked < 5
    assert said.code == code, said
    assert "half" not in job.tables() and "whole" not in job.tables()
    assert [version for version, _, success in job.history() if success] == ["1.00", "1.01", "1.02"]
    assert job.rows("SELECT pid FROM pg_stat_activity WHERE usename = 'sqladmin'") == []
    assert job.rows("SELECT pid FROM pg_locks WHERE locktype = 'advisory'") == []


def test_it_also_ends_while_nobody_answers(job):
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(16)
        process = job.program.start("run", REPOSITORY_URL="ssh://git@127.0.0.1:%d/a/b.git" % silent.getsockname()[1])
        silent.settimeout(30)
        connection, _ = silent.accept()
        process.send_signal(signal.SIGTERM)
        said = job.program.finish(process, 5)
        connection.close()
    assert said.code == 143, said
    job.expect_untouched()
