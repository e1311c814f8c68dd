"""docs/tutorial.md is followed: its lines are typed into a shell, step by step, in the words of the page.

GitHub is a folder of bare repositories, which an sshd serves; AWS is moto, with Fargate before it; the database is PostgreSQL.
"""
import os
import re
import subprocess
import urllib.parse

import boto3
import psycopg
import pytest
from cfnlint.decode.cfn_yaml import load as load_template

from support.aws import REGION
from support.fargate import Fargate
from support.postgresql import ADMIN, ADMIN_PASSWORD
from support.program import ROOT, binary

pytestmark = pytest.mark.server
PAGE = ROOT / "docs/tutorial.md"
DATABASE = "tutorial"
PASSWORD, TOKEN = "the password of sqladmin", "a token of the registry"


def lines_of(step):
    """What step N says to type: its indented blocks, as one script."""
    section = re.split(r"^## ", PAGE.read_text(), flags=re.M)[1:]
    text, = [each for each in section if each.startswith("%d. " % step)]
    return "\n".join(line[4:] for line in text.splitlines() if line.startswith("    ")) + "\n"


class Reader:
    """Somebody with a shell, who reads the page and types what it says. What is exported stays for the next step."""

    def __init__(self, folder, repositories):
        self.folder, self.repositories = folder, repositories
        self.state, self.calls = folder / "state", folder / "calls"
        (folder / "bin").mkdir()
        (folder / "bin/dunlin").symlink_to(binary())
        for tool in ("docker", "skopeo"):
            self.stand_in(folder / "bin" / tool)
        beside = folder / "dunlin"  # the checkout beside the repository
        (beside / "script").mkdir(parents=True)
        self.stand_in(beside / "script/image")
        for name in ("deploy", "examples", "docs"):
            (beside / name).symlink_to(ROOT / name)
        bare = repositories / "your-organization/your-migrations.git"
        subprocess.run(["git", "init", "-q", "--bare", "-b", "master", bare], check=True)
        self.state.write_text("cd %s\n" % folder)

    def stand_in(self, path):
        path.write_text('#!/bin/sh\necho "%s $*" >> %s\n' % (path.name, self.calls))
        path.chmod(0o755)

    def types(self, script, **environment):
        """What the shell printed; a line that fails ends it."""
        script = "set -euo pipefail\n. %s\n%s\n{ export -p; echo \"cd '$PWD'\"; } > %s\n" % (self.state, script, self.state)
        who = {"%s_%s" % (side, what): value for side in ("GIT_AUTHOR", "GIT_COMMITTER")
               for what, value in (("NAME", "you"), ("EMAIL", "you@example.com"))}
        said = subprocess.run(["bash", "-c", script], capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=120, env={
            "PATH": "%s:%s" % (self.folder / "bin", os.environ["PATH"]), "HOME": str(self.folder), "LC_ALL": "C.UTF-8", **who,
            "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null", "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": "url.%s/your-organization/.insteadOf" % self.repositories,
            "GIT_CONFIG_VALUE_0": "git@github.com:your-organization/", **environment})
        assert said.returncode == 0, script + said.stdout + said.stderr
        return said.stdout + said.stderr


@pytest.fixture
def reader(tmp_path, open_folder):
    return Reader(tmp_path, open_folder)


def test_on_the_readers_own_machine(reader, plain_postgresql):
    plain_postgresql.run("DROP DATABASE IF EXISTS %s WITH (FORCE)" % DATABASE)
    plain_postgresql.run("CREATE DATABASE %s" % DATABASE)
    reader.types(lines_of(1))
    step = lines_of(2).replace("localhost:5432/app", "127.0.0.1:%d/%s" % (plain_postgresql.port, DATABASE)).replace("USER=app", "USER=" + ADMIN)
    step = step.replace("PASSWORD=…", "PASSWORD='%s'" % ADMIN_PASSWORD).replace("DATABASE_NAME=app", "DATABASE_NAME=" + DATABASE)
    said = reader.types(step)
    assert "Successfully applied 3 migrations" in said
    assert "docker compose -f ../dunlin/deploy/compose.yaml" in reader.calls.read_text()
    readme = (reader.folder / "your-migrations/README.md").read_text()
    assert "### customer" in readme or "customer" in readme.split("dunlin docs: begin")[1]
    said = reader.types("dunlin docs --into README.md --check")
    with psycopg.connect(host="127.0.0.1", port=plain_postgresql.port, dbname=DATABASE, user="read_only", password="local") as c:
        assert c.execute("SELECT count(*) FROM customer").fetchone() == (2,)


class Account(Fargate):
    """Fargate for the task that `dunlin fargate deploy` makes. What a task cannot reach from here has another address."""

    def __enter__(self):
        super().__enter__()
        self.name, self.group = "dunlin", "/ecs/dunlin"
        return self

    def operations(self):
        """The names of all calls since the last look."""
        calls, self.calls = self.calls, []
        return {name if body else urllib.parse.parse_qs(name)["Action"][0] for name, body in calls}

    def on_RunTask(self, handler, asked):
        """moto adds up the memory of containers, and cannot where none is reserved."""
        definition = self.ecs.describe_task_definition(taskDefinition=asked["taskDefinition"])["taskDefinition"]
        container, = definition["containerDefinitions"]
        if not container.get("memory"):
            self.ecs.register_task_definition(family="dunlin", networkMode="awsvpc", containerDefinitions=[{**container, "memory": 512}])
        return super().on_RunTask(handler, asked)


def forget(aws):
    """moto's account is one for the whole run: what other tests left under the names of the page goes, and what this one made."""
    for secret in aws.client.list_secrets(MaxResults=100)["SecretList"]:
        if secret["Name"].startswith(("postgresql@", "github@your-organization@")):
            aws.client.delete_secret(SecretId=secret["ARN"], ForceDeleteWithoutRecovery=True)
    stacks, logs = (boto3.client(service, endpoint_url=aws.url, region_name=REGION, aws_access_key_id="AKIATEST", aws_secret_access_key="test")
                    for service in ("cloudformation", "logs"))
    for stack in stacks.describe_stacks()["Stacks"]:
        stacks.delete_stack(StackName=stack["StackId"])
    for group in logs.describe_log_groups(logGroupNamePrefix="/ecs/dunlin")["logGroups"]:
        logs.delete_log_group(logGroupName=group["logGroupName"])


@pytest.fixture
def account(aws):
    forget(aws)
    with Account(aws) as account:
        yield account
    forget(aws)


def allowed_by_role(role):
    """The operations that deploy/github/roles.yaml lets a workflow call, without their services."""
    policies = load_template(str(ROOT / "deploy/github/roles.yaml"))["Resources"][role]["Properties"]["Policies"]
    actions = [s["Action"] for policy in policies for s in policy["PolicyDocument"]["Statement"]]
    return {name.split(":")[1] for each in actions for name in (each if isinstance(each, list) else [each])} | {"GetCallerIdentity"}


def database_of_sqladmin(server):
    server.run("DROP DATABASE IF EXISTS aurora_serverless_flyway_db WITH (FORCE)")
    for role in ("read_only", "sample_application", "sqladmin"):
        server.run("DROP ROLE IF EXISTS " + role)
    server.run("CREATE ROLE sqladmin LOGIN CREATEROLE PASSWORD '%s'" % PASSWORD)
    server.run("CREATE DATABASE aurora_serverless_flyway_db OWNER sqladmin")


def test_at_aws(tmp_path, sshd, account, postgresql):
    database_of_sqladmin(postgresql)
    reader = Reader(tmp_path, sshd.repositories)
    reader.types(lines_of(1))
    at_aws = {**account.environment(), "FARGATE_APPROVE": "true"}
    for found_by_name in ("FARGATE_CLUSTER", "FARGATE_TASK", "FARGATE_SUBNETS", "FARGATE_SECURITY_GROUPS", "AWS_REGION"):
        at_aws.pop(found_by_name)
    reader.types(lines_of(3).replace("your-cluster.cluster-abcdefghijkl.us-west-2.rds.amazonaws.com", account.database_cluster()))

    said = reader.types(lines_of(4), **at_aws)
    public, = re.findall(r"^\s*(ssh-ed25519 .*)$", said, re.M)
    (tmp_path / "deploy-key.pub").write_text(public + "\n")
    sshd.trust(tmp_path / "deploy-key.pub")
    assert "PRIVATE" not in said

    said = reader.types(lines_of(5).replace("put registry-token", "put registry-token <<< '%s'" % TOKEN), **at_aws)
    assert "image \nskopeo login" in reader.calls.read_text() and TOKEN not in said
    said = reader.types(lines_of(6).replace("password sqladmin", "password sqladmin <<< '%s'" % PASSWORD), **at_aws)
    assert len(re.findall(r"\| stored +\|", said)) == 5 and "| missing" not in said and PASSWORD not in said, said

    plain, with_database, again = [line for line in lines_of(7).splitlines() if line]
    assert "FARGATE_CREATE_DATABASE" in with_database and plain == again  # moto makes no database for a template
    account.operations()
    assert "CREATE_COMPLETE" in reader.types(plain, **at_aws)
    assert account.operations() <= allowed_by_role("DeployRole")

    def runs(task):
        task.starts()
        task.environment.update({
            **account.aws.environment(), "REPOSITORY_URL": sshd.url("your-organization/your-migrations"), "KNOWN_HOSTS": sshd.known_hosts(),
            "DB_HOST": postgresql.host, "DB_PORT": postgresql.port, "PGSSLROOTCERT": postgresql.authority})
        task.stops(task.runs_the_program(tmp_path / ("task-" + task.id), [PASSWORD]))
    account.does = runs
    said = reader.types(lines_of(8), **at_aws)
    assert "Successfully applied 3 migrations" in said and "ended with exit code 0" in said, said
    said = reader.types(lines_of(9), **at_aws)
    assert "from develop" in said and "Successfully applied 1 migration" in said, said
    assert postgresql.rows("SELECT count(*) FROM flyway_schema_history", "aurora_serverless_flyway_db") == [(4,)]
    assert "up to date" in reader.types("dunlin fargate run develop", **at_aws), "the second time there is nothing to do"
    assert account.operations() <= allowed_by_role("RunRole")
    reader.types(lines_of(12), **at_aws)
    assert account.operations() <= allowed_by_role("DeployRole")
    assert account.client("cloudformation").describe_stacks()["Stacks"] == []
