"""A password that is rotated while the job runs: its secret is fetched anew, once."""
import pytest

from support.job import DATABASE, PASSWORDS, PREFIX
from support.tcp_proxy import TcpProxy

pytestmark = pytest.mark.server

ADMIN, NEW = PREFIX + "@sqladmin", "freshly rotated"
RDS = "rds!cluster-1"


SHAPES = [
    ("of the user", ADMIN, {}),
    ("of the database", RDS, {"DB_SECRET": RDS}),
    ("in a reference", "elsewhere", {"FLYWAY_PASSWORD": "${secret:elsewhere#password}"}),
]


@pytest.mark.parametrize("secret, environment", [row[1:] for row in SHAPES], ids=[row[0] for row in SHAPES])
def test_a_rotated_password_is_fetched_anew(job, secret, environment):
    job.aws.put(secret, {"password": PASSWORDS["sqladmin"]})
    job.new_password(NEW)
    said = job.run_while(lambda: job.aws.put(secret, {"password": NEW}), **environment)
    assert said.code == 0 and "customer" in job.tables(), said
    assert said.out.count("its secret holds another one by now") == 1, said


def test_rotation_may_alternate_between_users(job):
    job.postgresql.run("DROP ROLE IF EXISTS sqladmin_clone")
    job.postgresql.run("CREATE ROLE sqladmin_clone LOGIN CREATEROLE PASSWORD '%s' IN ROLE sqladmin" % NEW)
    job.program.secrets.append(NEW)
    job.postgresql.run("ALTER ROLE sqladmin NOLOGIN")
    job.aws.put(RDS, {"username": "sqladmin", "password": PASSWORDS["sqladmin"]})
    said = job.run_while(lambda: job.aws.put(RDS, {"username": "sqladmin_clone", "password": NEW}), DB_SECRET=RDS)
    assert said.code == 0, said
    assert job.rows("SELECT DISTINCT installed_by FROM flyway_schema_history") == [("sqladmin_clone",)]
    job.postgresql.run("DROP OWNED BY sqladmin_clone CASCADE; DROP ROLE sqladmin_clone", DATABASE)


# (why, what the secret holds afterwards, logins that are tried)
REFUSED = [
    ("another one that is wrong too", "wrong again", 2),
    ("the same as before", "wrong", 1),
]


@pytest.mark.parametrize("password, tries", [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_refused_password_is_tried_once_more_at_most(job, password, tries):
    job.aws.put(ADMIN, {"password": "wrong"})
    with TcpProxy(job.postgresql.port) as database:
        said = job.run_while(lambda: job.aws.put(ADMIN, {"password": password}), DB_PORT=database.port)
    assert said.code == 5 and said.err.count("ERROR") == 1 and "sqladmin" in said.err, said
    assert database.connections == 1 + tries, said  # the first one only wakes
    job.expect_untouched()


def test_a_password_that_was_written_out_is_not_looked_up(job):
    with TcpProxy(job.postgresql.port) as database:
        said = job(DB_PORT=database.port, FLYWAY_PASSWORD="mistyped")
    assert said.code == 5 and database.connections == 2, said


def test_other_commands_fetch_a_rotated_password_anew(job):
    """Refused, and in the meantime the secret holds another."""
    (job.folder / "task/sql").mkdir()
    (job.folder / "task/sql/V1__a.sql").write_text("SELECT 1;")
    job.aws.put(ADMIN, {"password": PASSWORDS["sqladmin"]})
    job.new_password(NEW)
    came = []

    def rotate():
        if not came:
            job.aws.put(ADMIN, {"password": NEW})
        came.append(1)
    with TcpProxy(job.postgresql.port, before=rotate) as database:
        said = job.program("migrate", "-url=jdbc:postgresql://localhost:%d/%s" % (database.port, DATABASE), "-user=sqladmin",
                           "-password=${secret:%s#password}" % ADMIN, "-secrets.provider=aws", "-locations=filesystem:sql")
    assert said.code == 0 and said.out.count("its secret holds another one by now") == 1 and len(came) == 2, said
