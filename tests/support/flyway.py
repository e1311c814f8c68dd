"""The real Flyway 11.14.1, in one Java process that takes many command lines."""
import os
import shutil
import struct
import subprocess
from pathlib import Path

from support.program import Said
from support.server import die_with_parent

FOLDER = Path(__file__).resolve().parents[1] / "compat/flyway"


def what_is_missing():
    """Why the real Flyway cannot run here; None if it can. The first time Maven fetches it."""
    for program in ("java", "javac", "mvn"):
        if not shutil.which(program):
            return "no %s: the real Flyway needs a JDK of 17 or newer, and Maven to fetch it" % program
    run = subprocess.run([FOLDER / "get-flyway"], capture_output=True, text=True)
    return None if run.returncode == 0 else "get-flyway: " + (run.stderr.strip().splitlines() or ["failed"])[-1]


class Flyway:
    """`with Flyway(home) as flyway: flyway("-url=...", "info")`; `home` is the home folder that it sees."""

    def __init__(self, home):
        self.home = Path(home)

    def __enter__(self):
        environment = {name: value for name, value in os.environ.items() if not name.upper().startswith("FLYWAY_")
                       or name in ("FLYWAY_CACHE", "FLYWAY_JAVA_ARGS")}
        environment.update(FLYWAY_HOME=str(self.home), LC_ALL="C.UTF-8", TZ="UTC")
        self.process = subprocess.Popen([FOLDER / "flyway11-server"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        cwd=self.home, env=environment, preexec_fn=die_with_parent(15))
        return self

    def __call__(self, *arguments):
        """One command line. Relative paths begin in `home`: Java cannot change its folder."""
        if any("\n" in a for a in arguments):
            raise ValueError("an argument with a line end")
        request = "\n".join([str(len(arguments) + 1), "-skipCheckForUpdate", *arguments]) + "\n"
        self.process.stdin.write(request.encode())
        self.process.stdin.flush()
        code, out, err = struct.unpack(">iii", self._take(12))
        return Said(code, self._take(out).decode(), self._take(err).decode(), 0)

    def _take(self, count):
        data = self.process.stdout.read(count)
        if len(data) < count:
            raise RuntimeError("the Java process ended")
        return data

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
