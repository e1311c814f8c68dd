"""`dunlin docs`: the same bytes for the same schema, whatever else differs; and files that are left alone."""
import os
import stat

import pytest

from support.postgresql import ADMIN, ADMIN_PASSWORD
from support.program import Program
from support.wire import Wire

BEGIN, END = "<!-- dunlin docs: begin -->", "<!-- dunlin docs: end -->"
TABLES = ["CREATE TABLE a (id int PRIMARY KEY, n int CONSTRAINT a_n UNIQUE);",
          "CREATE TABLE \"B\" (id int PRIMARY KEY, x int CONSTRAINT b_x CHECK (x > 0), y int CONSTRAINT b_y CHECK (y > 0));",
          "CREATE TABLE \"ä\" (id int PRIMARY KEY);"]
AFTER = ["CREATE VIEW v AS SELECT id FROM a;", "CREATE VIEW \"W\" AS SELECT id FROM \"B\";", "CREATE INDEX i ON a (n, id);",
         "CREATE INDEX \"J\" ON a (id, n);"]
POSTGRESQL = ["CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';", "CREATE FUNCTION f(text) RETURNS int LANGUAGE sql AS 'SELECT 1';",
              "CREATE TYPE e AS ENUM ('z', 'a');", "CREATE DOMAIN d AS timestamptz DEFAULT '2024-07-01 12:00:00+02';",
              "ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (n) REFERENCES \"B\"; ALTER TABLE a ADD CONSTRAINT a_z FOREIGN KEY (id) REFERENCES \"ä\";",
              "COMMENT ON TABLE \"ä\" IS 'Mit Umlaut.';"]


@pytest.fixture
def sqlite(tmp_path):
    """A function that makes a database of some statements and a program that documents it."""
    def make(name, statements):
        folder = tmp_path / name
        (folder / "sql").mkdir(parents=True)
        (folder / "sql/V1__a.sql").write_text("\n".join(statements))
        here = Program(folder, {"FLYWAY_URL": "jdbc:sqlite:%s.db" % name})
        assert here("-locations=filesystem:sql", "migrate").code == 0
        return here
    return make


def printed(here, *arguments, **environment):
    said = here("docs", *arguments, **environment)
    assert said.code == 0 and said.err == "", said
    return said.out


def test_sqlite_shows_the_same_whatever_came_first(sqlite):
    one, two = sqlite("one", TABLES + AFTER), sqlite("two", TABLES[::-1] + ["CREATE TABLE gone (i int); DROP TABLE gone;"] + AFTER[::-1])
    text = printed(one)
    assert text == printed(two) and "#### ä" in text
    assert text.index("#### B") < text.index("#### a") < text.index("#### ä") and "flyway_schema_history" not in text


@pytest.fixture
def database(plain_postgresql, tmp_path):
    """A function that makes a database of some statements and a program that documents it."""
    server = plain_postgresql

    def make(name, statements, options=""):
        server.run("DROP DATABASE IF EXISTS %s WITH (FORCE)" % name)
        server.run("CREATE DATABASE %s %s" % (name, options))
        folder = tmp_path / name
        (folder / "sql").mkdir(parents=True)
        (folder / "sql/V1__a.sql").write_text("\n".join(statements))
        here = Program(folder, {"FLYWAY_URL": "jdbc:postgresql://localhost:%d/%s" % (server.port, name),
                                "FLYWAY_USER": ADMIN, "FLYWAY_PASSWORD": ADMIN_PASSWORD})
        said = here("-locations=filesystem:sql", "migrate")
        assert said.code == 0, said
        return here
    return make


@pytest.mark.server
def test_postgresql_shows_the_same_whatever_came_first_and_however_the_session_is_set(database):
    one = database("docs_one", TABLES + AFTER + POSTGRESQL)
    two = database("docs_two", POSTGRESQL[2:4][::-1] + TABLES[::-1] + ["CREATE TABLE gone (i int); DROP TABLE gone;"] + POSTGRESQL[1::-1]
                   + AFTER[::-1] + POSTGRESQL[4:], "TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'")
    text = printed(one)
    assert text == printed(two)
    assert "'2024-07-01 10:00:00+00'" in text and text.index("#### B") < text.index("#### a") < text.index("#### ä")
    settings = ("SET search_path = pg_catalog, information_schema; SET DateStyle = 'German'; SET TimeZone = 'Asia/Tokyo';"
                " SET quote_all_identifiers = on; SET default_transaction_isolation = 'serializable'")
    assert text == printed(one, "-schemas=public", "-initSql=" + settings)
    decoy = "CREATE TEMP TABLE a (x int); CREATE TEMP VIEW v AS SELECT 1"
    assert text == printed(one, "-initSql=" + decoy)


@pytest.mark.server
def test_postgresql_is_asked_once(database, plain_postgresql):
    here = database("docs_trips", TABLES + AFTER + POSTGRESQL)
    with Wire(plain_postgresql.port) as wire:
        printed(here, FLYWAY_URL="jdbc:postgresql://127.0.0.1:%d/docs_trips?sslmode=disable" % wire.port)
    assert wire.round_trips == 2, "facts, catalogs"


def page(here, text, newline="\n"):
    (here.folder / "README.md").write_bytes(text.replace("\n", newline).encode())
    return here.folder / "README.md"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_stands_around_the_schema_stays_byte_for_byte(sqlite, newline):
    here = sqlite("one", TABLES)
    file = page(here, "\ufeff# Mine  \n\n%s\n%s\nend without line end" % (BEGIN, END), newline)
    file.chmod(0o604)
    assert here("docs", "--into", "README.md").code == 0
    written = file.read_bytes().decode()
    before, after = "\ufeff# Mine  \n\n%s\n" % BEGIN, "%s\nend without line end" % END
    assert written.startswith(before.replace("\n", newline)) and written.endswith(after.replace("\n", newline))
    assert written.count("\n") == written.count(newline) and printed(here).replace("\n", newline) in written
    assert stat.S_IMODE(file.stat().st_mode) == 0o604 and sorted(os.listdir(here.folder)) == ["README.md", "one.db", "sql"]


def test_a_file_that_is_right_is_not_written(sqlite):
    here = sqlite("one", TABLES)
    file = page(here, "%s\n%s\n" % (BEGIN, END))
    assert here("docs", "--into", "README.md").code == 0
    seen = file.stat()
    assert here("docs", "--into", "README.md").code == 0 and here("docs", "--into", "README.md", "--check").code == 0
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (seen.st_ino, seen.st_mtime_ns)


def test_check_writes_nothing(sqlite):
    here = sqlite("one", TABLES)
    file = page(here, "%s\n%s\n" % (BEGIN, END))
    said = here("docs", "--into", "README.md", "--check")
    assert said.code == 1 and "  new      Schema main / Tables / B\n" in said.err, said
    assert file.read_text() == "%s\n%s\n" % (BEGIN, END)


def test_line_ends_that_differ_are_told(sqlite):
    here = sqlite("one", TABLES)
    file = page(here, "%s\n%s\n" % (BEGIN, END))
    here("docs", "--into", "README.md")
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n").replace(b"begin -->\r\n", b"begin -->\n"))
    said = here("docs", "--into", "README.md", "--check")
    assert said.code == 1 and "changed  blanks, line ends or order" in said.err, said


def test_a_database_that_is_not_there_is_not_made(tmp_path):
    said = Program(tmp_path)("-url=jdbc:sqlite:none.db", "docs")
    assert said.code == 5 and said.out == "" and os.listdir(tmp_path) == [], said


def test_nothing_but_markdown_is_printed(sqlite):
    here = sqlite("one", TABLES)
    assert printed(here, "-X", "-configFiles=none.conf").startswith("## Schema main\n")


def test_the_password_is_masked(sqlite):
    here = sqlite("one", ["CREATE VIEW v AS SELECT 'correct horse' AS x;"])
    here.secrets.append("correct horse")
    assert "SELECT '****'" in printed(here, "-password=correct horse")
