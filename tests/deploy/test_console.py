"""docs/console.md says by hand what the template says: the template is deployed to moto and read back."""
import ast
import json
import re

import boto3
import pytest
from cfnlint.decode.cfn_yaml import load as load_template
from moto import mock_aws

from support.program import ROOT

PAGE = ROOT / "docs/console.md"
TEMPLATE = ROOT / "deploy/cloudformation/dunlin.yaml"
REGION = "us-west-2"
SECRETS = "arn:aws:secretsmanager:us-west-2:123456789012:secret:"


def documents():
    """{file name: the JSON that stands below it}."""
    return {name: json.loads(text) for name, text in re.findall(r"^`([a-z-]+\.json)`\n\n```json\n(.*?)^```", PAGE.read_text(), re.M | re.S)}


def test_every_json_of_the_documentation_is_json():
    for page in sorted((ROOT / "docs").glob("*.md")) + sorted((ROOT / "deploy").rglob("*.md")):
        for text in re.findall(r"^```json\n(.*?)^```", page.read_text(), re.M | re.S):
            json.loads(text)


def test_every_document_of_the_page_has_a_name():
    assert len(documents()) == PAGE.read_text().count("```json") >= 8


@pytest.fixture(scope="module")
def made():
    """What the template makes of the values of the page: the task definition, and the policies of both roles."""
    task = documents()["task-definition.json"]["containerDefinitions"][0]
    values = {each["name"]: each["value"] for each in task["environment"]}
    parameters = {
        "Image": task["image"], "RegistrySecret": "github@your-organization@registry-token",
        "RegistrySecretArn": SECRETS + "github@your-organization@registry-token-??????",
        "RepositoryOwner": values["REPOSITORY_OWNER"], "RepositoryPath": values["REPOSITORY_PATH"],
        "RepositoryDeployKeySecret": values["REPOSITORY_DEPLOY_KEY_SECRET"], "DatabaseHost": values["DB_HOST"], "DatabaseName": values["DB_NAME"],
        "KeyArn": documents()["key-policy-statement.json"]["Resource"],
        "SecretArns": ",".join(SECRETS + name + "-??????" for name in [
            values["REPOSITORY_DEPLOY_KEY_SECRET"],
            *("%s@%s" % (values["DB_SECRET_PREFIX"], user) for user in ["sqladmin", *values["DB_ROLES"].split(",")])])}
    with mock_aws():
        stacks, iam = boto3.client("cloudformation", REGION), boto3.client("iam", REGION)
        body = json.dumps(load_template(str(TEMPLATE)))  # moto does not know the short form !Condition
        stacks.create_stack(StackName="dunlin", TemplateBody=body, Capabilities=["CAPABILITY_IAM"],
                            Parameters=[{"ParameterKey": k, "ParameterValue": v} for k, v in parameters.items()])
        definition = boto3.client("ecs", REGION).describe_task_definition(taskDefinition="dunlin")["taskDefinition"]
        roles = {}
        for side in ("ExecutionRole", "TaskRole"):
            name, = [r["RoleName"] for r in iam.list_roles()["Roles"] if "-%s-" % side in r["RoleName"]]
            statements = []
            for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
                document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
                # moto keeps a policy inside a role as Python would print it.
                statements += (ast.literal_eval(document) if isinstance(document, str) else document)["Statement"]
            roles[side] = {"statements": statements, "trust": iam.get_role(RoleName=name)["Role"]["AssumeRolePolicyDocument"]}
        yield definition, roles


def as_set(statements):
    """Order and one-element lists mean nothing to IAM."""
    def sorted_list(value):
        return sorted(value if isinstance(value, list) else [value])
    return sorted(json.dumps({**s, "Action": sorted_list(s["Action"]), "Resource": sorted_list(s["Resource"])}, sort_keys=True) for s in statements)


@pytest.mark.parametrize("side, name", [("ExecutionRole", "execution-policy.json"), ("TaskRole", "task-policy.json")])
def test_the_policies_are_the_templates(made, side, name):
    _, roles = made
    key = documents()["key-policy-statement.json"]
    assert as_set(roles[side]["statements"]) == as_set([*documents()[name]["Statement"], key])
    assert roles[side]["trust"] == documents()["trust-policy.json"]


def test_the_task_definition_is_the_templates(made):
    there, _ = made
    here = documents()["task-definition.json"]
    written = load_template(str(TEMPLATE))["Resources"]["TaskDefinition"]["Properties"]  # moto keeps the containers of it, and little else
    for field in ("Cpu", "Memory", "NetworkMode", "RequiresCompatibilities"):
        assert here[field[0].lower() + field[1:]] == written[field], field
    assert here["runtimePlatform"]["operatingSystemFamily"] == written["RuntimePlatform"]["OperatingSystemFamily"]
    container, = here["containerDefinitions"]
    other, = there["containerDefinitions"]
    for field in set(container) - {"environment"}:
        assert container[field] == other[field], field
    values = {each["name"]: each["value"] for each in other["environment"]}
    assert {each["name"]: each["value"] for each in container["environment"]}.items() <= values.items()
    assert {name for name, value in values.items() if value} - {each["name"] for each in container["environment"]} <= {"DB_PORT", "DB_USER"}


def test_aws_takes_what_stands_there():
    """As far as boto3 checks shapes and moto checks content."""
    given = documents()
    with mock_aws():
        ecs, iam = boto3.client("ecs", REGION), boto3.client("iam", REGION)
        for role, policy in (("dunlin-execution", "execution-policy.json"), ("dunlin-task", "task-policy.json"), ("runner", "runner-policy.json")):
            iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(given["trust-policy.json"]))
            iam.put_role_policy(RoleName=role, PolicyName="it", PolicyDocument=json.dumps(given[policy]))
        iam.put_role_policy(RoleName="dunlin-task", PolicyName="key", PolicyDocument=json.dumps(
            {"Version": "2012-10-17", "Statement": [given["key-policy-statement.json"]]}))
        ecs.create_cluster(clusterName="dunlin")
        task = given["task-definition.json"]
        # moto adds up what containers reserve, and cannot where they reserve nothing.
        task["containerDefinitions"][0].update(cpu=256, memory=512)
        ecs.register_task_definition(**task)
        network = given["network.json"]
        ec2 = boto3.client("ec2", REGION)
        network["awsvpcConfiguration"].update(subnets=[ec2.describe_subnets()["Subnets"][0]["SubnetId"]],
                                              securityGroups=[ec2.describe_security_groups()["SecurityGroups"][0]["GroupId"]])
        run = ecs.run_task(cluster="dunlin", taskDefinition="dunlin", launchType="FARGATE", networkConfiguration=network, overrides=given["overrides.json"])
        assert run["tasks"][0]["overrides"]["containerOverrides"] == [{"name": "dunlin", "command": ["develop"]}]
