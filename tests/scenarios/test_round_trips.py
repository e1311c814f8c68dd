"""How often dunlin waits for the server. Counts are exact: one more is a failure, and so is one less, until it is written here."""
import pytest

from support.wire import Wire

pytestmark = pytest.mark.server


def scripts(first, last):
    return {"V%d__m.sql" % n: "CREATE TABLE t%d (i int PRIMARY KEY, n text);\nINSERT INTO t%d VALUES (1, 'a');\n" % (n, n)
            for n in range(first, last + 1)}


def round_trips(here, *arguments, code=0):
    with Wire(here.server.port) as wire:
        said = here.dunlin(*arguments, port=wire.port, code=code)
    assert wire.connections == 1
    return wire.round_trips, said


@pytest.mark.parametrize("count", [1, 10, 300])
def test_their_number_does_not_depend_on_that_of_the_scripts(project, count):
    here = project(scripts(1, count))
    trips, _ = round_trips(here, "info", "migrate", "info")
    assert trips == 8, "facts, look (no table), lock, look, table, window, unlock, look"
    here.write(scripts(count + 1, 2 * count))
    trips, _ = round_trips(here, "info", "migrate", "info")
    assert trips == 8, "facts, look (table), rows, lock, look, window, unlock, look"
    assert len(here.history()) == 2 * count


@pytest.mark.parametrize("arguments, trips, why", [
    (["info"], 3, "facts, look, rows"),
    (["validate"], 3, "facts, look, rows"),
    (["migrate"], 6, "facts, look, rows, lock, look, unlock"),
    (["info", "migrate", "info"], 7, "facts, look, rows, lock, look, unlock, look"),
    (["repair"], 4, "facts, table, rows, rows"),
])
def test_when_there_is_nothing_to_do(project, arguments, trips, why):
    here = project(scripts(1, 3))
    here.dunlin("migrate")
    assert round_trips(here, *arguments)[0] == trips, why


def test_a_failure_costs_one_more(project):
    here = project({**scripts(1, 3), "V4__bad.sql": "SELECT nothing;\n", **scripts(5, 6)})
    assert round_trips(here, "migrate", code=1)[0] == 8, "facts, look, lock, look, table, window, flush, unlock"
    assert len(here.history()) == 3
