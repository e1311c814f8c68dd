"""Only what the chosen source and database need is required: here, no server at all."""
import json
import sqlite3

import pytest

from support.program import Program
from support.repository import Repository

ROLE_SECRETS = {"postgresql@aurora-serverless-flyway-db@" + role: json.dumps({"username": role, "password": password})
                for role, password in {"read_only": "twelve chars", "sample_application": "other secret"}.items()}


@pytest.fixture
def local(tmp_path):
    """`run` on SQLite with a local repository and a file of secrets."""
    repository = Repository.of_example("sqlite", tmp_path / "repository")
    (tmp_path / "secrets.json").write_text(json.dumps(ROLE_SECRETS))
    program = Program(tmp_path, {"REPOSITORY_URL": "repository", "FLYWAY_URL": "jdbc:sqlite:test.db"},
                      secrets=["twelve chars", "other secret"])
    program.repository = repository
    return program


FILE_STORE = ("-secrets.provider=file", "-secrets.file=secrets.json")


def rows(local, sql):
    with sqlite3.connect(local.folder / "test.db") as connection:
        return connection.execute(sql).fetchall()


def test_sqlite_and_a_local_repository_need_no_aws(local):
    local.repository.commit({"own/V1__a.sql": "CREATE TABLE a (i int);"})
    said = local("run", "-locations=filesystem:own", DB_ROLES="")
    assert said.code == 0, said
    assert said.out.splitlines()[0] == ("Starting Fargate task to run Flyway migration from master for RDS database "
                                        "test.db in AWS Region -"), said
    assert rows(local, "SELECT count(*) FROM a") == [(0,)]


def test_the_example_runs_with_secrets_from_a_file(local):
    said = local("run", "develop", *FILE_STORE, DB_ROLES="read_only,sample_application")
    assert said.code == 0, said
    assert rows(local, "SELECT name, password_length FROM role ORDER BY 1") == [("read_only", 12), ("sample_application", 12)]
    assert rows(local, "SELECT count(*) FROM product") == [(0,)]


def test_a_secret_that_the_file_does_not_have_is_named(local):
    said = local("run", *FILE_STORE, DB_ROLES="read_only,ghost")
    assert said.code == 3 and "postgresql@aurora-serverless-flyway-db@ghost" in said.err, said
    assert not (local.folder / "test.db").exists() or rows(local, "SELECT * FROM sqlite_master") == []


def test_aws_is_asked_only_with_a_region(local):
    said = local("run", DB_ROLES="read_only")
    assert said.code == 2 and "REGION" in said.err, said


def test_a_local_repository_that_is_none(local):
    said = local("run", DB_ROLES="", REPOSITORY_URL="nowhere")
    assert said.code == 4 and "nowhere" in said.err, said
