"""A person at a terminal: what the program asks, and what is typed."""
import os
import subprocess

from support.program import Program, Said
from support.server import die_with_parent
import signal
import time


def at_terminal(program: Program, typed, *arguments, **environment):
    """Runs the program with a terminal for its input and its errors; `typed` are the lines that are waiting there."""
    ours, theirs = os.openpty()
    variables = {"PATH": os.environ["PATH"], "HOME": str(program.folder), "LC_ALL": "C.UTF-8", "TZ": "UTC",
                 **program.environment, **environment}
    started = time.monotonic()
    process = subprocess.Popen(program.command(arguments), cwd=program.folder, env=variables, stdin=theirs, stderr=theirs,
                               stdout=subprocess.PIPE, preexec_fn=die_with_parent(signal.SIGKILL))
    os.close(theirs)
    try:
        os.write(ours, typed.encode())
        out = process.stdout.read().decode()
        code = process.wait(60)
        shown = _rest(ours)
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    return Said(code, out, shown, time.monotonic() - started)


def _rest(terminal):
    shown = b""
    try:
        while part := os.read(terminal, 65536):
            shown += part
    except OSError:  # its other side is closed
        pass
    return shown.decode()
