"""tableLockTimeout, tableLockRetries, statementTimeout, asynchronousCommits."""
import pytest

pytestmark = pytest.mark.server

SHOW = "SELECT name || ' is ' || setting FROM pg_settings WHERE name IN ('lock_timeout', 'statement_timeout', 'synchronous_commit');\n"
BUSY = {"V2__in_a_window.sql": "ALTER TABLE busy ADD COLUMN j int;\n",
        "V2__alone.sql": "COPY busy FROM STDIN;\n1\n\\.\nALTER TABLE busy ADD COLUMN j int;\n"}


@pytest.fixture(params=BUSY)
def busy(request, project):
    """A project whose next script needs a table, and the session that holds it."""
    here = project({"V1__busy.sql": "CREATE TABLE busy (i int);\n"})
    here.dunlin("migrate")
    here.write({request.param: BUSY[request.param]})
    with here.connect() as holder:
        holder.execute("BEGIN")
        holder.execute("LOCK TABLE busy")
        yield here, holder


def test_a_table_that_somebody_holds_ends_the_run_and_he_is_named(busy):
    here, holder = busy
    said = here.dunlin("-tableLockTimeout=1", "migrate", code=1)
    pid = holder.info.backend_pid
    assert "canceling statement due to lock timeout (SQLSTATE 55P03)" in said.err
    assert "held by pid %d (user admin, application -, client 127.0.0.1, idle in transaction for" % pid in said.err
    assert 'its last query is "LOCK TABLE busy"; this ends it: SELECT pg_terminate_backend(%d)' % pid in said.err
    assert here.history() == [("1", True)]
    here.expect_no_lock()


def test_it_is_tried_again_until_he_lets_go(busy):
    here, holder = busy
    process = here.start("-tableLockTimeout=1", "-tableLockRetries=9", "migrate")
    said = here.read_until(process, "would end it")
    assert "Waiting for a table lock" in said and "held by pid %d" % holder.info.backend_pid in said
    holder.execute("ROLLBACK")
    here.finish(process, code=0)
    assert here.history() == [("1", True), ("2", True)]


def test_retries_are_counted(busy):
    here, _ = busy
    said = here.dunlin("-tableLockTimeout=1", "-tableLockRetries=2", "migrate", code=1)
    assert said.out.count("Waiting for a table lock") == 2


def test_a_statement_that_takes_too_long_is_ended(project):
    here = project({"V1__slow.sql": "SELECT pg_sleep(60);\n"})
    said = here.dunlin("-statementTimeout=1", "migrate", code=1)
    assert "canceling statement due to statement timeout (SQLSTATE 57014)" in said.err
    assert "raise statementTimeout" in said.err
    assert here.history() == []


@pytest.mark.parametrize("options, shown", [
    ([], {"lock_timeout is 0", "statement_timeout is 0", "synchronous_commit is off"}),
    (["-tableLockTimeout=3", "-statementTimeout=7"], {"lock_timeout is 3000", "statement_timeout is 7000"}),
    (["-tableLockTimeout=0", "-statementTimeout=0"], {"lock_timeout is 0", "statement_timeout is 0"}),
    (["-asynchronousCommits=false"], {"synchronous_commit is on"}),
], ids=["none", "set", "zero", "synchronous"])
def test_what_a_script_finds(project, options, shown):
    here = project({"V1__show.sql": SHOW, "V2__last.sql": "SELECT 1;\n"})
    said = here.dunlin(*options, "migrate")
    for line in shown:
        assert line in said.out


@pytest.mark.parametrize("option", ["tableLockTimeout=-1", "statementTimeout=1.5", "postgresql.pooler=transaction"])
def test_values_that_make_no_sense_are_refused(project, option):
    here = project({"V1__a.sql": "SELECT 1;\n"})
    said = here.dunlin("-" + option, "migrate", code=2)
    assert option.split("=")[1] in said.err
