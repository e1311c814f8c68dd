"""The Terraform module makes what the CloudFormation template makes. Compared is what both parse to; AWS was not asked."""
import os
import re
import shutil
import subprocess

import hcl2
import pytest
from cfnlint.decode.cfn_yaml import load as load_template

from support.program import ROOT

MODULE = ROOT / "deploy/terraform"
TEMPLATE = ROOT / "deploy/cloudformation/dunlin.yaml"

# What each kind of resource is called there and here. None: what Terraform has no resource of its own for.
KINDS = {
    "AWS::Logs::LogGroup": "aws_cloudwatch_log_group",
    "AWS::ECS::Cluster": "aws_ecs_cluster",
    "AWS::ECS::TaskDefinition": "aws_ecs_task_definition",
    "AWS::IAM::Role": "aws_iam_role",
    "AWS::IAM::Policy": None,  # their statements are compared below
    "AWS::IAM::InstanceProfile": "aws_iam_instance_profile",
    "AWS::EC2::SecurityGroup": "aws_security_group",
    "AWS::EC2::SecurityGroupEgress": "aws_vpc_security_group_egress_rule",
    "AWS::EC2::SecurityGroupIngress": "aws_vpc_security_group_ingress_rule",
    "AWS::EC2::Instance": "aws_instance",
    "AWS::RDS::DBSubnetGroup": "aws_db_subnet_group",
    "AWS::RDS::DBCluster": "aws_rds_cluster",
    "AWS::RDS::DBInstance": "aws_rds_cluster_instance",
    "AWS::SecretsManager::Secret": "aws_secretsmanager_secret",
    "AWS::SecretsManager::SecretTargetAttachment": None,  # writes the host into the secret; the job has DB_HOST
}
# One for each user there, one with for_each here.
ONE_FOR_ALL = re.compile(r"^(DatabaseUser|Role\d)Secret$")
# Parts of a resource there that are a resource here.
PARTS = {"aws_iam_role_policy", "aws_iam_role_policy_attachment", "aws_secretsmanager_secret_version"}
RULES = {"aws_vpc_security_group_egress_rule.https", "aws_vpc_security_group_egress_rule.git",
         "aws_vpc_security_group_egress_rule.foreign_database", "aws_vpc_security_group_egress_rule.bastion_https",
         "aws_vpc_security_group_egress_rule.bastion_database", "aws_vpc_security_group_ingress_rule.bastion_ssh",
         "aws_vpc_security_group_egress_rule.database_everywhere"}


def snake(name):
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r"_\1", name).lower()


def clean(value):
    """What hcl2 gives, without its quotes around strings and its marks."""
    if isinstance(value, dict):
        return {clean(k): clean(v) for k, v in value.items() if not k.startswith("__")}
    if isinstance(value, list):
        return [clean(each) for each in value]
    return value[1:-1] if isinstance(value, str) and value[:1] == value[-1:] == '"' else value


@pytest.fixture(scope="module")
def module():
    """{"resource": {"kind.name": …}, "data": …, "locals": …, "variable": …, "output": …} of all files."""
    whole = {}
    for path in sorted(MODULE.glob("*.tf")):
        for kind, blocks in clean(hcl2.loads(path.read_text())).items():
            into = whole.setdefault(kind, {})
            for block in blocks:
                for name, content in block.items():
                    if kind in ("resource", "data", "ephemeral"):
                        into.update({"%s.%s" % (name, each): inner for each, inner in content.items()})
                    else:
                        into[name] = content
    return whole


@pytest.fixture(scope="module")
def template():
    return load_template(str(TEMPLATE))


def formatter():
    return shutil.which("tofu") or shutil.which("terraform")


@pytest.mark.skipif(not formatter(), reason="neither tofu nor terraform is here: building OpenTofu takes six minutes of processor time")
def test_the_formatter_changes_nothing():
    quiet = {**os.environ, "CHECKPOINT_DISABLE": "1"}
    said = subprocess.run([formatter(), "fmt", "-check", "-recursive", "-diff", MODULE], capture_output=True, text=True, env=quiet)
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.skip(reason="validate needs the AWS provider, which is fetched from a registry that may not be reached where tests run")
def test_validate():
    """By hand: tofu init && tofu validate."""


def test_the_same_resources(module, template):
    there = {"%s.%s" % (KINDS[r["Type"]], "database_user" if ONE_FOR_ALL.match(name) else snake(name))
             for name, r in template["Resources"].items() if KINDS[r["Type"]]}
    here = {name for name in module["resource"] if name.split(".")[0] not in PARTS and name not in RULES}
    assert here == there


def test_the_same_variables_with_the_same_defaults_and_meanings(module, template):
    roles = {"DatabaseRole%d" % n for n in range(1, 5)}
    truths = {"true": True, "false": False}
    for name, parameter in template["Parameters"].items():
        if name in roles:
            continue
        here = module["variable"][snake(name)]
        assert here["description"] == parameter["Description"], name
        default = parameter.get("Default")
        if here["type"] == "${bool}" or here["type"] == "bool":
            default = truths[default]
        elif "list" in here["type"]:
            default = []
        assert here.get("default") == (int(default) if parameter["Type"] == "Number" else default), name
        if allowed := parameter.get("AllowedValues"):
            assert here["type"] == "bool" or all(str(value) in str(here["validation"]) for value in allowed), name
    only_here = set(module["variable"]) - {snake(name) for name in template["Parameters"]}
    assert only_here == {"database_generated_roles", "password_version", "last_snapshot"}


def said_there(value):
    """A value of the template as one text: parameters as {snake_case}, AWS's own as {region} and so on."""
    if isinstance(value, list):
        return [said_there(each) for each in value]
    if not isinstance(value, dict):
        return str(value)
    (function, argument), = value.items()
    if function == "Ref":
        return "{%s}" % own(argument)
    if function == "Fn::Sub":
        return re.sub(r"\$\{([^}]*)\}", lambda m: "{%s}" % own(m[1]), argument)
    if function == "Fn::If":
        return "{%s}" % "|".join(str(said_there(each)).strip("{}") for each in argument[1:])
    if function == "Fn::GetAtt":
        return "{%s}" % own(".".join(argument) if isinstance(argument, list) else argument)
    raise AssertionError(value)


def own(name):
    known = {"AWS::Partition": "partition", "AWS::Region": "region", "AWS::AccountId": "account", "AWS::URLSuffix": "url_suffix",
             "Database.Endpoint.Address": "database.endpoint", "Database.DBClusterResourceId": "database.cluster_resource_id"}
    return known.get(name) or snake(name)


def said_here(value):
    """The same of a value of the module."""
    if isinstance(value, list):
        return [said_here(each) for each in value]
    text = str(value)
    text = re.sub(r"\$\{(?:var|local)\.(\w+)\}", r"{\1}", text)
    text = re.sub(r"\$\{(?:aws_\w+)\.(\w+)\[0\]\.(\w+)\}", r"{\1.\2}", text)
    choice = re.fullmatch(r"\$\{[^?]*\? (.*) : (.*)\}", text)
    if choice:
        text = "{%s}" % "|".join(re.sub(r"^(?:var|local)\.|^aws_\w+?\.(?=\w+\[0\])|\[0\]", "", part.strip().strip('"')) for part in choice.groups())
    return text


def test_the_same_environment(module, template):
    there = {each["Name"]: said_there(each["Value"])
             for each in template["Resources"]["TaskDefinition"]["Properties"]["ContainerDefinitions"][0]["Environment"]}
    assert {name: said_here(value) for name, value in module["locals"]["environment"].items()} == there


def test_the_same_task(module, template):
    there = template["Resources"]["TaskDefinition"]["Properties"]
    here = module["resource"]["aws_ecs_task_definition.task_definition"]
    assert (here["cpu"], here["memory"], here["network_mode"], here["requires_compatibilities"]) == (
        there["Cpu"], there["Memory"], there["NetworkMode"], there["RequiresCompatibilities"])
    container, inside = there["ContainerDefinitions"][0], module["locals"]["container"]
    assert {name[0].lower() + name[1:] for name in container} == set(inside)
    for name in ("Name", "Image", "Essential", "ReadonlyRootFilesystem", "StopTimeout"):
        expected = container[name] if isinstance(container[name], (bool, int)) else said_there(container[name])
        found = inside[name[0].lower() + name[1:]]
        assert (found if isinstance(found, (bool, int)) else said_here(found)) == expected, name
    logs, options = container["LogConfiguration"], inside["logConfiguration"]
    assert options["logDriver"] == logs["LogDriver"] and set(options["options"]) == set(logs["Options"])
    assert options["options"]["mode"] == logs["Options"]["mode"] == "blocking"


def statements_there(template, role):
    """(actions, resources, conditions) of every statement that a role of the template may have."""
    found = set()
    inside = template["Resources"][role]["Properties"].get("Policies", [])
    beside = [r["Properties"]["PolicyDocument"] for r in template["Resources"].values()
              if r["Type"] == "AWS::IAM::Policy" and {"Ref": role} in r["Properties"]["Roles"]]

    def walk(value):
        if isinstance(value, list):
            for each in value:
                walk(each)
        elif isinstance(value, dict):
            if value.get("Effect") == "Allow":
                found.add(statement(value["Action"], said_there(value["Resource"]),
                                    [(test, key, said_there(v)) for test, pairs in value.get("Condition", {}).items() for key, v in pairs.items()]))
            else:
                for each in value.values():
                    walk(each)
    walk([inside, beside])
    return found


def statement(actions, resources, conditions):
    both = [sorted(x if isinstance(x, list) else [x]) for x in (actions, resources)]
    return (tuple(both[0]), tuple(both[1]), tuple(sorted(conditions)))


def statements_here(document):
    plain = list(document.get("statement", []))
    for each in document.get("dynamic", []):
        plain += each["statement"]["content"]
    return {statement(each["actions"], said_here(each["resources"]),
                      [(c["test"], c["variable"], said_here(c["values"][0])) for c in each.get("condition", [])]) for each in plain}


@pytest.mark.parametrize("there, here", [("ExecutionRole", "execution"), ("TaskRole", "task")])
def test_the_same_permissions(module, template, there, here):
    expected, found = statements_there(template, there), statements_here(module["data"]["aws_iam_policy_document." + here])
    assert len(expected) >= 4
    # How a login's ARN is chosen is written in the two languages' own ways; that it is one user's is compared.
    login = [s for s in found if s[0] == ("rds-db:connect",)]
    assert found - set(login) == {s for s in expected if s[0] != ("rds-db:connect",)}
    if here == "task":
        assert len(login) == 1 and "dbuser:" in login[0][1][0] and "*" not in login[0][1][0]
    policy = module["resource"]["aws_iam_role_policy." + here]
    assert policy["role"] == "${aws_iam_role.%s_role.id}" % here and policy["policy"] == "${data.aws_iam_policy_document.%s.json}" % here


def test_the_same_trust(module, template):
    trust, = template["Resources"]["TaskRole"]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    here, = module["data"]["aws_iam_policy_document.trust"]["statement"]
    assert here["actions"] == [trust["Action"]] and here["principals"][0]["identifiers"] == [trust["Principal"]["Service"]]
    assert {(c["test"], c["variable"], said_here(c["values"][0])) for c in here["condition"]} == {
        (test, key, said_there(value)) for test, pairs in trust["Condition"].items() for key, value in pairs.items()}


def test_the_database_is_the_same(module, template):
    there, here = template["Resources"]["Database"]["Properties"], module["resource"]["aws_rds_cluster.database"]
    scaling, = here["serverlessv2_scaling_configuration"]
    assert (here["engine"], here["storage_encrypted"], here["backup_retention_period"], here["copy_tags_to_snapshot"]) == (
        there["Engine"], there["StorageEncrypted"], there["BackupRetentionPeriod"], there["CopyTagsToSnapshot"])
    assert (scaling["min_capacity"], scaling["seconds_until_auto_pause"]) == (
        there["ServerlessV2ScalingConfiguration"]["MinCapacity"], there["ServerlessV2ScalingConfiguration"]["SecondsUntilAutoPause"])
    assert here["skip_final_snapshot"] is False and template["Resources"]["Database"]["DeletionPolicy"] == "Snapshot"


def test_no_password_is_kept_in_the_state(module):
    assert not any("random" in name for name in {**module["resource"], **module["data"]})
    secret = module["resource"]["aws_secretsmanager_secret_version.database_user"]
    assert "secret_string" not in secret and "secret_string_wo" in secret
    assert "master_password" not in module["resource"]["aws_rds_cluster.database"]


def test_the_same_outputs(module, template):
    assert {snake(name) for name in template["Outputs"]} <= set(module["output"])
