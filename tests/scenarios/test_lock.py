"""Commands beside a migration that runs: they wait for it, or say that it runs."""
import pytest

from support.server import wait_until

pytestmark = pytest.mark.server

SLOW = {"V1__a.sql": "CREATE TABLE a (i int);\n",
        "V2__slow.sql": "CREATE TABLE slow (i int);\nSELECT pg_advisory_lock(5);\nSELECT pg_advisory_unlock(5);\n",
        "V2__slow.sql.conf": "executeInTransaction=false\n"}


@pytest.fixture
def running(project):
    """A project whose second script runs until the session lets it go on."""
    here = project(SLOW)
    with here.connect() as gate:
        gate.autocommit = True
        gate.execute("SELECT pg_advisory_lock(5)")
        process = here.start("migrate")
        wait_until(lambda: here.value("SELECT count(*) FROM pg_locks WHERE NOT granted AND objid = 5"), 30, "the script")
        yield here, gate, process
        if process.poll() is None:
            gate.execute("SELECT pg_advisory_unlock_all()")
            here.finish(process)


@pytest.mark.parametrize("command", ["repair", "clean", "baseline"])
def test_what_changes_something_waits_for_the_migration(running, command):
    here, gate, process = running
    if command == "baseline":  # a history without the migrations that would make it refuse
        command_line = ["-baselineVersion=3", "-schemas=public,other", "baseline"]
    else:
        command_line = ["-cleanDisabled=false", command]
    said = here.dunlin("-lockRetryCount=0", *command_line, code=6)
    assert "holds the lock" in said.err
    gate.execute("SELECT pg_advisory_unlock(5)")
    here.finish(process, code=0)
    assert here.history() == [("1", True), ("2", True)]


def test_it_goes_on_when_the_migration_has_ended(running):
    here, gate, process = running
    waiting = here.start("repair")
    here.read_until(waiting, "Waiting for the migration lock")
    gate.execute("SELECT pg_advisory_unlock(5)")
    here.finish(process, code=0)
    said = here.finish(waiting, code=0)
    assert "No failed migration detected" in said.out
    assert here.history() == [("1", True), ("2", True)]


def test_what_runs_is_not_called_failed(running):
    here, _, _ = running
    holder = here.value("SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid <> 5")
    said = here.dunlin("info")
    assert "a migration is running: the session with pid %d holds the migration lock" % holder in said.out
    said = here.dunlin("validate", code=1)
    assert "version 2 (slow) that is running: the session with pid %d" % holder in said.err
    assert "repair" not in said.err


def test_what_failed_is_called_so_once_nothing_runs(project):
    here = project({"V1__a.sql": "CREATE TABLE a (i int);\nSELECT 1/0;\n", "V1__a.sql.conf": "executeInTransaction=false\n"})
    here.dunlin("migrate", code=1)
    assert "running" not in here.dunlin("info").out
    assert "run repair" in here.dunlin("validate", code=1).err


def test_what_a_script_without_a_transaction_leaves_is_told(project):
    here = project({"V1__a.sql": "CREATE TABLE a (i int);\nINSERT INTO a VALUES (1), (1);\n",
                    "V2__b.sql": "CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"A i\" ON a (i);\n",
                    "V3__c.sql": "CREATE TABLE c (i int);\nSELECT 1/0;\n", "V3__c.sql.conf": "executeInTransaction=false\n"})
    said = here.dunlin("migrate", code=1)
    assert 'may have left index "A i" invalid: DROP INDEX CONCURRENTLY "A i", then dunlin repair' in said.err
    assert "(Removing failed row of V2__b.sql)" in here.dunlin("repair").out
    (here.folder / "sql/V2__b.sql").unlink()
    assert "-> undo by hand what it left, then dunlin repair" in here.dunlin("migrate", code=1).err


def test_what_a_signal_leaves_is_told(running):
    here, _, process = running
    process.terminate()
    said = here.finish(process, code=143)
    assert "what it did before stays" in said.err and "undo by hand what it left, then dunlin repair" in said.err


def test_another_table_is_not_taken_for_the_history(project):
    here = project({"V1__a.sql": "CREATE TABLE a (i int);\n"})
    with here.connect() as session:
        session.autocommit = True
        session.execute("CREATE TABLE flyway_schema_history (id int)")
    said = here.dunlin("migrate", code=1)
    assert 'table "public"."flyway_schema_history" is no schema history: it lacks installed_rank' in said.err
