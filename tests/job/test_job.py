"""The main job on real parts: secrets, source, info, migrate, info."""
import os

import psycopg
import pytest

from support.https import GitOverHttps
from support.job import DATABASE, DEPLOY_KEY, OWNER, PASSWORDS, PATH, PREFIX
from support.repository import git

pytestmark = pytest.mark.server

FIRST_LINE = "Starting Fargate task to run Flyway migration from %s for RDS database %s in AWS Region %s"
MASTER = ["1.00", "1.01", "1.02"]
DEVELOP = [*MASTER, "2.00"]


def versions(job):
    assert all(success for _, _, success in job.history())
    return [version for version, _, _ in job.history()]


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_develop_comes_to_the_database_with_a_deploy_key(job, kind):
    job.aws.put(DEPLOY_KEY, job.keys[kind])
    said = job("develop")
    assert said.code == 0, said
    assert said.out.splitlines()[0] == FIRST_LINE % ("develop", DATABASE, "us-west-2")
    before, after = said.out.split("Successfully applied 4 migrations")
    assert before.count("| Pending ") == 4 and after.count("| Success ") == 4, said
    assert versions(job) == DEVELOP
    as_reader = {"user": "read_only", "password": PASSWORDS["read_only"]}
    assert job.rows("SELECT id, name, weight_lbs, units FROM product", **as_reader) == []
    assert len(job.rows("SELECT name FROM customer", **as_reader)) == 2
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        job.rows("INSERT INTO product (name) VALUES ('x') RETURNING id", **as_reader)


def test_the_application_may_write(job):
    assert job("develop").code == 0
    login = {"user": "sample_application", "password": PASSWORDS["sample_application"]}
    assert job.rows("INSERT INTO product (name, weight_lbs, units) VALUES ('knot', 0.3, 2) RETURNING id", **login) == [(1,)]


def test_master_is_the_default_and_develop_adds_to_it(job):
    said = job()
    assert said.code == 0, said
    assert said.out.splitlines()[0] == FIRST_LINE % ("master", DATABASE, "us-west-2")
    assert versions(job) == MASTER
    assert "Successfully applied 1 migration" in job("develop").out
    assert versions(job) == DEVELOP


def test_a_line_break_behind_a_value_does_not_count(job):
    """As `echo` and the consoles of secret stores leave it behind."""
    names = ("DB_HOST", "DB_NAME", "REGION", "REPOSITORY_OWNER", "REPOSITORY_DEPLOY_KEY_SECRET", "AWS_ACCESS_KEY_ID",
             "AWS_SECRET_ACCESS_KEY")
    spoilt = {name: job.program.environment[name] + "\r\n" for name in names}
    known = "\ufeff" + job.program.environment["KNOWN_HOSTS"]
    said = job("develop\n", **spoilt, AWS_SESSION_TOKEN="of the session\n", KNOWN_HOSTS=known, DB_SECRET=" ")
    assert said.code == 0, said


def test_an_empty_branch_is_the_default(job):
    """A task's command override cannot leave an argument out."""
    assert job("").code == 0 and versions(job) == MASTER


def test_a_second_run_has_nothing_to_do(job):
    assert job("develop").code == 0
    said = job("develop")
    assert said.code == 0 and "is up to date. No migration necessary." in said.out, said
    assert versions(job) == DEVELOP


def test_a_tag_is_accepted(job):
    git(job.repository.folder, "tag", "-a", "v1", "-m", "first", "master")
    job.publish()
    said = job("v1")
    assert said.code == 0 and versions(job) == MASTER, said


def test_a_branch_wins_over_a_tag_of_its_name(job):
    git(job.repository.folder, "tag", "develop", "master")
    job.publish()
    said = job("develop")
    assert said.code == 0 and versions(job) == DEVELOP, said


def test_a_branch_may_have_slashes(job):
    git(job.repository.folder, "branch", "feature/product-1", "develop")
    job.publish()
    said = job("feature/product-1")
    assert said.code == 0 and versions(job) == DEVELOP, said


@pytest.mark.parametrize("allowed", ["true", "false"])
def test_a_full_commit_id_is_accepted(job, allowed):
    """Also one that no branch points at; with and without the server's leave to ask for it by id."""
    commit = git(job.repository.folder, "rev-parse", "develop")
    job.repository.commit({"sql/V3__later.sql": "SELECT broken"}, "develop")
    git(job.publish(), "config", "uploadpack.allowReachableSHA1InWant", allowed)
    said = job(commit)
    assert said.code == 0 and versions(job) == DEVELOP, said


@pytest.mark.parametrize("form", ["ssh", "file", "path"])
def test_repository_url_takes_the_place_of_owner_and_path(job, form):
    bare = job.sshd.repositories / OWNER / (PATH + ".git")
    url = {"ssh": job.sshd.url(OWNER + "/" + PATH), "file": "file://%s" % bare, "path": str(bare)}[form]
    key = {} if form == "ssh" else {"REPOSITORY_DEPLOY_KEY_SECRET": None, "KNOWN_HOSTS": None}
    said = job("develop", REPOSITORY_URL=url, REPOSITORY_OWNER=None, REPOSITORY_PATH=None, **key)
    assert said.code == 0 and versions(job) == DEVELOP, said


def test_a_public_repository_comes_over_https(job):
    certificates = job.folder / "web"
    certificates.mkdir()
    with GitOverHttps(certificates, job.sshd.repositories) as web:
        settings = {"REPOSITORY_URL": web.url(OWNER + "/" + PATH), "REPOSITORY_DEPLOY_KEY_SECRET": None}
        said = job("develop", **settings, SSL_CERT_FILE=web.authority)
        assert said.code == 0 and versions(job) == DEVELOP, said
        said = job("develop", **settings)
        assert said.code == 4 and "certificate" in said.err, said


def test_known_hosts_may_be_a_file(job):
    file = job.folder / "hosts"
    file.write_text("# ours\n%s\n" % job.sshd.known_hosts("rsa"))
    assert job("develop", KNOWN_HOSTS=file).code == 0


@pytest.mark.parametrize("spoil", [
    pytest.param(lambda key: key.replace("\n", "\r\n"), id="CRLF"),
    pytest.param(lambda key: key.rstrip("\n"), id="no newline at the end"),
    pytest.param(lambda key: key.replace("\n", "\\n"), id="literal backslash n"),
    pytest.param(lambda key: "\n".join("  " + line for line in key.splitlines()), id="indented"),
])
@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_a_pasted_key_still_works(job, kind, spoil):
    job.aws.put(DEPLOY_KEY, spoil(job.keys[kind]))
    said = job("develop")
    assert said.code == 0, said


def test_db_roles_names_the_roles(job):
    job.aws.put(PREFIX + "@auditor", {"username": "auditor", "password": "another one"})
    job.repository.commit({"sql/V1.03__Auditor.sql": "CREATE TABLE seen AS SELECT length('${AUDITOR_PASSWORD}') AS n;"})
    job.publish()
    said = job(DB_ROLES="read_only, sample_application,auditor")
    assert said.code == 0 and job.rows("SELECT n FROM seen") == [(11,)], said


def test_rds_own_secret_gives_the_whole_connection(job):
    job.aws.put("rds!cluster-1", {"username": "sqladmin", "password": PASSWORDS["sqladmin"], "host": "localhost",
                                  "port": job.postgresql.port, "dbname": DATABASE, "engine": "postgres"})
    said = job("develop", DB_SECRET="rds!cluster-1", DB_HOST=None, DB_PORT=None, DB_NAME=None)
    assert said.code == 0 and versions(job) == DEVELOP, said


def test_a_url_takes_the_place_of_host_and_name(job):
    url = "jdbc:postgresql://localhost:%d/%s" % (job.postgresql.port, DATABASE)
    said = job("develop", FLYWAY_URL=url, DB_HOST=None, DB_PORT=None, DB_NAME=None)
    assert said.code == 0 and versions(job) == DEVELOP, said


def test_values_may_be_references(job):
    job.repository.commit({"sql/V1.03__Seen.sql": "CREATE TABLE seen AS SELECT '${a}' AS a, '${b}' AS b, '${c}' AS c, '${d}' AS d;"})
    job.publish()
    job.aws.put("plain", "whole text")
    job.aws.put("object", {"field": "one field"})
    file = job.folder / "value"
    file.write_text("from a file")
    said = job("-placeholders.a=${secret:plain}", "-placeholders.b=${secret:object#field}",
               "-placeholders.c=${env:COLOUR}", "-placeholders.d=${file:%s}" % file, COLOUR="grey")
    assert said.code == 0, said
    assert job.rows("SELECT * FROM seen") == [("whole text", "one field", "grey", "from a file")]
    assert "whole text" not in said.all and "one field" not in said.all


def test_what_decides_on_the_database_may_be_a_reference(job):
    job.aws.put("place", {"host": "localhost", "name": DATABASE})
    said = job("develop", DB_HOST="${secret:place#host}", DB_NAME="${secret:place#name}")
    assert said.code == 0 and versions(job) == DEVELOP, said


def test_region_may_be_the_sdks_variable(job):
    said = job("develop", REGION=None, AWS_DEFAULT_REGION="us-west-2")
    assert said.code == 0 and said.out.splitlines()[0].endswith("in AWS Region us-west-2"), said


def test_a_failing_script_ends_with_1_and_the_place(job):
    job.repository.commit({"sql/V1.03__Bad.sql": "CREATE TABLE good (i int);\n\nCREATE TABLE bad (i no_type);\n"})
    job.publish()
    said = job()
    assert said.code == 1, said
    assert "V1.03__Bad.sql" in said.all and "42704" in said.all and "no_type" in said.all, said
    assert versions(job) == MASTER and "good" not in job.tables()


def test_a_servers_message_that_quotes_a_password_is_redacted(job):
    job.repository.commit({"sql/V1.03__Bad.sql": "SELECT CAST($x$ ${READ_ONLY_PASSWORD}$x$ AS integer);"})
    job.publish()
    said = job()
    assert said.code == 1 and "V1.03__Bad.sql" in said.all, said


def test_no_home_no_programs_and_no_temporary_folder_are_needed(job):
    """An image without any will do."""
    said = job("develop", HOME=None, PATH="/nonexistent", TMPDIR="/nonexistent")
    assert said.code == 0, said
    assert os.listdir(job.program.folder) == []


def test_scripts_wait_five_seconds_for_a_table_unless_told_otherwise(job):
    job.repository.commit({"sql/V1.03__Show.sql": "SELECT 'waits ' || current_setting('lock_timeout');\n"})
    job.publish()
    assert "waits 5s" in job().out
    job.fresh_database()
    assert "waits 0" in job(FLYWAY_TABLE_LOCK_TIMEOUT="0").out
    job.repository.commit({"dunlin.toml": "[dunlin]\ntableLockTimeout = 2\n"})
    job.publish()
    job.fresh_database()
    assert "waits 2s" in job().out, "the checkout is read after the login"
