"""A database that resumes: its port refuses, then hangs, then answers."""
import os
import re
import signal
import socket
import subprocess
import sys

import pytest

from support.job import DATABASE
from support.program import binary
from support.server import free_port
from support.tcp_proxy import TcpProxy

pytestmark = pytest.mark.server


def lines_until(process, words):
    """What is printed up to the first line with the words."""
    said = []
    for line in iter(process.stdout.readline, b""):
        said.append(line.decode())
        if words in said[-1]:
            return said
    raise AssertionError("%r was not printed: %s%s" % (words, "".join(said), process.stderr.read().decode()))


def test_a_database_that_resumes_is_waited_for(job):
    port = free_port()
    url = "jdbc:postgresql://localhost:%d/%s?connectTimeout=1" % (port, DATABASE)
    process = job.program.start("run", "develop", FLYWAY_URL=url)
    lines_until(process, "Waiting for the database at localhost:%d: it refuses connections (TCP): resuming" % port)
    with socket.create_server(("127.0.0.1", port)):
        lines_until(process, "it does not answer: resuming, or a security group keeps us out (try ")
    with TcpProxy(job.postgresql.port, port=port):
        rest = "".join(lines_until(process, "Successfully applied 4 migrations"))
        said = job.program.finish(process)
    assert said.code == 0, said
    assert all(" of 60 s)" in line for line in rest.splitlines() if line.startswith("Waiting")), rest


def test_the_deadline_ends_the_waiting(job):
    port = free_port()
    said = job("develop", DB_PORT=port, CONNECT_DEADLINE=2)
    assert said.code == 5 and said.seconds < 10, said
    assert re.search(r"nothing listens there \(given up after \d+ tries in [2-9] s\)", said.err), said
    tries = said.out.count("Waiting for the database at localhost:%d" % port)
    assert 2 <= tries <= 8 and "(try %d, " % tries in said.out, said


def test_other_commands_wait_only_if_told_to(job):
    (job.folder / "task/sql").mkdir()
    (job.folder / "task/sql/V1__a.sql").write_text("SELECT 1;")
    url = "jdbc:postgresql://localhost:%d/x" % free_port()
    said = job.program("info", "-url=" + url, "-locations=filesystem:sql")
    assert said.code == 5 and "Waiting" not in said.out, said
    said = job.program("info", "-url=" + url, "-locations=filesystem:sql", "-connectDeadline=1")
    assert said.code == 5 and "Waiting" in said.out, said


@pytest.mark.parametrize("change, words", [
    ({"DB_USER": "read_only"}, "password authentication failed"),
    ({"DB_NAME": "nowhere"}, "does not exist"),
    ({"PGSSLROOTCERT": "/etc/hostname"}, "certificate"),
    ({"DB_HOST": "no-such-host.invalid"}, "(DNS)"),
], ids=["a wrong password", "no such database", "an unknown authority", "no such name"])
def test_what_waiting_does_not_mend_is_not_waited_for(job, change, words):
    job.aws.put("postgresql@aurora-serverless-flyway-db@read_only", {"password": "wrong"})
    said = job("develop", **change)
    assert said.code == 5 and words in said.err and "Waiting for" not in said.out, said


def test_a_signal_ends_the_waiting(job):
    process = job.program.start("run", "develop", DB_PORT=free_port())
    lines_until(process, "Waiting for the database")
    process.send_signal(signal.SIGTERM)
    said = job.program.finish(process)
    assert said.code == 143, said


DEAF = """
import ctypes, os, socket, sys
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.61", 53))  # hears questions and says nothing
CLONE_NEWNS, MS_BIND, MS_REC, MS_PRIVATE = 0x20000, 4096, 16384, 1 << 18
libc = ctypes.CDLL(None, use_errno=True)
if libc.unshare(CLONE_NEWNS) or libc.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None):
    sys.exit(77)
if libc.mount(sys.argv[1].encode(), b"/etc/resolv.conf", None, MS_BIND, None):
    sys.exit(77)
child = os.fork()
if child == 0:
    os.execv(sys.argv[2], sys.argv[2:])
server.settimeout(20)
server.recv(512)
os.kill(child, 15)
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status))
"""


@pytest.mark.parametrize("arguments", [
    ["-url=jdbc:postgresql://db.example.org:5432/x"],
    ["-url=jdbc:sqlite::memory:", "-locations=git@git.example.org:o/r.git//sql", "-repository.deployKey=${file:KEY}"],
    ["-url=jdbc:sqlite::memory:", "-locations=https://git.example.org/o/r.git//sql"],
], ids=["database", "ssh", "https"])
def test_a_name_server_that_says_nothing_does_not_delay_a_stop(arguments, deploy_keys, tmp_path):
    if os.getuid() != 0:
        pytest.skip("takes a mount of its own")
    (tmp_path / "sql").mkdir()
    (tmp_path / "KEY").write_text(deploy_keys["ed25519"])
    (tmp_path / "resolv.conf").write_text("nameserver 127.0.0.61\noptions timeout:30 attempts:3\n")
    arguments = [argument.replace("KEY", str(tmp_path / "KEY")) for argument in arguments]
    run = subprocess.run([sys.executable, "-c", DEAF, tmp_path / "resolv.conf", binary(), "info", *arguments],
                         cwd=tmp_path, capture_output=True, text=True, timeout=15)
    if run.returncode == 77:
        pytest.skip("this machine allows no mount")
    assert run.returncode == 143, run
