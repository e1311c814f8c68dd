"""Several hosts in one url: who is there, who is silent, and who is of the kind that is asked for."""
import socket

import pytest

from support.postgresql import ADMIN, ADMIN_PASSWORD, PostgreSQL
from support.program import Program
from support.server import folder_for_servers, free_port

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def standby(tmp_path_factory):
    """A server in recovery, which lets itself be promoted."""
    with folder_for_servers() as folder, PostgreSQL(folder, connections="host") as server:
        server.recover = lambda: ((server.folder / "data/standby.signal").touch(), server.restart())
        server.recover()
        yield server


@pytest.fixture
def dunlin(plain_postgresql, tmp_path):
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql/V1__a.sql").write_text("SELECT 1;")
    plain_postgresql.run("DROP DATABASE IF EXISTS hosts WITH (FORCE)")
    plain_postgresql.run("CREATE DATABASE hosts")
    return Program(tmp_path, {"FLYWAY_USER": ADMIN, "FLYWAY_PASSWORD": ADMIN_PASSWORD, "FLYWAY_LOCATIONS": "filesystem:sql"},
                   secrets=[ADMIN_PASSWORD])


def url(*ports, name="hosts", **parameters):
    return "-url=postgresql://%s/%s?%s" % (",".join("127.0.0.1:%d" % port for port in ports), name,
                                           "&".join("%s=%s" % each for each in {"sslmode": "disable", **parameters}.items()))


def test_a_host_that_refuses_is_passed_over(dunlin, plain_postgresql):
    said = dunlin("info", url(free_port(), plain_postgresql.port))
    assert said.code == 0, said


def test_a_host_that_says_nothing_is_passed_over(dunlin, plain_postgresql):
    """Each place has the whole connect_timeout, as in libpq."""
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
        silent = [each.getsockname()[1] for each in (one, two)]
        said = dunlin("info", url(*silent, plain_postgresql.port, connect_timeout=1))
        assert said.code == 0 and said.seconds >= 2, said
        said = dunlin("info", url(*silent, connect_timeout=1))
        assert said.code == 5 and "says nothing" in said.err and said.seconds >= 2, said


def test_a_primary_is_found_behind_a_standby(dunlin, plain_postgresql, standby):
    for wanted in ("primary", "read-write"):
        said = dunlin("info", url(standby.port, plain_postgresql.port, name="postgres", target_session_attrs=wanted))
        assert said.code == 0, said
    said = dunlin("info", url(plain_postgresql.port, standby.port, name="postgres", target_session_attrs="standby"))
    assert said.code == 0, said


def test_where_no_host_is_of_the_kind_that_is_asked_for_it_says_so(dunlin, plain_postgresql, standby):
    said = dunlin("info", url(standby.port, name="postgres", target_session_attrs="read-write"))
    assert said.code == 5 and "target_session_attrs" in said.err and "Waiting" not in said.out, said
    said = dunlin("info", url(plain_postgresql.port, target_session_attrs="standby"))
    assert said.code == 5 and "target_session_attrs" in said.err, said


def test_a_failover_is_waited_for(dunlin, standby):
    """The old primary is gone, and the standby is promoted while we wait."""
    standby.recover()
    process = dunlin.start("info", url(free_port(), standby.port, name="postgres", target_session_attrs="primary"),
                           "-connectDeadline=30")
    line = process.stdout.readline().decode()
    assert "no server there is primary: a failover may be under way (try 1" in line, line
    standby.run("SELECT pg_promote()")
    said = dunlin.finish(process)
    assert said.code == 0, said
