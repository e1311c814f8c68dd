"""The job as a container has it: a user without a name, a root that is read-only, the first process of its own."""
import os
import shutil
import signal
import socket
import struct
import subprocess
import threading
from pathlib import Path

import pytest

from support.program import Program, binary
from support.server import wait_until

pytestmark = [pytest.mark.server,
              pytest.mark.skipif(os.getuid() != 0 or not shutil.which("unshare"), reason="takes namespaces of its own")]

UID = "54321"  # nobody's
INSIDE = "mount --make-rprivate / && mount -o remount,bind,ro / && %s exec setpriv --reuid %s --regid %s --clear-groups \"$@\""


class Container(Program):
    """A program in namespaces of mounts and processes, as PID 1."""

    mounts = ""

    def start(self, *arguments, **environment):
        variables = {"PATH": os.environ["PATH"], **self.environment, **environment}
        inside = INSIDE % (self.mounts, UID, UID)
        process = subprocess.Popen(
            ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", "-c", inside, "sh", binary(), *map(str, arguments)],
            cwd="/", env={name: str(value) for name, value in variables.items() if value is not None},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.started = 0
        return process


def inner(process):
    """The process of dunlin as it is seen from outside, once it is that."""
    children = Path("/proc/%d/task/%d/children" % (process.pid, process.pid))

    def found():
        pids = children.read_text().split() if children.exists() else []
        return [int(p) for p in pids if Path("/proc/%s/comm" % p).read_text().strip() == Path(binary()).name[:15]]
    wait_until(found, 10, "the start of dunlin")
    return found()[0]


@pytest.fixture
def container(job):
    return Container(job.folder, job.program.environment, job.program.secrets)


def require(container):
    probe = subprocess.run(["unshare", "--mount", "--pid", "--fork", "sh", "-c", INSIDE % (container.mounts, UID, UID), "sh", "true"],
                           capture_output=True, text=True)
    if probe.returncode != 0:
        pytest.skip("no namespaces here: " + probe.stderr.strip())
    if not os.access(binary(), os.X_OK):
        pytest.skip("the program is out of reach")


def test_a_user_without_a_name_on_a_read_only_root(container, job):
    require(container)
    for home in (None, "/nonexistent"):
        job.fresh_database()
        said = container("run", "develop", HOME=home)
        assert said.code == 0 and "product" in job.tables(), said
        assert "54321" not in said.err, said


def test_sigterm_ends_the_first_process(container, job):
    """The kernel delivers no signal to PID 1 that it has no handler for."""
    require(container)
    job.repository.commit({"sql/V1.03__Sleep.sql": "SELECT pg_sleep(60);"})
    job.publish()
    process = container.start("run")
    wait_until(lambda: job.rows("SELECT 1 FROM pg_stat_activity WHERE query LIKE '%pg_sleep(60)%' AND state = 'active' "
                                "AND pid <> pg_backend_pid()"), 30, "the script")
    os.kill(inner(process), signal.SIGTERM)
    said = container.finish(process)
    assert said.code == 143, said
    wait_until(lambda: not job.sessions(), 10, "the end of the session")


class NameServer:
    """Answers every question for an address on one IPv6 socket: A with 127.0.0.1, all else with nothing."""

    def __enter__(self):
        self.socket = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        self.socket.bind(("::1", 53))
        self.asked = []
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.socket.close()

    def serve(self):
        while True:
            try:
                question, who = self.socket.recvfrom(512)
            except OSError:
                return  # closed
            end = question.index(b"\0", 12) + 5
            kind, = struct.unpack(">H", question[end - 4:end - 2])
            self.asked.append(kind)
            answer = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 60, 4) + bytes([127, 0, 0, 1]) if kind == 1 else b""
            head = question[:2] + struct.pack(">HHHHH", 0x8180, 1, 1 if answer else 0, 0, 0)
            self.socket.sendto(head + question[12:end] + answer, who)


def test_a_name_server_on_ipv6_alone_will_do(container, job):
    (job.folder / "resolv.conf").write_text("nameserver ::1\n")
    container.mounts = "mount --bind %s /etc/resolv.conf &&" % (job.folder / "resolv.conf")
    require(container)
    try:
        server = NameServer().__enter__()
    except OSError as e:
        pytest.skip("no IPv6 here: %s" % e)
    try:
        said = container("run", "develop", DB_HOST="db.dunlin.test", PGSSLMODE="verify-ca")
    finally:
        server.__exit__()
    assert said.code == 0 and 1 in server.asked, said
