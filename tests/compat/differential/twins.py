"""Two databases of the same kind, one for each tool, and what can be seen of either."""
import re
import sqlite3
import subprocess

import psycopg

from support.postgresql import ADMIN_PASSWORD, folder_of_programs

COLUMNS = ["installed_rank", "version", "description", "type", "script", "checksum", "installed_by", "success"]


class Sqlite:
    """A file."""

    def __init__(self, folder, name):
        self.path = folder / (name + ".db")
        self.arguments = ["-url=jdbc:sqlite:%s" % self.path]
        self.names = [str(self.path)]

    def fresh(self):
        self.path.unlink(missing_ok=True)

    def run(self, sql):
        """Every statement by itself; what fails is passed over."""
        with sqlite3.connect(self.path, isolation_level=None) as connection:
            for statement in sql.split(";\n"):
                try:
                    connection.execute(statement)
                except sqlite3.Error:
                    pass
        connection.close()

    def history(self, _, table):
        return self.query('select %s from "%s" order by installed_rank' % (", ".join(COLUMNS), table))

    def query(self, sql):
        connection = sqlite3.connect(self.path, isolation_level=None)
        try:
            return [list(map(str, row)) for row in connection.execute(sql)]
        except sqlite3.OperationalError as e:
            if "no such table" in str(e):
                return None
            raise
        finally:
            connection.close()

    def dump(self, table):
        """Schema and data, but for the rows of the history table."""
        connection = sqlite3.connect(self.path)
        try:
            skip = 'INSERT INTO "%s" ' % table
            return [line for line in connection.iterdump() if not line.startswith(skip)] + self.query("pragma user_version")
        finally:
            connection.close()


class Postgresql:
    """A database of one server; `with`, as it holds a connection for looking."""

    def __init__(self, server, name):
        self.server, self.name, self.connection = server, name, None
        self.arguments = ["-url=jdbc:postgresql://127.0.0.1:%d/%s" % (server.port, name), "-user=" + server.admin,
                          "-password=" + ADMIN_PASSWORD]
        self.names = [name]

    def fresh(self):
        self.close()
        self.server.run("drop database if exists %s with (force)" % self.name)
        self.server.run("create database %s template template0" % self.name)
        self.connection = self.server.connect(self.name)

    def close(self):
        if self.connection:
            self.connection.close()
            self.connection = None

    def run(self, sql):
        for statement in sql.split(";\n"):
            try:
                self.connection.execute(statement)
            except psycopg.Error:
                pass

    def history(self, schema, table):
        return self.query('select %s from "%s"."%s" order by installed_rank' % (", ".join(COLUMNS), schema, table))

    def query(self, sql):
        try:
            return [list(map(str, row)) for row in self.connection.execute(sql)]
        except (psycopg.errors.UndefinedTable, psycopg.errors.InvalidSchemaName):
            return None

    def dump(self, table):
        run = subprocess.run([folder_of_programs() / "pg_dump", "--inserts", "--exclude-table-data", '*."%s"' % table, "-h", "127.0.0.1",
                              "-p", str(self.server.port), "-U", self.server.admin, self.name], capture_output=True, text=True,
                             env={"PGPASSWORD": ADMIN_PASSWORD, "LC_ALL": "C.UTF-8"})
        if run.returncode:
            raise RuntimeError(run.stderr)
        return [line for line in run.stdout.splitlines() if line and not re.match(r"--|\\(un)?restrict", line)]
