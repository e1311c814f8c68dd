"""What can be done at the same time is: the database is woken while secrets are fetched, the login is done while Git works."""
import pytest

from support.aws import KeepAlive
from support.job import DATABASE
from support.server import free_port, wait_until
from support.tcp_proxy import TcpProxy

pytestmark = pytest.mark.server


def moto_port(job):
    return int(job.aws.url.rsplit(":", 1)[1])


@pytest.mark.parametrize("named", ["by host and port", "by url"])
def test_the_database_is_knocked_at_while_secrets_are_fetched(job, named):
    """Secrets Manager answers only when somebody has connected to the database."""
    with TcpProxy(job.postgresql.port) as database, \
         TcpProxy(moto_port(job), before=lambda: database.came.wait(30)) as secrets:
        place = {"DB_PORT": database.port}
        if named == "by url":
            place = {"FLYWAY_URL": "jdbc:postgresql://localhost:%d/%s" % (database.port, DATABASE), "DB_HOST": None}
        process = job.program.start("run", AWS_ENDPOINT_URL="http://127.0.0.1:%d" % secrets.port, **place)
        said = job.program.finish(process, 20)
    assert said.code == 0, said


def test_all_secrets_come_over_one_connection(job):
    with KeepAlive(job.aws) as secrets:
        said = job(AWS_ENDPOINT_URL=secrets.url)
    assert said.code == 0 and secrets.connections == 1, said


def test_the_login_does_not_wait_for_the_scripts(job):
    """Git goes on only when the job's session with the database is seen."""
    with job.sshd.gate() as gate:
        process = job.program.start("run")
        wait_until(job.sessions, 30, "the login")
        gate.open()
        said = job.program.finish(process)
    assert said.code == 0, said


def test_an_initial_statement_waits_for_the_scripts(job):
    """It might change something, and the branch may not even exist."""
    said = job("nowhere", "-initSql=CREATE TABLE early (i int)")
    assert said.code == 4, said
    job.expect_untouched()
    assert job("-initSql=CREATE TABLE early (i int)").code != 4 and "early" in job.tables()


FAILURES = {
    "secrets": (3, {"DB_ROLES": "ghost"}),
    "source": (4, {"REPOSITORY_URL": lambda: "ssh://git@127.0.0.1:%d/a/b.git" % free_port()}),
    "database": (5, {"DB_PORT": free_port}),
}


@pytest.mark.parametrize("failing", [("secrets", "source", "database"), ("secrets", "database"), ("source", "database")])
def test_of_several_failures_the_first_step_is_told(job, failing):
    environment = {name: value() if callable(value) else value
                   for step in failing for name, value in FAILURES[step][1].items()}
    said = job("develop", **environment)
    assert said.code == FAILURES[failing[0]][0] and said.err.count("ERROR") == 1, said
    job.expect_untouched()


def test_a_failing_source_does_not_wait_for_the_database(job):
    """It would be tried again for a minute."""
    said = job("nowhere", "-connectRetries=6", DB_PORT=free_port())
    assert said.code == 4 and said.seconds < 10, said
