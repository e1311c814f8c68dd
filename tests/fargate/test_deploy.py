"""`dunlin fargate deploy` and `destroy` against moto's CloudFormation, ECS, IAM, EC2 and Logs.

moto's limits: its change sets name every resource of a template, also those whose condition does not hold, and no change of
a parameter; of a task definition it keeps the containers and not the roles, of a security group not what may go out; it knows no
DBCluster and no Secret in a template; nothing ever fails or takes time. What it cannot do is replaced by AWS's documented shapes,
and what it leaves out is held by test_template.py.
"""
import json

import pytest

from support.cloudformation import STACK_ID, CloudFormation, answer, event, fault
from support.terminal import at_terminal

pytestmark = pytest.mark.server
APPROVED = "-fargate.approve=true"


def test_what_stands_then_is_what_run_needs(deployer, account):
    said = deployer("fargate", "deploy", APPROVED)
    assert said.code == 0, said
    container, = account.task_definition()["containerDefinitions"]
    assert container["image"] == "ghcr.io/owner/dunlin:0.1.0" and container["readonlyRootFilesystem"] is True
    assert "entryPoint" not in container and "command" not in container
    assert container["logConfiguration"]["options"] == {
        "awslogs-group": "/ecs/dunlin", "awslogs-region": "us-west-2", "awslogs-stream-prefix": "ecs", "mode": "blocking"}
    environment = {each["name"]: str(each["value"]) for each in container["environment"] if each["value"] != ""}
    assert environment == {
        "REGION": "us-west-2", "REPOSITORY_OWNER": "owner", "REPOSITORY_PATH": "migrations",
        "REPOSITORY_DEPLOY_KEY_SECRET": "github@owner@migrations@deploy-key", "REQUIRE_SIGNED": "false", "DB_HOST": "db.example.com",
        "DB_PORT": "5432", "DB_NAME": "app", "DB_USER": "sqladmin", "DB_SECRET_PREFIX": "postgresql@aurora-serverless-flyway-db",
        "DB_ROLES": "read_only", "AWS_IAM_AUTH": "false", "PGSSLMODE": "verify-full", "SNAPSHOT_BEFORE_MIGRATE": "false"}
    assert account.client("ecs").describe_clusters(clusters=["dunlin"])["clusters"][0]["status"] == "ACTIVE"
    groups = account.client("logs").describe_log_groups(logGroupNamePrefix="/ecs/dunlin")["logGroups"]
    group, = (each for each in groups if each["logGroupName"] == "/ecs/dunlin")
    assert group["retentionInDays"] == 90


def test_the_roles_may_do_nothing_else(deployer, account):
    assert deployer("fargate", "deploy", APPROVED).code == 0
    secrets = "arn:aws:secretsmanager:us-west-2:123456789012:secret:"
    assert account.policies("TaskRole") == {"TaskSecrets": [
        {"Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": [
            secrets + "github@owner@migrations@deploy-key-??????",
            secrets + "postgresql@aurora-serverless-flyway-db@sqladmin-??????",
            secrets + "postgresql@aurora-serverless-flyway-db@read_only-??????"]}]}
    assert account.policies("ExecutionRole") == {"logs": [
        {"Effect": "Allow", "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
         "Resource": "arn:aws:logs:us-west-2:123456789012:log-group:/ecs/dunlin:*"}]}


def test_a_private_registry_a_key_and_a_parameter_bring_their_permissions(deployer, account):
    key = "arn:aws:kms:us-west-2:123456789012:key/k"
    said = deployer("fargate", "deploy", APPROVED, FARGATE_REGISTRY_SECRET="registry", FARGATE_KMS_KEY=key,
                    KNOWN_HOSTS="${ssm:/dunlin/known_hosts}")
    assert said.code == 0, said
    container, = account.task_definition()["containerDefinitions"]
    assert container["repositoryCredentials"] == {"credentialsParameter": "registry"}
    execution, job = account.policies("ExecutionRole"), account.policies("TaskRole")
    assert execution["ExecutionRegistry"][0]["Resource"].endswith(":secret:registry-??????")
    assert execution["ExecutionKey"][0]["Resource"] == job["TaskKey"][0]["Resource"] == key
    assert job["TaskParameters"][0]["Resource"] == ["arn:aws:ssm:us-west-2:123456789012:parameter/dunlin/known_hosts"]
    assert set(execution) == {"logs", "ExecutionRegistry", "ExecutionKey"} and set(job) == {"TaskSecrets", "TaskKey", "TaskParameters"}


def test_a_task_that_takes_snapshots_may_do_so(deployer, account):
    said = deployer("fargate", "deploy", APPROVED, SNAPSHOT_BEFORE_MIGRATE="true")
    assert said.code == 0, said
    container, = account.task_definition()["containerDefinitions"]
    assert {"name": "SNAPSHOT_BEFORE_MIGRATE", "value": "true"} in container["environment"]
    look, take = account.policies("TaskRole")["TaskSnapshots"]
    assert all(action.startswith("rds:Describe") for action in look["Action"])
    assert set(take["Action"]) == {"rds:CreateDBClusterSnapshot", "rds:CreateDBSnapshot", "rds:AddTagsToResource"}
    assert all(":cluster:" in resource or ":db:" in resource or "snapshot:dunlin-" in resource for resource in take["Resource"])


def test_a_login_by_iam_is_to_the_one_database(deployer, account):
    rds = account.client("rds")
    cluster = rds.create_db_cluster(DBClusterIdentifier="iam", Engine="aurora-postgresql", MasterUsername="sqladmin",
                                    MasterUserPassword="a-long-one")["DBCluster"]
    try:
        said = deployer("fargate", "deploy", APPROVED, AWS_IAM_AUTH="true", DB_ROLES="", DB_HOST=cluster["Endpoint"])
    finally:
        rds.delete_db_cluster(DBClusterIdentifier="iam", SkipFinalSnapshot=True)
    assert said.code == 0, said
    job = account.policies("TaskRole")
    assert job["TaskLogin"][0]["Resource"] == \
        "arn:aws:rds-db:us-west-2:123456789012:dbuser:%s/sqladmin" % cluster["DbClusterResourceId"]
    assert job["TaskSecrets"][0]["Resource"] == ["arn:aws:secretsmanager:us-west-2:123456789012:secret:github@owner@migrations@deploy-key-??????"]


def test_the_second_time_there_is_nothing_to_change(deployer):
    assert deployer("fargate", "deploy", APPROVED).code == 0
    said = deployer("fargate", "deploy")
    assert said.code == 0 and "Stack dunlin is as it should be: nothing to change" in said.out, said


def test_a_new_image_is_a_new_revision(deployer, account):
    assert deployer("fargate", "deploy", APPROVED).code == 0
    before = account.task_definition()["revision"]
    said = deployer("fargate", "deploy", APPROVED, FARGATE_IMAGE="ghcr.io/owner/dunlin:0.2.0")
    assert said.code == 0 and "UPDATE_COMPLETE" in said.out, said
    assert account.task_definition()["revision"] == before + 1  # moto drops what an update says of the containers


def test_without_approval_nothing_is_made(deployer, account):
    said = deployer("fargate", "deploy")
    assert said.code == 2 and "nobody is at a terminal to approve it\n-> look at it, then -fargate.approve=true does it" in said.err, said
    assert account.stack_names() == [] and "| make " in said.out


@pytest.mark.parametrize("typed, code, stacks", [("y\n", 0, ["dunlin"]), ("n\n", 0, []), ("\n", 0, [])])
def test_a_person_is_asked(deployer, account, typed, code, stacks):
    said = at_terminal(deployer, typed, "fargate", "deploy")
    assert said.code == code and "Make these changes? [y/N]" in said.err, said
    assert account.stack_names() == stacks


def test_the_image_has_to_be_named(deployer):
    said = deployer("fargate", "deploy", FARGATE_IMAGE=None)
    assert said.code == 2 and "FARGATE_IMAGE" in said.all, said


def test_what_run_would_refuse_is_refused_here(deployer):
    said = deployer("fargate", "deploy", DB_HOST=None)
    assert said.code == 2 and "DB_HOST is not set" in said.err, said
    assert "-> set it here as for dunlin run: deploy takes it over into the task definition" in said.err


def test_a_key_in_the_environment_is_not_deployed(deployer, account):
    said = deployer("fargate", "deploy", APPROVED, REPOSITORY_DEPLOY_KEY="-----BEGIN KEY-----")
    assert said.code == 2 and "would stand in the task definition for everybody to read" in said.err, said
    assert account.stack_names() == []


def test_a_security_group_stands_in_the_default_vpc(deployer, account):
    said = deployer("fargate", "deploy", APPROVED, "-fargate.createSecurityGroup=true")
    assert said.code == 0, said
    ec2 = account.client("ec2")
    group, = [each for each in ec2.describe_security_groups()["SecurityGroups"] if each["Description"].startswith("Tasks of dunlin")]
    vpc, = ec2.describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    assert group["IpPermissions"] == [] and group["VpcId"] == vpc["VpcId"]


def test_a_bastion_host_is_reached_by_the_session_manager(deployer, account):
    said = deployer("fargate", "deploy", APPROVED, "-fargate.createBastion=true")
    assert said.code == 0, said
    ec2 = account.client("ec2")
    host, = [each for all in ec2.describe_instances()["Reservations"] for each in all["Instances"] if each["State"]["Name"] == "running"]
    assert host["InstanceType"] == "t4g.nano" and host["IamInstanceProfile"]["Arn"]
    group, = ec2.describe_security_groups(GroupIds=[host["NetworkInterfaces"][0]["Groups"][0]["GroupId"]])["SecurityGroups"]
    assert group["IpPermissions"] == [], "nobody comes in"


def test_a_database_needs_two_zones(deployer, account):
    ec2 = account.client("ec2")
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    said = deployer("fargate", "deploy", APPROVED, "-fargate.createDatabase=true", "-fargate.subnets=" + subnet)
    assert said.code == 2 and "a database needs subnets in two availability zones, and these 1 are in us-west-2" in said.err, said
    assert account.stack_names() == []


def test_destroy_keeps_the_logs(deployer, account):
    assert deployer("fargate", "deploy", APPROVED).code == 0
    said = deployer("fargate", "destroy")
    assert said.code == 2 and "| stays | LogGroup " in said.out, said
    said = deployer("fargate", "destroy", APPROVED)
    assert said.code == 0 and "Stack dunlin is removed" in said.out, said
    assert account.stack_names() == []
    assert deployer("fargate", "destroy").code == 0, "a second time there is nothing to do"


def test_as_json_it_is_one_document(deployer):
    said = deployer("fargate", "deploy", APPROVED, "-outputType=json")
    told = json.loads(said.out)
    assert said.code == 0 and told["stack"] == "dunlin" and told["status"] == "CREATE_COMPLETE", said
    assert {"what": "make", "resource": "LogGroup", "type": "AWS::Logs::LogGroup", "becauseOf": []} in told["changes"]
    said = deployer("fargate", "destroy", APPROVED, "-outputType=json")
    told = json.loads(said.out)
    assert {"what": "stays", "resource": "LogGroup", "type": "AWS::Logs::LogGroup", "name": "/ecs/dunlin"} in told["resources"]


def test_quiet_it_shows_only_what_a_person_has_to_decide_on(deployer):
    said = at_terminal(deployer, "n\n", "-q", "fargate", "deploy")
    assert said.code == 0 and "| make | LogGroup" in said.out, said
    assert deployer("-q", "fargate", "deploy", APPROVED).out == ""


# --- what moto cannot do

@pytest.fixture
def front(account, deployer):
    with CloudFormation(account) as front:
        deployer.environment["AWS_ENDPOINT_URL"] = front.url
        yield front


def test_the_first_real_cause_is_told_and_what_to_do(front, deployer):
    stack = "<Stacks><member><StackId>%s</StackId><StackName>dunlin</StackName><StackStatus>%s</StackStatus></member></Stacks>"
    front.replace("DescribeStacks", 200, None, answer("DescribeStacks", stack % (STACK_ID, "ROLLBACK_COMPLETE")))
    front.replace("DescribeStackEvents", 200, answer("DescribeStackEvents", ""), answer("DescribeStackEvents", "<StackEvents>%s</StackEvents>" % "".join([
        event(5, "dunlin", "CloudFormation::Stack", "ROLLBACK_COMPLETE"),
        event(4, "dunlin", "CloudFormation::Stack", "ROLLBACK_IN_PROGRESS", "The following resource(s) failed to create: [Cluster, LogGroup]."),
        event(3, "Cluster", "ECS::Cluster", "CREATE_FAILED", "Resource creation cancelled"),
        event(2, "LogGroup", "Logs::LogGroup", "CREATE_FAILED", "/ecs/dunlin already exists in stack arn:aws:cloudformation:x"),
        event(1, "dunlin", "CloudFormation::Stack", "CREATE_IN_PROGRESS", "User Initiated")])))
    said = deployer("fargate", "deploy", APPROVED)
    assert said.code == 3, said
    assert "ERROR: stack dunlin could not be deployed: LogGroup (Logs LogGroup): /ecs/dunlin already exists in stack arn" in said.err
    assert "-> it was made before, by hand or by another stack" in said.err
    assert "05:00:03  CREATE_FAILED       Cluster (ECS Cluster): Resource creation cancelled" in said.out


def test_a_missing_permission_is_told_before_anything_is_made(front, deployer):
    front.replace("CreateChangeSet", 403, fault(
        "AccessDenied", "User: arn:aws:iam::123456789012:user/u is not authorized to perform: cloudformation:CreateChangeSet on resource: "
        "arn:aws:cloudformation:us-west-2:123456789012:stack/dunlin/*"))
    said = deployer("fargate", "deploy", APPROVED)
    assert said.code == 3 and "cloudformation:CreateChangeSet" in said.err, said
    assert "ExecuteChangeSet" not in front.asked


def test_a_stop_while_waiting_leaves_the_stack_at_work(front, deployer):
    front.replace("DescribeStackEvents", 200, answer("DescribeStackEvents", ""), answer(
        "DescribeStackEvents", "<StackEvents>%s</StackEvents>" % event(1, "dunlin", "CloudFormation::Stack", "CREATE_IN_PROGRESS")))
    process = deployer.start("fargate", "deploy", APPROVED)
    for line in process.stdout:
        if b"CREATE_IN_PROGRESS" in line:
            process.terminate()
            break
    said = deployer.finish(process)
    assert said.code == 143 and "Stack dunlin goes on without this program" in said.err, said
    assert "-> `dunlin fargate deploy` follows it to its end" in said.err
    assert "DeleteStack" not in front.asked
