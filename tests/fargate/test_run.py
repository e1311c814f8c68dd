"""dunlin fargate run against moto with Fargate before it (tests/support/fargate.py)."""
import json
import re

import pytest

pytestmark = pytest.mark.server


def test_the_log_is_printed_and_the_exit_code_is_0(fargate, dunlin):
    said = dunlin("fargate", "run", "develop")
    assert said.code == 0, said
    assert said.out == "Starting Fargate task\ndone\n"
    assert fargate.task.command == ["develop"]
    states = re.findall("^Task %s is ([A-Z]+)" % fargate.task.id, said.err, re.M)
    assert states == ["PROVISIONING", "PENDING", "RUNNING", "STOPPED"], said
    assert "dunlin fargate logs %s --follow" % fargate.task.id in said.err
    assert "Task %s ended with exit code 0" % fargate.task.id in said.err


def test_what_is_asked_for(fargate, dunlin):
    said = dunlin("fargate", "run", FARGATE_ASSIGN_PUBLIC_IP="true")
    assert said.code == 0, said
    asked, = fargate.asked("RunTask")
    assert asked["launchType"] == "FARGATE" and asked["startedBy"] == "dunlin" and asked["count"] == 1
    assert asked["cluster"] == asked["taskDefinition"] == fargate.name
    assert "overrides" not in asked, "without a branch the image's own default holds"
    assert asked["networkConfiguration"]["awsvpcConfiguration"] == {
        "subnets": fargate.subnets, "securityGroups": [fargate.security_group], "assignPublicIp": "ENABLED"}


def test_a_capacity_provider_takes_the_place_of_the_launch_type(fargate, dunlin):
    assert dunlin("fargate", "run", "-fargate.capacityProvider=FARGATE_SPOT").code == 0
    asked, = fargate.asked("RunTask")
    assert "launchType" not in asked
    assert asked["capacityProviderStrategy"] == [{"capacityProvider": "FARGATE_SPOT", "weight": 1}]


@pytest.mark.parametrize("code", [1, 5])
def test_the_exit_code_of_the_container_comes_through(fargate, dunlin, code):
    def fails(task):
        task.starts()
        task.prints(["ERROR: Script V2__b.sql failed"])
        task.stops(code)
    fargate.does = fails
    said = dunlin("fargate", "run")
    assert said.code == code, said
    assert said.out == "ERROR: Script V2__b.sql failed\n"
    assert "ended with exit code %d: " % code in said.err and "-> " in said.err


def test_every_line_of_the_log_comes_once_and_in_order(fargate, dunlin):
    """Also when it comes in pages, some of them empty, and the last lines only when the task has stopped."""
    lines = ["line %d" % i for i in range(60)] + ["  blanks are kept  ", "\u00e9 \t \x1b[31mred\x1b[m"]

    def writes(task):
        task.starts()
        for at in range(0, 50, 10):
            task.prints(lines[at:at + 10])
            task.becomes("RUNNING")
        with task.changed:
            task.state["lastStatus"] = "DEPROVISIONING"
        task.stops(0)
        task.prints(lines[50:])
    fargate.does, fargate.page, fargate.empty_pages = writes, 7, True
    said = dunlin("fargate", "run")
    assert said.code == 0, said
    assert said.out.splitlines() == lines, said


def test_of_several_containers_none_is_guessed(fargate, dunlin):
    """The exit code 0 of an agent beside the job would be taken for the job's."""
    fargate.ecs.register_task_definition(
        family=fargate.name, networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256", memory="512",
        containerDefinitions=[{"name": name, "image": name, "essential": True} for name in ("agent", "migrations")])
    said = dunlin("fargate", "run")
    assert said.code == 2 and "has 2 containers, and none is called %s" % fargate.name in said.err, said
    assert fargate.asked("RunTask") == []


REFUSED = [
    # (what it is about, stopCode, stoppedReason, what is said, the next step)
    ("the image", "TaskFailedToStart",
     "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref "
     "ghcr.io/flock/dunlin:1: ghcr.io/flock/dunlin:1: not found", "the registry has no such image", "fargate.image"),
    ("a secret", "TaskFailedToStart",
     "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval failed: unable "
     "to retrieve secret from asm: service call has been retried 1 time(s): failed to fetch secret x from secrets "
     "manager: AccessDeniedException: User: x is not authorized to perform: secretsmanager:GetSecretValue",
     "its secrets may not be read", "execution role"),
    ("the way out", "TaskFailedToStart",
     "ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull registry auth from "
     "Amazon ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration.",
     "nothing was reached", "fargate.assignPublicIp"),
]


@pytest.mark.parametrize("stop_code, reason, says, next_step", [row[1:] for row in REFUSED], ids=[row[0] for row in REFUSED])
def test_a_task_that_does_not_start_is_explained(fargate, dunlin, stop_code, reason, says, next_step):
    def never_starts(task):
        task.becomes("PENDING")
        task.stops(None, stop_code, reason)
    fargate.does = never_starts
    said = dunlin("fargate", "run")
    assert said.code == 3, said
    assert said.out == ""
    error = said.err[said.err.index("ERROR: "):]
    assert error.startswith("ERROR: task %s did not start: " % fargate.task.id) and says in error, said
    assert "AWS says: " + reason in error and next_step in error, said
    as_json = dunlin("fargate", "run", "-outputType=json")
    document = json.loads(as_json.out)
    assert as_json.code == 3 and document["exitCode"] is None and document["state"] == "STOPPED"
    assert document["stoppedReason"] == reason and document["error"]["errorCode"] == "AWS_FAILED"


def test_no_capacity(fargate, dunlin):
    reason = "Capacity is unavailable at this time. Please try again later or in a different availability zone"
    fargate.refusal = 200, {"tasks": [], "failures": [{"reason": reason}]}
    said = dunlin("fargate", "run")
    assert said.code == 3 and "ERROR: no task was started: Fargate has no capacity there now" in said.err, said
    assert reason in said.err and "fargate.subnets" in said.err


@pytest.mark.parametrize("code, message, says", [
    ("AccessDeniedException", "User: arn:aws:iam::1:user/ada is not authorized to perform: ecs:RunTask on resource: "
     "arn:aws:ecs:us-west-2:1:task-definition/dunlin because no identity-based policy allows it",
     "arn:aws:iam::1:user/ada lacks ecs:RunTask"),
    ("ClusterNotFoundException", "Cluster not found.", "there is no cluster"),
    ("InvalidParameterException", "Unable to assume the service linked role. Please verify that the ECS service linked "
     "role exists.", "create-service-linked-role"),
    ("BlockedException", "Your account is currently blocked.", "AWS has blocked Fargate"),
])
def test_a_refusal_of_run_task_is_explained(fargate, dunlin, code, message, says):
    fargate.refusal = 400, {"__type": code, "message": message}
    said = dunlin("fargate", "run")
    assert said.code == 3 and "ERROR: no task was started: " in said.err and says in said.err, said


def test_one_task_is_started_although_the_answer_was_lost(fargate, dunlin):
    fargate.lose_answers = 1
    said = dunlin("fargate", "run")
    assert said.code == 0, said
    first, second = fargate.asked("RunTask")
    assert first["clientToken"] == second["clientToken"] and len(fargate.tasks) == 1


def test_json_is_one_document(fargate, dunlin):
    said = dunlin("fargate", "run", "develop", "-outputType=json")
    assert said.code == 0, said
    document = json.loads(said.out)
    assert document["task"] == fargate.task.arn and document["branch"] == "develop"
    assert (document["state"], document["exitCode"], document["stopCode"]) == ("STOPPED", 0, "EssentialContainerExited")
    assert document["logGroup"] == fargate.group and document["logStream"] == fargate.task.stream
    assert "error" not in document


def test_memory_that_ran_out(fargate, dunlin):
    def dies(task):
        task.starts()
        task.stops(137, container_reason="OutOfMemoryError: Container killed due to memory usage")
    fargate.does = dies
    said = dunlin("fargate", "run")
    assert said.code == 137 and "its memory ran out" in said.err and "raise memory" in said.err, said
