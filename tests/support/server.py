"""Servers that a test starts on a free port and that never outlive it."""
import ctypes
import os
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path


def free_port():
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def wait_until(true, seconds, what):
    """Looks again every 20 ms until true() holds; says what did not happen otherwise."""
    end = time.monotonic() + seconds
    while not true():
        if time.monotonic() > end:
            raise TimeoutError("%s did not happen within %d s" % (what, seconds))
        time.sleep(0.02)


def die_with_parent(stop):
    """For Popen's preexec_fn: the kernel sends `stop` when this process ends, however it ends."""
    PR_SET_PDEATHSIG = 1
    prctl = ctypes.CDLL(None).prctl
    return lambda: prctl(PR_SET_PDEATHSIG, stop)


@contextmanager
def folder_for_servers():
    """A folder that other users may enter: PostgreSQL runs as one."""
    with tempfile.TemporaryDirectory(prefix="dunlin-test-", dir="/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "server").mkdir()
        yield folder / "server"


class Server:
    """A child process; `stop` is the signal that ends it. Use as a context manager."""

    def __init__(self, command, log, stop=signal.SIGTERM, ready=None, seconds=30):
        self.command, self.log, self.stop_signal = command, log, stop
        with open(log, "ab") as out:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                            preexec_fn=die_with_parent(stop))
        if ready:
            try:
                wait_until(lambda: self.process.poll() is not None or ready(), seconds, "the start of " + command[0])
                if self.process.poll() is not None:
                    raise RuntimeError("%s ended with %d" % (command[0], self.process.returncode))
            except Exception as e:
                self.stop()
                with open(log, errors="replace") as f:
                    raise RuntimeError("%s\n%s" % (e, f.read()[-3000:])) from None

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


def name_of_user():
    import pwd
    return pwd.getpwuid(os.getuid()).pw_name
