"""The state machine, run by moto, whose interpreter calls moto's RDS, ECS and SNS."""
import json
import time

import boto3
import pytest
from cfnlint.decode.cfn_yaml import load as load_template
from moto import mock_aws
from moto.stepfunctions.parser.asl.component.state.exec.state_task.service.state_task_service import StateTaskService

from support.program import ROOT

FOLDER = ROOT / "deploy/step-functions"
REGION = "us-west-2"


def definition():
    return json.loads((FOLDER / "migrate.asl.json").read_text())


def test_the_stack_holds_the_definition_word_for_word():
    machine = load_template(str(FOLDER / "stack.yaml"))["Resources"]["Migrate"]["Properties"]
    assert machine["Definition"] == definition()
    assert {"${%s}" % name for name in machine["DefinitionSubstitutions"]} == {
        part for text in json.dumps(definition()).split('"') for part in [text[text.find("$"):text.find("}") + 1]] if part.startswith("${")}


def next_states(state):
    """The names of all states that may come after one."""
    rules = [state, *state.get("Choices", []), *state.get("Catch", [])]
    return {rule[key] for rule in rules for key in ("Next", "Default") if key in rule}


def test_every_state_is_there_and_reached_and_goes_on_or_ends():
    states = definition()["States"]
    named = {name for state in states.values() for name in next_states(state)}
    assert named | {definition()["StartAt"]} == set(states)
    assert [name for name, state in states.items()
            if bool(next_states(state)) == (state.get("End") is True or state["Type"] in ("Fail", "Succeed"))] == []


def test_whatever_fails_is_told():
    """Each task but the notices themselves ends in the notice of a failure."""
    tasks = {name: state for name, state in definition()["States"].items() if state["Type"] == "Task" and not name.startswith("Tell")}
    for name, state in tasks.items():
        assert state["Catch"][-1]["ErrorEquals"] == ["States.ALL"] and state["Catch"][-1]["Next"] == "Tell that it failed", name
        assert all("States.ALL" not in retry["ErrorEquals"] and "States.TaskFailed" not in retry["ErrorEquals"] for retry in state["Retry"]), name


def substituted(values):
    text = (FOLDER / "migrate.asl.json").read_text()
    for name, value in values.items():
        text = text.replace("${%s}" % name, value)
    fast = json.loads(text)
    fast["States"]["Wait for the snapshot"]["Seconds"] = 0
    for state in fast["States"].values():
        for retry in state.get("Retry", []):
            retry["IntervalSeconds"] = 1
            retry["MaxAttempts"] = 1
            retry.pop("MaxDelaySeconds", None)
    return json.dumps(fast)


class Account:
    """What `dunlin fargate deploy` would have made, in moto, and the machine beside it."""

    def __init__(self, database="flock", cluster="dunlin"):
        self.client = {name: boto3.client(name, REGION) for name in ("rds", "ecs", "ec2", "sns", "sqs", "stepfunctions")}
        self.client["rds"].create_db_cluster(DBClusterIdentifier="flock", Engine="aurora-postgresql",
                                             MasterUsername="sqladmin", MasterUserPassword="a password")
        subnets = [s["SubnetId"] for s in self.client["ec2"].describe_subnets()["Subnets"]][:2]
        group = self.client["ec2"].describe_security_groups()["SecurityGroups"][0]["GroupId"]
        self.client["ecs"].create_cluster(clusterName="dunlin")
        self.client["ecs"].register_task_definition(
            family="dunlin", networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256", memory="512",
            containerDefinitions=[{"name": "dunlin", "image": "dunlin", "cpu": 256, "memory": 512}])
        topic = self.client["sns"].create_topic(Name="dunlin")["TopicArn"]
        self.queue = self.client["sqs"].create_queue(QueueName="told")["QueueUrl"]
        arn = self.client["sqs"].get_queue_attributes(QueueUrl=self.queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        self.client["sns"].subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
        self.machine = self.client["stepfunctions"].create_state_machine(
            name="migrate", roleArn="arn:aws:iam::123456789012:role/machine",
            definition=substituted({"ClusterName": cluster, "TaskName": "dunlin", "DatabaseCluster": database, "TopicArn": topic,
                                    "Subnets": ",".join(subnets), "SecurityGroups": group, "AssignPublicIp": "DISABLED"}))

    def run(self, argument):
        """The execution, once it has ended."""
        arn = self.client["stepfunctions"].start_execution(stateMachineArn=self.machine["stateMachineArn"],
                                                           input=json.dumps(argument))["executionArn"]
        end = time.monotonic() + 60
        while (seen := self.client["stepfunctions"].describe_execution(executionArn=arn))["status"] == "RUNNING":
            assert time.monotonic() < end, self.client["stepfunctions"].get_execution_history(executionArn=arn)["events"][-3:]
            time.sleep(0.1)
        return seen

    def told(self):
        messages = self.client["sqs"].receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10).get("Messages", [])
        return [(body["Subject"], body["Message"]) for body in (json.loads(m["Body"]) for m in messages)]


def shape(task, service, action, side):
    """Of a call's input or output. Step Functions writes Cluster and DbCluster where the API has cluster and DBCluster."""
    client = boto3.client(service or task._get_boto_service_name(), REGION)
    operation = client.meta.method_to_api_mapping[task._get_boto_service_action(action)]
    return getattr(client.meta.service_model.operation_model(operation), side)


@pytest.fixture
def moto_runs_machines(monkeypatch):
    """moto's interpreter has what translates the names of members, and does not call it."""
    monkeypatch.setattr(StateTaskService, "_normalise_parameters", lambda task, parameters, boto_service_name=None, service_action_name=None:
                        task._to_boto_request(parameters, shape(task, boto_service_name, service_action_name, "input_shape")))
    monkeypatch.setattr(StateTaskService, "_normalise_response", lambda task, response, boto_service_name=None, service_action_name=None:
                        task._from_boto_response(response, shape(task, boto_service_name, service_action_name, "output_shape")))
    with mock_aws(config={"stepfunctions": {"execute_state_machine": True}}):
        yield


@pytest.mark.parametrize("argument, branch", [({"branch": "develop"}, "develop"), ({}, "master")])
def test_it_snapshots_then_migrates_then_tells(moto_runs_machines, argument, branch):
    account = Account()
    seen = account.run(argument)
    assert seen["status"] == "SUCCEEDED", seen
    snapshot, = [name for each in account.client["rds"].describe_db_cluster_snapshots(DBClusterIdentifier="flock")["DBClusterSnapshots"]
                 for name in [each["DBClusterSnapshotIdentifier"]] if name.startswith("dunlin-before-")]
    ecs = account.client["ecs"]
    task, = ecs.describe_tasks(cluster="dunlin", tasks=ecs.list_tasks(cluster="dunlin", desiredStatus="STOPPED")["taskArns"]
                               or ecs.list_tasks(cluster="dunlin")["taskArns"])["tasks"]
    assert task["overrides"]["containerOverrides"] == [{"name": "dunlin", "command": [branch]}]
    assert account.told() == [("dunlin: migrated", "The scripts of %s were run. The snapshot before them is %s."
                               % (branch, snapshot))]


def test_nothing_is_migrated_without_a_snapshot_and_somebody_is_told(moto_runs_machines):
    account = Account(database="nobody")
    seen = account.run({"branch": "develop"})
    assert (seen["status"], seen["error"]) == ("FAILED", "NotMigrated") and "nobody" in seen["cause"], seen
    assert account.client["ecs"].list_tasks(cluster="dunlin")["taskArns"] == []
    (subject, message), = account.told()
    assert subject == "dunlin: NOT migrated" and "nobody" in message


def test_a_task_that_does_not_start_is_told(moto_runs_machines):
    account = Account(cluster="nobody")
    seen = account.run({"branch": "develop"})
    assert (seen["status"], seen["error"]) == ("FAILED", "NotMigrated"), seen
    assert [subject for subject, _ in account.told()] == ["dunlin: NOT migrated"]
