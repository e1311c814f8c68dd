"""Output that cannot be written, or would destroy a script. /dev/full stands for a full disk."""
import subprocess

import pytest

from support.program import Program, binary


@pytest.fixture
def here(tmp_path):
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql/V1__a.sql").write_text("CREATE TABLE a (i int);\n")
    return Program(tmp_path)


def dunlin(here, *words, out=subprocess.PIPE):
    run = subprocess.run([binary(), "-url=jdbc:sqlite:z.db", "-locations=filesystem:sql", *words], cwd=here.folder,
                         stdout=out, stderr=subprocess.PIPE, text=True, timeout=60)
    return run.returncode, run.stdout, run.stderr


@pytest.mark.parametrize("words, code", [(["info"], 1), (["-outputType=json", "info"], 1), (["version"], 1), (["-q", "-outputType=json", "migrate"], 1),
                                         (["migrate"], 0)])
def test_standard_output_that_is_full_is_told(here, words, code):
    with open("/dev/full", "w") as full:
        ended, _, err = dunlin(here, *words, out=full)
    assert err.count("WARNING: cannot write standard output: No space left on device") == 1 and ended == code, (ended, err)


@pytest.mark.parametrize("command, code", [("info", 1), ("migrate", 0)])
def test_an_output_file_that_is_full_is_told(here, command, code):
    ended, out, err = dunlin(here, "-outputFile=/dev/full", command)
    assert "WARNING: cannot write outputFile /dev/full: No space left on device" in err and ended == code, (ended, err)
    assert "Schema" in out


@pytest.mark.parametrize("command, code", [("info", 1), ("migrate", 0)])
def test_a_report_that_is_not_written_is_told_and_not_called_generated(here, command, code):
    (here.folder / "r.html").symlink_to("/dev/full")
    ended, out, err = dunlin(here, "-reportEnabled=true", "-reportFilename=r", command)
    assert "WARNING: cannot write the report %s/r.html: No space left on device" % here.folder in err and ended == code, (ended, err)
    assert "generated" not in out


def test_a_reader_who_has_enough_is_no_failure(here):
    reader = subprocess.Popen(["true"], stdin=subprocess.PIPE)
    reader.wait()
    ended, _, err = dunlin(here, "info", out=reader.stdin)
    reader.stdin.close()
    assert ended == 0 and err == "", (ended, err)


@pytest.mark.parametrize("words", [
    ["-outputFile=sql/V1__a.sql"],                                    # a migration
    ["-outputFile=sql/R__new.sql"],                                   # would be one
    ["-outputFile=sql/afterMigrate.sql"],                             # a callback
    ["-outputFile=sql/V1__a.sql.conf"],                               # how one is run
    ["-outputFile=sql/tables.sql"],                                   # has no version, is SQL still
    ["-sqlMigrationSuffixes=.sql,.html", "-reportEnabled=true", "-reportFilename=sql/V1__a"]])
def test_a_script_is_not_overwritten(here, words):
    tables = here.folder / "sql/tables.sql"
    tables.write_text("CREATE TABLE b (i int);\n")
    before = sorted((path.name, path.read_text()) for path in (here.folder / "sql").iterdir())
    ended, _, err = dunlin(here, *words, "info")
    assert ended == 2 and "is a script" in err, (ended, err)
    assert sorted((path.name, path.read_text()) for path in (here.folder / "sql").iterdir()) == before


def test_a_log_beside_the_scripts_is_written_again(here):
    for _ in range(2):
        ended, _, err = dunlin(here, "-outputFile=sql/dunlin.log", "info")
        assert ended == 0, err
    assert "Pending" in (here.folder / "sql/dunlin.log").read_text()


@pytest.mark.parametrize("name, shown", [("api_token", False), ("DB_PASSWORD", False), ("client.secret", False),
                                         ("token_table", True), ("schema", True)])
def test_a_placeholder_named_like_a_secret_is_masked(here, name, shown):
    (here.folder / "sql/V1__a.sql").write_text("SELECT '${%s}';\n" % name)
    ended, out, err = dunlin(here, "-X", "-placeholders.%s=flamingo42" % name, "migrate")
    assert ended == 0 and ("flamingo42" in out + err) == shown, (out, err)
    assert shown or "****" in out + err
