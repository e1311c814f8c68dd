"""Passwords of roles reach the scripts, and nothing that is printed."""
import json

import pytest

from support.job import PREFIX

pytestmark = pytest.mark.server

# Each run is searched for every password by Program; here each password gets its chance to be printed.
LEAKS = [
    ("in the statement of an error", "CREATE ROLE x PASSWORD '${READ_ONLY_PASSWORD}' no_such_word;"),
    ("in the line of an error", "SELECT '${SAMPLE_APPLICATION_PASSWORD}' AS a, no_such_column;"),
    ("in the server's message", "SELECT CAST($x$ ${READ_ONLY_PASSWORD}$x$ AS integer);"),
    ("in rows that are printed, and an error", "SELECT $x$ ${READ_ONLY_PASSWORD}$x$ AS word; SELECT no_such_column;"),
    ("in a notice, and an error", "DO $$BEGIN RAISE WARNING '%', $x$ ${SAMPLE_APPLICATION_PASSWORD}$x$; END$$; SELECT 1/0;"),
]
OUTPUTS = {"text": [], "debug": ["-X"], "json": ["-outputType=json"]}


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("script", [row[1] for row in LEAKS], ids=[row[0] for row in LEAKS])
def test_a_failing_script_shows_no_password(job, script, output):
    job.repository.commit({"sql/V1.03__Leak.sql": script})
    job.publish()
    said = job(*OUTPUTS[output])
    assert said.code == 1 and "V1.03__Leak.sql" in said.all, said
    if output == "json":
        json.loads(said.out)


def test_a_line_that_is_cut_off_shows_no_part_of_a_password(job):
    """An excerpt shows what stands around the error: wherever it begins, no piece of the password is there."""
    password = "".join(chr(ord("A") + i // 26) + chr(ord("a") + i % 26) + str(i % 10) for i in range(40))
    job.aws.put(PREFIX + "@read_only", {"password": password})
    job.program.secrets = [password[i:i + 5] for i in range(len(password) - 4)]
    for before in range(0, 120, 17):
        padding = "x" * before
        job.repository.commit({"sql/V1.03__Leak.sql": "SELECT no_such_column, '%s${READ_ONLY_PASSWORD}%s', 1;" % (padding, padding)})
        job.publish()
        assert job().code == 1
        job.repository.commit({"sql/V1.03__Leak.sql": "SELECT '%s${READ_ONLY_PASSWORD}%s', no_such_column;" % (padding, padding)})
        job.publish()
        assert job().code == 1


def test_the_lines_of_a_key_are_not_shown_one_by_one(job):
    key = next(iter(job.keys.values()))
    job.aws.put("signing-key", key)
    job.repository.commit({"sql/V1.03__Leak.sql": "SELECT '${KEY}\n', no_such_column;"})
    job.publish()
    assert job("-placeholders.KEY=${secret:signing-key}").code == 1


@pytest.mark.parametrize("output", OUTPUTS)
def test_a_good_run_shows_no_password(job, output):
    assert job("develop", *OUTPUTS[output]).code == 0


def test_a_copy_in_a_file_holds_no_password(job):
    job.repository.commit({"sql/V1.03__Leak.sql": LEAKS[4][1]})
    job.publish()
    copy = job.folder / "copy"
    said = job("-X", "-outputFile=%s" % copy)
    said.out += copy.read_text()
    assert said.code == 1 and "****" in copy.read_text()
    job.program.expect_no_secret(said)


def test_a_dry_run_writes_no_password(job):
    """It says which placeholder it will not write."""
    said = job("-dryRunOutput=%s" % (job.folder / "dry.sql"))
    assert said.code != 0 and "READ_ONLY_PASSWORD" in said.err, said
    assert not any(job.folder.glob("dry*"))
    job.expect_untouched()
