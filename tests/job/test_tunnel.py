"""The database behind a bastion: sshTunnel, and the command that keeps one open."""
import re
import select
import signal
import socket

import psycopg
import pytest

from support.job import DATABASE, PASSWORDS
from support.program import Program
from support.server import free_port, wait_until
from support.sshd import make_key

pytestmark = pytest.mark.server


class Bastion:
    """dunlin on this side of an sshd, PostgreSQL with verified TLS on the other."""

    def __init__(self, job, folder):
        self.job, self.postgresql, self.sshd = job, job.postgresql, job.sshd
        self.key = make_key(folder / "bastion", "ed25519")
        job.sshd.let_in(folder / "bastion.pub", 'restrict,port-forwarding,permitopen="localhost:%d",permitopen="127.0.0.1:%d"'
                        % (job.postgresql.port, job.sshd.port))
        (folder / "here/sql").mkdir(parents=True)
        (folder / "here/sql/V1__a.sql").write_text("CREATE TABLE behind (i int);")
        self.folder = folder / "here"
        self.dunlin = Program(self.folder, {
            "FLYWAY_URL": self.url("localhost"), "FLYWAY_USER": "sqladmin",
            "FLYWAY_PASSWORD": "${env:ADMIN_PASSWORD}", "ADMIN_PASSWORD": PASSWORDS["sqladmin"],
            "FLYWAY_LOCATIONS": "filesystem:sql", "SSH_TUNNEL": self.sshd.hop(),
            "SSH_TUNNEL_KEY": "${file:%s}" % (folder / "bastion"), "KNOWN_HOSTS": self.sshd.known_hosts(),
        }, secrets=[self.key, PASSWORDS["sqladmin"]])

    def url(self, host, port=None, mode="verify-full"):
        return "jdbc:postgresql://%s:%d/%s?sslmode=%s&sslrootcert=%s" % (
            host, port or self.postgresql.port, DATABASE, mode, self.postgresql.authority)

    def logins(self):
        return self.sshd.log().count("Accepted publickey")


@pytest.fixture
def bastion(job, tmp_path):
    return Bastion(job, tmp_path)


@pytest.mark.parametrize("hops", [1, 2])
def test_migrate_goes_through_the_hops(bastion, hops):
    before = bastion.logins()
    said = bastion.dunlin("info", "migrate", SSH_TUNNEL=",".join([bastion.sshd.hop()] * hops))
    assert said.code == 0 and "Successfully applied 1 migration" in said.out, said
    assert bastion.logins() == before + hops and bastion.job.tables() == ["behind", "flyway_schema_history"]


def another_name():
    """A name of 127.0.0.1 that is in no certificate."""
    name = socket.gethostname()
    try:
        addresses = {info[4][0] for info in socket.getaddrinfo(name, None)}
    except OSError:
        addresses = set()
    if addresses != {"127.0.0.1"}:
        pytest.skip("this machine's own name does not lead to 127.0.0.1")
    return name


def test_tls_compares_the_databases_own_name(bastion):
    name, folder = another_name(), bastion.folder.parent
    bastion.dunlin.secrets.append(make_key(folder / "other", "ed25519"))
    bastion.sshd.let_in(folder / "other.pub", "restrict,port-forwarding")
    bastion.dunlin.environment["SSH_TUNNEL_KEY"] = "${file:%s}" % (folder / "other")
    said = bastion.dunlin("info", FLYWAY_URL=bastion.url(name))
    assert said.code == 5 and "%s:%d is for another host name" % (name, bastion.postgresql.port) in said.err, said
    assert bastion.dunlin("info", FLYWAY_URL=bastion.url(name, mode="verify-ca")).code == 0


def test_what_the_bastion_may_not_reach_is_named(bastion):
    port = free_port()
    said = bastion.dunlin("info", FLYWAY_URL=bastion.url("localhost", port))
    assert said.code == 5 and "SSH tunnel: " in said.err and "cannot reach localhost:%d" % port in said.err, said
    assert "lets the bastion in" in said.err, said


def test_host_keys_and_keys_are_checked_before_anything_else(bastion):
    before = bastion.logins()
    said = bastion.dunlin("info", KNOWN_HOSTS=None)
    assert said.code == 4 and "host key" in said.err and bastion.logins() == before, said
    stranger = bastion.folder.parent / "stranger"
    bastion.dunlin.secrets.append(make_key(stranger, "ed25519"))
    said = bastion.dunlin("info", SSH_TUNNEL_KEY="${file:%s}" % stranger)
    assert said.code == 4 and "refused the key of the SSH tunnel" in said.err, said
    said = bastion.dunlin("info", SSH_TUNNEL_KEY=None)
    assert said.code == 2 and "sshTunnelKey" in said.err, said


def test_a_bastion_that_does_not_answer_is_named(bastion):
    said = bastion.dunlin("info", SSH_TUNNEL="me@127.0.0.1:%d" % free_port())
    assert said.code == 5 and "SSH tunnel: cannot connect to 127.0.0.1" in said.err, said


def test_the_job_goes_through_with_the_deploy_key_of_the_repository(job, tmp_path):
    """One sshd is both here: the forge takes the deploy key, and so does the bastion."""
    key = make_key(tmp_path / "both", "ed25519")
    job.sshd.let_in(tmp_path / "both.pub", 'restrict,port-forwarding,command="%s"' % (job.sshd.folder / "serve"))
    job.program.secrets.append(key)
    job.aws.put("both", key)
    said = job("develop", REPOSITORY_DEPLOY_KEY_SECRET="both", SSH_TUNNEL=job.sshd.hop())
    assert said.code == 0 and "product" in job.tables(), said


def opened(process):
    """What `dunlin tunnel` prints: the port, and the line for psql."""
    ready, _, _ = select.select([process.stdout], [], [], 30)
    assert ready, "nothing was printed"
    line = process.stdout.readline().decode()
    found = re.match(r"127\.0\.0\.1:(\d+) leads to localhost:\d+ through ", line)
    assert found, line + process.stderr.read().decode()
    return int(found[1]), process.stdout.readline().decode()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_the_tunnel_stays_open_until_a_signal(bastion, stop):
    port = free_port()
    process = bastion.dunlin.start("tunnel", "-sshTunnelPort=%d" % port)
    listening, psql = opened(process)
    assert listening == port and "host=localhost hostaddr=127.0.0.1 port=%d" % port in psql, psql
    login = {"host": "localhost", "hostaddr": "127.0.0.1", "port": port, "dbname": DATABASE, "user": "sqladmin",
             "password": PASSWORDS["sqladmin"], "sslmode": "verify-full", "sslrootcert": str(bastion.postgresql.authority)}
    for _ in range(3):
        with psycopg.connect(**login) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    process.send_signal(stop)
    said = bastion.dunlin.finish(process)
    assert said.code == 0, said
    wait_until(lambda: not bastion.job.sessions(), 10, "the end of the sessions")


def test_tunnel_without_a_bastion_says_so(bastion):
    said = bastion.dunlin("tunnel", SSH_TUNNEL=None)
    assert said.code == 2 and "-sshTunnel=USER@BASTION" in said.err, said
    said = bastion.dunlin("tunnel", "info")
    assert said.code == 2 and "stands alone" in said.err, said
