"""A real sshd that serves bare repositories, read-only, to the deploy keys it is told about."""
import errno
import os
import shlex
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from support.server import Server, answers, free_port, name_of_user, wait_until

SERVE = """#!/bin/sh
# Runs `git-upload-pack '/owner/path.git'` on a repository of this folder, and nothing else.
path=$(printf %s "$SSH_ORIGINAL_COMMAND" | sed -n "s:^git[ -]upload-pack '/*\\([A-Za-z0-9_./-]*\\)'$:\\1:p")
case "$path" in '' | *..*) echo 'only git-upload-pack is served here' >&2; exit 1 ;; *.git) ;; *) path=$path.git ;; esac
[ ! -p ROOT/gate ] || read -r word < ROOT/gate
[ -d ROOT/"$path" ] || { echo 'ERROR: Repository not found.' >&2; exit 128; }
exec git -c safe.directory='*' upload-pack ROOT/"$path"
"""

CONFIG = """Port {port}
ListenAddress 127.0.0.1
HostKey {folder}/host_ed25519
HostKey {folder}/host_rsa
HostKey {folder}/host_ecdsa
AuthorizedKeysFile {folder}/authorized_keys
PidFile none
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
StrictModes no
UsePAM no
UseDNS no
# As GitHub and every OpenSSH from 8.8 on: an RSA key signs with SHA-2 or not at all.
PubkeyAcceptedAlgorithms ssh-ed25519,rsa-sha2-512,rsa-sha2-256,ecdsa-sha2-nistp256
HostKeyAlgorithms ssh-ed25519,rsa-sha2-512,rsa-sha2-256,ecdsa-sha2-nistp256
"""


def make_key(path, kind, *options):
    """A key pair at path and path.pub; the text of the private one. options as for ssh-keygen."""
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "deploy key", *options, "-f", path], check=True)
    return Path(path).read_text()


class Gate:
    """A named pipe: whoever reads from it waits until open() is called."""

    def __init__(self, path):
        self.path, self.writer = path, None
        os.mkfifo(path)

    def is_reached(self):
        """Whether somebody waits here."""
        try:
            self.writer = self.writer or os.open(self.path, os.O_WRONLY | os.O_NONBLOCK)
        except OSError as e:
            if e.errno != errno.ENXIO:  # nobody reads
                raise
        return self.writer is not None

    def open(self):
        wait_until(self.is_reached, 30, "the fetch")
        os.write(self.writer, b"go on\n")

    def remove(self):
        self.path.unlink()
        if self.writer is not None:
            os.close(self.writer)


class Sshd:
    """`with Sshd(folder) as ssh`: put bare repositories below ssh.repositories, and trust() keys."""

    def __init__(self, folder):
        self.folder, self.port = Path(folder), free_port()
        self.repositories = self.folder / "repositories"

    def __enter__(self):
        self.repositories.mkdir()
        for kind in ("ed25519", "rsa", "ecdsa"):
            make_key(self.folder / ("host_" + kind), kind)
        serve = self.folder / "serve"
        serve.write_text(SERVE.replace("ROOT", shlex.quote(str(self.repositories))))
        serve.chmod(0o755)
        (self.folder / "authorized_keys").touch()
        (self.folder / "config").write_text(CONFIG.format(port=self.port, folder=self.folder))
        if os.getuid() == 0:
            os.makedirs("/run/sshd", exist_ok=True)
        sshd = shutil.which("sshd", path="/usr/sbin:/sbin:" + os.environ["PATH"])
        self.server = Server([sshd, "-D", "-e", "-f", str(self.folder / "config")], self.folder / "log",
                             ready=lambda: answers(self.port))
        return self

    def __exit__(self, *_):
        self.server.stop()

    def trust(self, public_key):
        """Lets the key in the file read every repository."""
        self.let_in(public_key, 'restrict,command="%s"' % (self.folder / "serve"))

    def let_in(self, public_key, options):
        """Options as authorized_keys has them: "restrict,port-forwarding" for a bastion."""
        with open(self.folder / "authorized_keys", "a") as f:
            f.write("%s %s\n" % (options, Path(public_key).read_text().strip()))

    def log(self):
        return (self.folder / "log").read_text(errors="replace")

    def hop(self):
        """As a bastion, for sshTunnel."""
        return "%s@127.0.0.1:%d" % (name_of_user(), self.port)

    @contextmanager
    def gate(self):
        """Within, every fetch waits; each call of .open() lets one go on."""
        gate = Gate(self.repositories / "gate")
        try:
            yield gate
        finally:
            gate.remove()

    def url(self, owner_and_path):
        return "ssh://%s@127.0.0.1:%d/%s.git" % (name_of_user(), self.port, owner_and_path)

    def known_hosts(self, kind="ed25519"):
        """The line of a known_hosts file that pins this server."""
        key = (self.folder / ("host_%s.pub" % kind)).read_text().split()
        return "[127.0.0.1]:%d %s %s" % (self.port, key[0], key[1])
