"""PgBouncer before a server, on a port of 127.0.0.1; lets everybody in."""
import os
import shutil
import threading
from contextlib import contextmanager

import psycopg

from support.postgresql import ADMIN, ADMIN_PASSWORD, as_server_user
from support.server import Server, answers, free_port

CONFIGURATION = """[databases]
* = host=127.0.0.1 port={server}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = trust
auth_file = {users}
pool_mode = {mode}
default_pool_size = 4
ignore_startup_parameters = extra_float_digits
"""


class PgBouncer:
    """`with PgBouncer(server, folder, mode)`: mode is session, transaction or statement."""

    def __init__(self, server, folder, mode):
        self.postgresql, self.folder, self.mode, self.port = server, folder, mode, free_port()

    def __enter__(self):
        self.folder.mkdir()
        users, file = self.folder / "users", self.folder / "pgbouncer.ini"
        users.write_text('"%s" "%s"\n' % (ADMIN, ADMIN_PASSWORD))
        file.write_text(CONFIGURATION.format(server=self.postgresql.port, port=self.port, users=users, mode=self.mode))
        if os.getuid() == 0:
            for path in (self.folder, users, file):
                shutil.chown(path, "postgres", "postgres")
        self.server = Server([*as_server_user(), "/usr/sbin/pgbouncer", "-q", str(file)], self.folder.parent / "pgbouncer.log",
                             ready=lambda: answers(self.port))
        return self

    def __exit__(self, *_):
        self.server.stop()

    @contextmanager
    def busy_client(self, dbname):
        """Somebody else's short statements through the same pool, one after the other."""
        stop, ran = threading.Event(), threading.Event()

        def work():
            with psycopg.connect(host="127.0.0.1", port=self.port, dbname=dbname, user=ADMIN, sslmode="disable",
                                 autocommit=True, prepare_threshold=None) as connection:
                while not stop.is_set():
                    connection.execute("SELECT pg_sleep(0.001)")
                    ran.set()

        thread = threading.Thread(target=work)
        thread.start()
        try:
            assert ran.wait(20), "the other client could not work"
            yield
        finally:
            stop.set()
            thread.join()
