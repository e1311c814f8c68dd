"""Two runs at once, and CREATE INDEX CONCURRENTLY beside the lock."""
import pytest

from support.server import wait_until

pytestmark = pytest.mark.server


def test_indexes_are_built_concurrently_under_default_settings(project):
    here = project({"V1__a.sql": "CREATE TABLE a (i int);\n", "V2__i.sql": "CREATE INDEX CONCURRENTLY i ON a (i);\n",
                    "V3__j.sql": "CREATE INDEX CONCURRENTLY j ON a (i);\n", "V4__b.sql": "CREATE TABLE b (i int);\n"})
    said = here.dunlin("info", "migrate", "info")
    assert said.seconds < 30 and "Successfully applied 4 migrations" in said.out
    assert here.history() == [(str(n), True) for n in range(1, 5)]
    here.expect_no_lock()


def test_while_another_run_waits_for_the_lock_too(project):
    here = project({"V1__a.sql": "CREATE TABLE a (i int);\nSELECT pg_sleep(0.5);\n",
                    "V2__i.sql": "CREATE INDEX CONCURRENTLY i ON a (i);\n", "V3__j.sql": "CREATE INDEX CONCURRENTLY j ON a (i);\n"})
    runs = [here.start("migrate") for _ in range(4)]
    said = [here.finish(each, 0) for each in runs]
    assert sorted("is up to date" in each.out for each in said) == [False, True, True, True]
    assert here.history() == [("1", True), ("2", True), ("3", True)]
    here.expect_no_lock()


def test_who_migrated_meanwhile_without_the_lock_is_believed(project):
    here = project({"V1__a.sql": "CREATE TABLE IF NOT EXISTS a (i int);\nSELECT pg_advisory_lock(5);\nSELECT pg_advisory_unlock(5);\n",
                    "V2__b.sql": "CREATE TABLE b (i int);\n"})
    here.dunlin("-baselineVersion=0", "baseline")
    with here.connect() as gate:
        gate.execute("SELECT pg_advisory_lock(5)")
        process = here.start("migrate")
        wait_until(lambda: here.value("SELECT count(*) FROM pg_locks WHERE NOT granted AND objid = 5"), 30, "the script")
        gate.execute("INSERT INTO flyway_schema_history SELECT installed_rank + 1, '1', 'a', 'SQL', 'V1__a.sql', NULL, 'x', now(), 1, true"
                     " FROM flyway_schema_history")
        gate.execute("SELECT pg_advisory_unlock(5)")
        here.finish(process, 0)
    assert here.history() == [("0", True), ("1", True), ("2", True)]
    assert here.tables() == ["b"]
