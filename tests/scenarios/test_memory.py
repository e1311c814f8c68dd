"""Whatever the size of scripts and of what they select: what is on its way to PostgreSQL and back takes a bounded memory."""
import pytest

from support.memory import megabytes_of

pytestmark = pytest.mark.server


def measure(project, files):
    here = project(files)
    took = megabytes_of(here.program, "-url=" + here.url(), "-locations=filesystem:sql", "migrate")
    assert here.history() == [(str(n), True) for n in range(1, len(files) + 1)]
    return took


@pytest.mark.parametrize("what, longest", [
    ("SELECT repeat('x', 1000) FROM generate_series(1, %d);\n", 1_000),
    ("SELECT repeat('x', 1000000) FROM generate_series(1, %d);\n", 1_000_000),
], ids=["many rows", "long rows"])
def test_what_is_selected(project, what, longest):
    small, large = (measure(project, {"V1__s.sql": what % (bytes_ // longest)}) for bytes_ in (20_000_000, 200_000_000))
    assert large < small + 32  # what is kept of it, and the table made of that


def test_a_large_script_takes_its_own_size_once(project):
    def script(megabytes):
        return {"V1__s.sql": "CREATE TABLE t (t text);\n" + ("INSERT INTO t VALUES ('%s');\n" % ("x" * 970)) * (megabytes * 1000)}
    small, large = measure(project, script(10)), measure(project, script(40))
    assert large - small < 30 * 1.4


def test_many_scripts(project):
    def scripts(count):
        return {"V%d__m.sql" % n: "SELECT %d;\n" % n for n in range(1, count + 1)}
    small, large = measure(project, scripts(1000)), measure(project, scripts(2000))
    assert large - small < 6  # what is known of a thousand scripts, and of their rows
