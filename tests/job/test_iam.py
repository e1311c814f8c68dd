"""Login to RDS by IAM: the token is the password, checked by its signature as AWS checks it."""
import pytest

from support.postgresql import PostgreSQL
from support.program import Program
from support.rds_iam import ACCESS_KEY, SECRET_KEY, SESSION_TOKEN, RdsIam
from support.sshd import make_key

pytestmark = pytest.mark.server

REGION, USER = "eu-west-1", "by_iam"


@pytest.fixture
def iam(open_folder):
    with RdsIam(REGION) as iam, PostgreSQL(open_folder, connections=iam.connections(USER)) as server:
        server.run("CREATE ROLE %s LOGIN CREATEROLE" % USER)
        server.run("CREATE DATABASE app OWNER %s" % USER)
        iam.postgresql, iam.place = server, "localhost:%d" % server.port
        yield iam


@pytest.fixture
def dunlin(iam, tmp_path):
    (tmp_path / "sql").mkdir()
    (tmp_path / "sql/V1__a.sql").write_text("CREATE TABLE by_token (i int);")
    return Program(tmp_path, {
        "FLYWAY_URL": "jdbc:postgresql://localhost:%d/app?sslmode=verify-full&sslrootcert=%s"
                      % (iam.postgresql.port, iam.postgresql.authority),
        "FLYWAY_USER": USER, "FLYWAY_LOCATIONS": "filesystem:sql", "AWS_IAM_AUTH": "true", "AWS_REGION": REGION,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY, "AWS_SECRET_ACCESS_KEY": SECRET_KEY, "AWS_SESSION_TOKEN": SESSION_TOKEN,
    }, secrets=[SECRET_KEY, SESSION_TOKEN, "X-Amz-Signature"])


def test_the_token_is_the_password(iam, dunlin):
    said = dunlin("migrate")
    assert said.code == 0 and "Successfully applied 1 migration" in said.out, said
    assert iam.seen[0][0] == USER and len(iam.seen[0][1]) > 300


def test_each_place_gets_its_own(iam, dunlin):
    """Two hosts: a token is for the place it is used at, and the first place refuses it."""
    port = iam.postgresql.port
    url = dunlin.environment["FLYWAY_URL"].replace("localhost:%d" % port, "127.0.0.1:%d,localhost:%d" % (port, port))
    said = dunlin("info", FLYWAY_URL=url)
    assert said.code == 0, said
    assert [token.split("/")[0] for _, token in iam.seen] == ["127.0.0.1:%d" % port, "localhost:%d" % port]


def test_a_refused_token_says_what_to_check(iam, dunlin):
    said = dunlin("info", AWS_SECRET_ACCESS_KEY="another key")
    assert said.code == 5 and "rds-db:connect" in said.err and "rds_iam" in said.err, said


def test_a_token_never_travels_without_tls(iam, dunlin):
    url = "jdbc:postgresql://localhost:%d/app" % iam.postgresql.port
    assert dunlin("info", FLYWAY_URL=url).code == 0, "without a word it is sslmode=require"
    for mode in ("disable", "prefer"):
        said = dunlin("info", FLYWAY_URL=url + "?sslmode=" + mode)
        assert said.code == 2 and "awsIamAuth needs TLS, and sslmode is " + mode in said.err, said
        said = dunlin("info", FLYWAY_URL=url, PGSSLMODE=mode)
        assert said.code == 2 and "PGSSLMODE" in said.err, said


def test_what_is_missing_is_named(iam, dunlin):
    said = dunlin("info", AWS_REGION=None)
    assert said.code == 2 and "REGION" in said.err, said
    said = dunlin("info", FLYWAY_USER=None)
    assert said.code == 2 and "user" in said.err, said


def test_tunnel_tls_and_iam_together(iam, dunlin, sshd, tmp_path):
    """The token and the certificate are for the database's own name and port, whatever port leads there."""
    dunlin.secrets.append(make_key(tmp_path / "key", "ed25519"))
    sshd.let_in(tmp_path / "key.pub", "restrict,port-forwarding")
    hops = "%s,%s" % (sshd.hop(), sshd.hop())
    said = dunlin("info", "migrate", "info", SSH_TUNNEL=hops, SSH_TUNNEL_KEY="${file:%s}" % (tmp_path / "key"),
                  KNOWN_HOSTS=sshd.known_hosts())
    assert said.code == 0 and "Successfully applied 1 migration" in said.out, said
    assert {token.split("/")[0] for _, token in iam.seen} == {iam.place}


def test_the_job_needs_no_password_secret(iam, job):
    job.program.secrets += [SECRET_KEY, SESSION_TOKEN]
    said = job(DB_USER=USER, DB_PORT=iam.postgresql.port, DB_NAME="app", AWS_IAM_AUTH="true", REGION=REGION, DB_ROLES="",
               PGSSLROOTCERT=iam.postgresql.authority, AWS_ACCESS_KEY_ID=ACCESS_KEY, AWS_SECRET_ACCESS_KEY=SECRET_KEY,
               AWS_SESSION_TOKEN=SESSION_TOKEN, AWS_ENDPOINT_URL="http://127.0.0.1:9",
               REPOSITORY_URL=str(job.sshd.repositories / "flock/migrations.git"),
               FLYWAY_PLACEHOLDERS_READ_ONLY_PASSWORD="read only one", FLYWAY_PLACEHOLDERS_SAMPLE_APPLICATION_PASSWORD="another")
    assert said.code == 0, said
