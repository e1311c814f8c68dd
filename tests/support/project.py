"""A folder of scripts and a fresh database for them: what a test of the whole program on PostgreSQL starts from."""
from support.postgresql import ADMIN, ADMIN_PASSWORD
from support.program import Program

DATABASE = "project"


class Project:
    """`server` lets connections without TLS in, so that a proxy can read along."""

    def __init__(self, server, folder, files):
        self.server, self.folder = server, folder
        self.program = Program(folder, {"FLYWAY_USER": ADMIN, "FLYWAY_PASSWORD": ADMIN_PASSWORD}, [ADMIN_PASSWORD])
        self.write(files)
        server.run("DROP DATABASE IF EXISTS %s WITH (FORCE)" % DATABASE)
        server.run("CREATE DATABASE %s" % DATABASE)

    def write(self, files):
        for name, text in files.items():
            path = self.folder / "sql" / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)

    def url(self, port=None):
        return "jdbc:postgresql://127.0.0.1:%d/%s?sslmode=disable" % (port or self.server.port, DATABASE)

    def start(self, *arguments, port=None):
        return self.program.start("-url=" + self.url(port), "-locations=filesystem:sql", *arguments)

    def read_until(self, process, words):
        """Reads the output of a running process up to the line that holds `words`."""
        seen = b""
        while words.encode() not in seen:
            line = process.stdout.readline()
            assert line, "it ended without saying %r:\n%s" % (words, seen.decode())
            seen += line
        return seen.decode()

    def finish(self, process, code=None, seconds=60):
        said = self.program.finish(process, seconds)
        assert code is None or said.code == code, said
        return said

    def dunlin(self, *arguments, code=0, port=None):
        return self.finish(self.start(*arguments, port=port), code)

    def connect(self):
        return self.server.connect(DATABASE)

    def rows(self, sql):
        return self.server.rows(sql, DATABASE)

    def value(self, sql):
        return self.rows(sql)[0][0]

    def history(self):
        """(version, success) of every row by rank; none when there is no table."""
        if not self.value("SELECT to_regclass('flyway_schema_history') IS NOT NULL"):
            return []
        return self.rows("SELECT version, success FROM flyway_schema_history ORDER BY installed_rank")

    def tables(self):
        return [name for name, in self.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                                            " AND tablename <> 'flyway_schema_history' ORDER BY 1")]

    def expect_no_lock(self):
        assert self.rows("SELECT pid, classid, objid FROM pg_locks WHERE locktype = 'advisory'") == []
