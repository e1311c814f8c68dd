"""A person at a terminal: what the program asks, and what is typed."""
import os
import signal
import subprocess
import termios
import threading
import time

from support.program import Program, Said
from support.server import die_with_parent, wait_until


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


class Terminal:
    """dunlin at a terminal: what it says there, and what a person types. Standard output goes elsewhere."""

    def __init__(self, program, *arguments):
        self.master, slave = os.openpty()
        environment = {"PATH": os.environ["PATH"], "HOME": str(program.folder), **program.environment}
        self.process = subprocess.Popen(program.command(arguments), cwd=program.folder, env=environment, stdin=slave,
                                        stdout=subprocess.PIPE, stderr=slave, start_new_session=True)
        self.slave = slave  # kept open, so that its settings can be looked at in the end
        self.said = b""
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()

    def read(self):
        while True:
            try:
                piece = os.read(self.master, 4096)
            except OSError:
                return  # the other side is closed
            if not piece:
                return
            self.said += piece

    def waits_for(self, words):
        wait_until(lambda: words.encode() in self.said, 30, "the words " + words)

    def types(self, text):
        os.write(self.master, text.encode())

    def presses_ctrl_c(self):
        self.process.send_signal(signal.SIGINT)

    def ends(self):
        out = self.process.communicate(timeout=30)[0].decode()
        os.close(self.slave)
        self.reader.join(10)
        os.close(self.master)
        return Said(self.process.returncode, out, self.said.decode().replace("\r\n", "\n"), 0)

    def ends_with_echo(self):
        """As ends(); what is typed next is to be seen again."""
        self.process.wait(30)
        assert termios.tcgetattr(self.slave)[3] & termios.ECHO, "the terminal is left without echo"
        return self.ends()
