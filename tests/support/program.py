"""Runs the real dunlin and keeps what it said. Nothing it says may hold a secret."""
import os
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def binary():
    """$DUNLIN, else the one that script/test builds."""
    path = os.environ.get("DUNLIN") or str(ROOT / "build/dev/dunlin")
    if not os.access(path, os.X_OK):
        raise RuntimeError("no program at %s: build it, or set DUNLIN" % path)
    return path


@dataclass
class Said:
    """How a run ended. `code` is as a shell has it: 143 after SIGTERM."""
    code: int
    out: str
    err: str
    seconds: float

    @property
    def all(self):
        return self.out + self.err

    def __str__(self):
        return "exit %d after %.2f s\n--- stdout\n%s\n--- stderr\n%s" % (self.code, self.seconds, self.out, self.err)


class Program:
    """dunlin in a folder, with exactly the given environment. `secrets` are looked for in all it says."""

    def __init__(self, folder, environment=None, secrets=()):
        self.folder, self.environment, self.secrets = Path(folder), dict(environment or {}), list(secrets)

    def command(self, arguments):
        return [binary(), *map(str, arguments)]

    def start(self, *arguments, **environment):
        """The running process; finish() waits for it. A variable given as None is left out."""
        variables = {"PATH": os.environ["PATH"], "HOME": str(self.folder), "LC_ALL": "C.UTF-8", "TZ": "UTC",
                     **self.environment, **environment}
        variables = {name: str(value) for name, value in variables.items() if value is not None}
        process = subprocess.Popen(self.command(arguments), cwd=self.folder, env=variables,
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.started = time.monotonic()
        return process

    def finish(self, process, seconds=60):
        try:
            out, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            raise AssertionError("still running after %d s\n%s" % (seconds, (out + err).decode(errors="replace"))) from None
        code = process.returncode if process.returncode >= 0 else 128 - process.returncode
        said = Said(code, out.decode(errors="replace"), err.decode(errors="replace"), time.monotonic() - process.started)
        self.expect_no_secret(said)
        return said

    def __call__(self, *arguments, **environment):
        return self.finish(self.start(*arguments, **environment))

    def expect_no_secret(self, said):
        for secret in self.secrets:
            for piece in pieces(secret):
                assert piece not in said.all, "a secret was printed (%s...)\n%s" % (piece[:3], said)


def pieces(secret):
    """A password is looked for as it is; of a key, each of its long lines."""
    lines = [line for line in secret.splitlines() if len(line) >= 40 and "PRIVATE KEY" not in line]
    return lines or [secret]


def stop(process, sig=signal.SIGTERM):
    process.send_signal(sig)
