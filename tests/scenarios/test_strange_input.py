"""What cannot be read, is far too large, or leads in circles: a clear error or a right result, never a wrong history."""
import os
import sqlite3
import subprocess

import pytest

from support.memory import megabytes_of
from support.program import Program, binary

NOBODY = 65534


class Here:
    def __init__(self, folder):
        self.folder = folder
        self.program = Program(folder)
        (folder / "sql").mkdir()

    def write(self, name, content):
        path = self.folder / "sql" / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def __call__(self, *arguments, code=0):
        said = self.program("-url=jdbc:sqlite:test.db", "-locations=filesystem:sql", *arguments)
        assert said.code == code, said
        return said

    def rows(self, sql="SELECT version, success FROM flyway_schema_history ORDER BY installed_rank"):
        with sqlite3.connect(self.folder / "test.db") as database:
            return database.execute(sql).fetchall()


@pytest.fixture
def here(tmp_path):
    return Here(tmp_path)


def test_a_file_that_may_not_be_read_is_named(open_folder):
    here = Here(open_folder)
    path = here.write("V1__a.sql", "CREATE TABLE a (i INT);")
    path.chmod(0)
    here.folder.chmod(0o777)
    # root may read everything
    command = [binary(), "-url=jdbc:sqlite:test.db", "-locations=filesystem:sql", "migrate"]
    as_nobody = ["setpriv", "--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups"] if os.geteuid() == 0 else []
    said = subprocess.run(as_nobody + command, cwd=here.folder, env={"PATH": os.environ["PATH"], "HOME": "/"},
                          capture_output=True, text=True, check=False)
    assert said.returncode == 1, said
    assert "ERROR: cannot read %s: Permission denied" % path in said.stderr


def test_a_link_to_nowhere_is_told_and_passed_over(here):
    here.write("V1__a.sql", "CREATE TABLE a (i INT);")
    os.symlink("gone.sql", here.folder / "sql/V2__b.sql")
    said = here("migrate")
    assert "WARNING: Skipping %s: No such file or directory" % (here.folder / "sql/V2__b.sql") in said.all
    assert here.rows() == [("1", 1)]


def test_a_folder_that_leads_back_is_named(here):
    here.write("V1__a.sql", "CREATE TABLE a (i INT);")
    os.symlink("..", here.folder / "sql/again")
    os.symlink("sql", here.folder / "again")
    said = here("migrate", code=4)
    assert "leads back to a folder above it" in said.err and "remove the symbolic link" in said.err


@pytest.mark.parametrize("content, place", [
    (b"SELECT 1;\n-- caf\xe9\n", "byte 0xE9 at line 2, column 7 is not UTF-8"),
    (b"\xc3", "byte 0xC3 at line 1, column 1 is not UTF-8"),
    ("-- \u00e4\u00e4 ".encode() + b"\xff", "byte 0xFF at line 1, column 7 is not UTF-8"),
    (b"\xff\xfeS\x00", "byte 0xFF at line 1, column 1 is not UTF-8"),
], ids=["a letter of Latin-1", "half a letter", "columns are letters", "UTF-16"])
def test_what_is_no_utf8_has_its_place_named(here, content, place):
    here.write("V1__a.sql", content)
    said = here("migrate", code=1)
    assert "Unable to calculate checksum of V1__a.sql: %s" % place in said.err
    assert "-encoding=" in said.err
    assert not (here.folder / "test.db").exists() or here.rows("SELECT name FROM sqlite_master") == []


def test_a_zero_byte_is_an_error(here):
    here.write("V1__a.sql", "CREATE TABLE a (i INT);\nSELECT 'a\0b';\n")
    said = here("migrate", code=1)
    assert "NUL byte" in said.err and "line 2" in said.err and "V1__a.sql" in said.err


def test_a_script_of_200_mb_takes_about_its_own_size(here):
    statement = "INSERT INTO a VALUES ('%s');\n" % ("x" * 2000)
    with open(here.folder / "sql/V1__a.sql", "w", encoding="utf-8") as script:
        script.write("CREATE TABLE a (t TEXT);\n")
        for _ in range(200 * 2**20 // len(statement)):
            script.write(statement)
    megabytes = megabytes_of(here.program, "-url=jdbc:sqlite:test.db", "-locations=filesystem:sql", "migrate")
    assert megabytes < 300
    assert here.rows("SELECT count(*) FROM a") == [(200 * 2**20 // len(statement),)]


def test_twenty_thousand_scripts_run(here):
    for i in range(1, 20001):
        here.write("V%d__s.sql" % i, "INSERT INTO a VALUES (%d);\n" % i if i > 1 else "CREATE TABLE a (i INT);\n")
    here("-q", "-group=true", "migrate")  # one flush, not 20,000
    assert here.rows("SELECT count(*), max(installed_rank) FROM flyway_schema_history") == [(20000, 20000)]
    assert here("-outputType=json", "info").out.count('"Success"') == 20000


@pytest.mark.server
def test_copied_data_is_streamed(project):
    line, count = "x" * 1000 + "\n", 200_000
    here = project({"R__none.sql": ""})
    with open(here.folder / "sql/V1__a.sql", "w", encoding="utf-8") as script:
        script.write("CREATE TABLE a (t text);\nCOPY a FROM stdin;\n")
        script.writelines(line for _ in range(count))
        script.write("\\.\n")
    assert megabytes_of(here.program, "-url=" + here.url(), "-locations=filesystem:sql", "migrate") < 300
    assert here.value("SELECT count(*) FROM a") == count


@pytest.mark.server
def test_a_fault_in_copied_data_is_shown_in_its_line(project):
    here = project({"V1__a.sql": "CREATE TABLE a (i int);\n\nCOPY a FROM stdin;\n1\n2\nabc\n\\.\n"})
    said = here.dunlin("migrate", code=1)
    assert "V1__a.sql, line 6, column 1\nabc\n^" in said.err and 'COPY a, line 3, column i: "abc"' in said.err


@pytest.mark.parametrize("on", ["postgresql", "sqlite"])
@pytest.mark.server
def test_a_history_that_a_script_drops_is_told(on, project):
    here = project({"V1__a.sql": "CREATE TABLE a (i int);\nDROP TABLE flyway_schema_history;\n"})
    url = here.url() if on == "postgresql" else "jdbc:sqlite:gone.db"
    said = here.program("-url=" + url, "-locations=filesystem:sql", "migrate")
    assert said.code == 1 and '"flyway_schema_history" was there when the run began' in said.err, said
