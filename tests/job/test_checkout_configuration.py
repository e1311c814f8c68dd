"""Configuration inside the checkout says how scripts are run, never where to connect or what else to read."""
import pytest

pytestmark = pytest.mark.server

TABLE = "SELECT tablename FROM pg_tables WHERE tablename = 'here'"
MIGRATION = {"db/M1__Here.sql": "CREATE TABLE here (i int);"}

# The same three settings in each of the files.
ALLOWED = [
    ("flyway.conf", "flyway.locations=filesystem:db\nflyway.sqlMigrationPrefix=M\nflyway.table=past\n"),
    ("flyway.toml", '[flyway]\nlocations = ["filesystem:db"]\nsqlMigrationPrefix = "M"\ntable = "past"\n'),
    ("dunlin.toml", '[flyway]\nlocations = ["filesystem:./db"]\nsqlMigrationPrefix = "M"\ntable = "past"\n'),
]


@pytest.mark.parametrize("file, text", ALLOWED, ids=[f for f, _ in ALLOWED])
def test_how_scripts_are_run_may_be_set(job, file, text):
    job.repository.commit({file: text, **MIGRATION})
    job.publish()
    said = job()
    assert said.code == 0, said
    assert job.tables() == ["here", "past"]


def test_the_command_line_wins_over_the_checkout(job):
    job.repository.commit({"flyway.conf": ALLOWED[0][1], **MIGRATION})
    job.publish()
    said = job("-table=mine")
    assert said.code == 0 and job.tables() == ["here", "mine"], said


# (file, text, what the message names)
FORBIDDEN = [
    ("flyway.conf", "flyway.url=jdbc:postgresql://evil.example.com/db", "url"),
    ("flyway.conf", "flyway.user=somebody", "user"),
    ("flyway.conf", "flyway.password=guess", "password"),
    ("flyway.conf", "flyway.secrets.provider=file", "secrets.provider"),
    ("flyway.conf", "flyway.snapshotBeforeMigrate=false", "snapshotBeforeMigrate"),
    ("dunlin.toml", '[flyway.snapshot]\nfolder = "/tmp"', "snapshot.folder"),
    ("flyway.conf", "flyway.noSuchKey=1", "noSuchKey"),
    ("flyway.toml", '[environments.default]\nurl = "jdbc:postgresql://evil.example.com/db"', "url"),
    ("flyway.toml", '[flyway]\nenvironment = "other"', "environment"),
    ("dunlin.toml", '[environments.default]\nuser = "somebody"', "user"),
    # values are literal
    ("flyway.conf", "flyway.placeholders.x=${env:AWS_SECRET_ACCESS_KEY}", "placeholders.x"),
    ("flyway.conf", "flyway.placeholders.x=${secret:postgresql@aurora-serverless-flyway-db@sqladmin}", "placeholders.x"),
    ("flyway.toml", '[flyway.placeholders]\nx = "${env.AWS_SECRET_ACCESS_KEY}"', "x"),
    ("dunlin.toml", '[flyway.placeholders]\nx = "${file:/etc/hostname}"', "x"),
    # paths stay inside
    ("flyway.conf", "flyway.locations=filesystem:/etc", "/etc"),
    ("flyway.conf", "flyway.locations=filesystem:sql,filesystem:../other", "../other"),
    ("flyway.conf", "flyway.locations=filesystem:sql/../../other", "sql/../../other"),
    ("flyway.toml", '[flyway]\nlocations = ["git:https://evil.example.com/x.git"]', "git:"),
    ("flyway.conf", "flyway.callbackLocations=filesystem:/tmp", "callbackLocations"),
    ("flyway.toml", "this is not toml", "flyway.toml"),
]


@pytest.mark.parametrize("file, text, word", FORBIDDEN, ids=[text.splitlines()[-1] for _, text, _ in FORBIDDEN])
def test_anything_else_is_an_error_that_names_it(job, file, text, word):
    job.repository.commit({file: text + "\n"})
    job.publish()
    said = job()
    assert said.code == 2, said
    assert word in said.err and file in said.err, said
    job.expect_untouched()
