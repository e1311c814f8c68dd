"""Behind PgBouncer: whatever becomes of a run, no advisory lock stays on a connection that others share."""
from contextlib import ExitStack

import pytest

from support.pgbouncer import PgBouncer
from support.project import DATABASE
from support.server import wait_until

pytestmark = pytest.mark.server

FILES = {"V1__a.sql": "CREATE TABLE a (i int);\n",
         "V2__copy.sql": "COPY a FROM STDIN;\n1\n\\.\n",
         "V3__b.sql": "CREATE TABLE b (i int);\n"}
ALL = [("1", True), ("2", True), ("3", True)]
DIRECT, ASSERTED, IN_TRANSACTION = "lockUrl", "postgresql.pooler", "postgresql.transactional.lock"

NO_BLOCKS = "transaction blocks not allowed in statement pooling mode"
# mode, what is set, exit code, words of the complaint
CASES = [
    ("session", None, 2, "a connection pooler stands before the database"),
    ("transaction", None, 2, "a connection pooler stands before the database"),
    ("statement", None, 2, "a connection pooler stands before the database"),
    ("session", DIRECT, 0, ""),
    ("transaction", DIRECT, 0, ""),
    ("statement", DIRECT, 5, NO_BLOCKS),
    ("session", ASSERTED, 0, ""),
    ("session", IN_TRANSACTION, 0, ""),
    ("transaction", IN_TRANSACTION, 0, ""),
    ("statement", IN_TRANSACTION, 5, NO_BLOCKS),
]


@pytest.mark.parametrize("company", ["alone", "with a busy client"])
@pytest.mark.parametrize("mode, setting, code, complaint", CASES, ids=["%s-%s" % (m, s) for m, s, *_ in CASES])
def test_no_lock_is_left_behind(project, plain_postgresql, open_folder, mode, setting, code, complaint, company):
    here = project(FILES)
    value = {DIRECT: here.url(), ASSERTED: "session", IN_TRANSACTION: "true"}
    with ExitStack() as stack:
        pooler = stack.enter_context(PgBouncer(plain_postgresql, open_folder / "pooler", mode))
        if company != "alone":
            stack.enter_context(pooler.busy_client(DATABASE))
        options = ["-%s=%s" % (setting, value[setting])] if setting else []
        said = here.dunlin(*options, "info", "migrate", "info", code=code, port=pooler.port)
        assert complaint in said.err
        some = ALL[:1] if (mode, setting) == ("statement", DIRECT) else []  # up to COPY, which is a transaction of its own
        assert here.history() == (ALL if code == 0 else some)
        if mode != "statement":  # there it has closed the one that met a transaction
            wait_until(lambda: sessions_of_the_pool(here) > 0, 5, "the pool's own connections")
        here.expect_no_lock()  # while the pool's connections live on


def sessions_of_the_pool(here):
    return here.value("SELECT count(*) FROM pg_stat_activity WHERE datname = '%s' AND pid <> pg_backend_pid()" % DATABASE)


def test_a_lock_url_that_leads_elsewhere_is_refused(project, plain_postgresql, open_folder):
    here = project(FILES)
    with PgBouncer(plain_postgresql, open_folder / "pooler", "transaction") as pooler:
        cases = [(here.url(pooler.port), "lockUrl leads through a pooler too"),
                 (here.url().replace("/" + DATABASE, "/postgres"), "lockUrl leads to another database than url"),
                 ("jdbc:sqlite:x.db", "lockUrl leads to no PostgreSQL database"),
                 ("jdbc:postgresql://127.0.0.1:99999/x", "lockUrl")]
        for url, complaint in cases:
            said = here.dunlin("-lockUrl=" + url, "migrate", code=2, port=pooler.port)
            assert complaint in said.err, said
        assert here.history() == []
        here.expect_no_lock()
