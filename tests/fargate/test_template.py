"""The template: what cfn-lint says of every branch, and what the program knows of it."""
import copy
import json
import subprocess
import sys
from pathlib import Path

import pytest
from cfnlint.decode.cfn_yaml import load

from support.program import ROOT, binary

FILE = ROOT / "deploy/cloudformation/dunlin.yaml"
BRANCHES = {
    "a public image": {},
    "a private registry with a key": {"RegistrySecret": "r", "RegistrySecretArn": "arn:aws:secretsmanager:us-west-2:123456789012:secret:r-??????",
                                      "KeyArn": "arn:aws:kms:us-west-2:123456789012:key/0a"},
    "ECR": {"EcrRepositoryArn": "arn:aws:ecr:us-west-2:123456789012:repository/dunlin"},
    "a login by IAM": {"DatabaseUserArn": "arn:aws:rds-db:us-west-2:123456789012:dbuser:cluster-A/sqladmin", "DatabaseIamLogin": "true"},
    "a parameter and no secret": {"ParameterArns": "arn:aws:ssm:us-west-2:123456789012:parameter/p", "SecretArns": ""},
    "a security group": {"CreateSecurityGroup": "true", "RepositoryPort": 443},
    "a database": {"CreateDatabase": "true", "DatabaseRole1": "read_only", "DatabaseIamLogin": "true"},
    "a bastion host": {"CreateBastion": "true"},
    "everything": {"CreateDatabase": "true", "CreateBastion": "true", "BastionKeyName": "key", "DatabaseRole1": "a", "DatabaseRole2": "b",
                   "DatabaseRole3": "c", "DatabaseRole4": "d"},
}


@pytest.fixture(scope="module")
def template():
    return load(str(FILE))


def lint(*arguments):
    return subprocess.run([Path(sys.executable).parent / "cfn-lint", "--regions", "us-west-2", "--template", *arguments],
                          capture_output=True, text=True)


def test_cfn_lint_finds_nothing():
    said = lint(FILE)
    assert said.returncode == 0, said.stdout + said.stderr


def test_cfn_lint_finds_nothing_in_any_branch(template, tmp_path):
    for branch, own in BRANCHES.items():
        filled = copy.deepcopy(template)
        values = {"Image": "dunlin:1", "VpcId": "vpc-01234567", "SubnetIds": "subnet-01234567,subnet-89abcdef", "DatabaseName": "app",
                  "SecretArns": "arn:aws:secretsmanager:us-west-2:123456789012:secret:s-??????", **own}
        for name, value in values.items():
            filled["Parameters"][name]["Default"] = value
        (tmp_path / (branch + ".json")).write_text(json.dumps(filled))
    said = lint(*tmp_path.iterdir())
    assert said.returncode == 0, said.stdout + said.stderr


def test_the_program_prints_this_very_file():
    said = subprocess.run([binary(), "fargate", "template"], capture_output=True)
    assert said.returncode == 0 and said.stdout == FILE.read_bytes()


def test_it_is_short_enough_to_be_sent():
    assert FILE.stat().st_size < 51200  # TemplateBody of CreateChangeSet


def test_what_stays_is_what_destroy_says(template):
    kept = {resource["Type"] for resource in template["Resources"].values() if resource.get("DeletionPolicy") == "Retain"}
    snapshot = {resource["Type"] for resource in template["Resources"].values() if resource.get("DeletionPolicy") == "Snapshot"}
    assert kept == {"AWS::Logs::LogGroup"} and snapshot == {"AWS::RDS::DBCluster"}  # stays(), leaves_snapshot() of remove.cpp


def test_passwords_are_of_the_shape_that_run_reads(template):
    secrets = [each["Properties"] for each in template["Resources"].values() if each["Type"] == "AWS::SecretsManager::Secret"]
    assert len(secrets) == 5
    for secret in secrets:
        assert secret["GenerateSecretString"]["GenerateStringKey"] == "password" and secret["GenerateSecretString"]["ExcludePunctuation"]


def test_the_task_is_the_smallest_that_fargate_has(template):
    task = template["Resources"]["TaskDefinition"]["Properties"]
    assert (task["Cpu"], task["Memory"], task["RequiresCompatibilities"]) == ("256", "512", ["FARGATE"])
    assert (task["TaskRoleArn"], task["ExecutionRoleArn"]) == tuple({"Fn::GetAtt": [role, "Arn"]} for role in ("TaskRole", "ExecutionRole"))
    container, = task["ContainerDefinitions"]
    assert container["ReadonlyRootFilesystem"] is True and 30 <= container["StopTimeout"] <= 120
    assert "EntryPoint" not in container and "Command" not in container


def test_the_task_reaches_only_what_the_job_needs(template):
    rules = template["Resources"]["SecurityGroup"]["Properties"]
    ports = [rule.get("ToPort") or rule["Fn::If"][1]["ToPort"] for rule in rules["SecurityGroupEgress"]]
    assert ports == [443, {"Ref": "RepositoryPort"}, {"Ref": "DatabasePort"}] and "SecurityGroupIngress" not in rules


def test_only_tasks_of_the_account_take_the_roles(template):
    for name in "TaskRole", "ExecutionRole":
        statement, = template["Resources"][name]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        assert statement["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
        assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}


def test_every_variable_of_the_task_is_one_that_is_read(template):
    known = (ROOT / "docs/reference.md").read_text()
    container, = template["Resources"]["TaskDefinition"]["Properties"]["ContainerDefinitions"]
    assert [each["Name"] for each in container["Environment"] if each["Name"] not in known and each["Name"] != "PGSSLMODE"] == []


def test_nothing_but_the_login_to_ecr_and_looking_at_snapshots_is_allowed_on_everything(template):
    wide = [(name, statement["Action"]) for name, resource in template["Resources"].items() if resource["Type"] == "AWS::IAM::Policy"
            for statement in resource["Properties"]["PolicyDocument"]["Statement"] if statement["Resource"] == "*"]
    assert wide.pop(0) == ("ExecutionImage", "ecr:GetAuthorizationToken")
    (name, actions), = wide
    assert name == "TaskSnapshots" and all(action.startswith("rds:Describe") for action in actions)
