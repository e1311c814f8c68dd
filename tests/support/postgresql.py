"""A private PostgreSQL server: TLS from its own authority, SCRAM passwords, an empty data folder."""
import glob
import os
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg

from support.server import Server, free_port

ADMIN = "admin"  # its superuser, unless told otherwise
ADMIN_PASSWORD = "superuser of a throwaway server"


def folder_of_programs():
    found = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    if not found:
        raise RuntimeError("no PostgreSQL server in /usr/lib/postgresql: install postgresql-15")
    return Path(found[-1])


def as_server_user():
    """The server refuses to run as root; then it runs as the package's user."""
    if os.getuid() != 0:
        return []
    return ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups", "--pdeathsig", "INT"]


def make_certificates(folder):
    """ca.crt, and server.crt/server.key for localhost and 127.0.0.1, signed by it."""
    def openssl(*arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
    f = folder
    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", 2,
            "-subj", "/CN=test authority", "-keyout", f / "ca.key", "-out", f / "ca.crt")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-subj", "/CN=localhost", "-keyout", f / "server.key", "-out", f / "server.csr")
    (f / "san").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", f / "server.csr", "-CA", f / "ca.crt", "-CAkey", f / "ca.key", "-CAcreateserial",
            "-days", 2, "-extfile", f / "san", "-out", f / "server.crt")


class PostgreSQL:
    """`with PostgreSQL(folder) as server`: folder is empty, and below a path that anyone may enter.

    It takes connections with TLS only; "host" for `connections` lets those without in too.
    """

    def __init__(self, folder, admin=ADMIN, connections="hostssl", **settings):
        self.folder, self.port, self.host = Path(folder), free_port(), "localhost"
        self.admin, self.connections = admin, connections
        self.settings = {"fsync": "off", "listen_addresses": "127.0.0.1", "unix_socket_directories": "",
                         "ssl": "on", "ssl_cert_file": str(self.folder / "server.crt"),
                         "ssl_key_file": str(self.folder / "server.key"), **settings}

    @property
    def authority(self):
        """The file that a client has to trust."""
        return self.folder / "ca.crt"

    def __enter__(self):
        make_certificates(self.folder)
        password = self.folder / "password"
        password.write_text(ADMIN_PASSWORD)
        if os.getuid() == 0:
            for path in (self.folder, self.folder / "server.key", self.folder / "server.crt", password):
                shutil.chown(path, "postgres", "postgres")
        (self.folder / "server.key").chmod(0o600)
        programs, data = folder_of_programs(), self.folder / "data"
        subprocess.run([*as_server_user(), programs / "initdb", "-D", data, "-U", self.admin, "--pwfile", password, "-N",
                        "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8"], check=True, capture_output=True)
        (data / "pg_hba.conf").write_text(self.connections + " all all 127.0.0.1/32 scram-sha-256\n")
        self.start()
        return self

    def start(self):
        data = self.folder / "data"
        options = [part for name, value in self.settings.items() for part in ("-c", "%s=%s" % (name, value))]
        self.server = Server([*as_server_user(), str(folder_of_programs() / "postgres"), "-D", str(data), "-p", str(self.port), *options],
                             self.folder.parent / (self.folder.name + ".log"), stop=signal.SIGINT, ready=self.is_ready)

    def is_ready(self):
        try:
            self.connect().close()
            return True
        except psycopg.OperationalError:
            return False

    def restart(self):
        self.server.stop()
        self.start()

    def __exit__(self, *_):
        self.server.stop()

    def connect(self, dbname="postgres", user=None, password=ADMIN_PASSWORD):
        """A psycopg connection in autocommit mode, over verified TLS."""
        return psycopg.connect(host=self.host, port=self.port, dbname=dbname, user=user or self.admin, password=password,
                               sslmode="verify-full", sslrootcert=str(self.authority), autocommit=True, connect_timeout=5)

    def rows(self, sql, dbname="postgres", **login):
        """All rows of one query, as tuples."""
        with self.connect(dbname, **login) as connection:
            return connection.execute(sql).fetchall()

    def run(self, sql, dbname="postgres"):
        with self.connect(dbname) as connection:
            connection.execute(sql)
