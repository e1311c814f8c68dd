"""dunlin fargate logs and status: how to come back to a task."""
import json
import threading

import pytest

from support.server import wait_until

pytestmark = pytest.mark.server


def run_one(fargate, dunlin, lines, code=0, branch=()):
    def writes(task):
        task.starts()
        task.prints(lines)
        task.stops(code)
    fargate.does = writes
    before = set(fargate.tasks)
    assert dunlin("fargate", "run", *branch).code == code
    arn, = set(fargate.tasks) - before
    return fargate.tasks[arn]


def test_the_log_of_a_task_is_found_by_its_id(fargate, dunlin):
    task = run_one(fargate, dunlin, ["a", "b"])
    for name in (task.id, task.id[:8], task.arn):
        said = dunlin("fargate", "logs", name)
        assert (said.code, said.out) == (0, "a\nb\n"), said


def test_the_newest_log_is_shown_if_none_is_named(fargate, dunlin):
    run_one(fargate, dunlin, ["older"])
    run_one(fargate, dunlin, ["newer"])
    said = dunlin("fargate", "logs")
    assert (said.code, said.out) == (0, "newer\n"), said


def test_a_log_is_followed_to_the_end_of_its_task(fargate, dunlin):
    first, go_on = threading.Event(), threading.Event()

    def writes(task):
        task.starts()
        task.prints(["begins"])
        first.set()
        assert go_on.wait(30)
        task.prints(["ends"])
        task.stops(0)
    fargate.does = writes
    caller = dunlin.start("fargate", "run")
    assert first.wait(30)
    caller.terminate()
    assert dunlin.finish(caller).code == 143
    looks = len(fargate.asked("GetLogEvents"))
    follower = dunlin.start("fargate", "logs", "--follow")
    wait_until(lambda: len(fargate.asked("GetLogEvents")) > looks + 1, 30, "a look at the log, to its end")
    go_on.set()
    said = dunlin.finish(follower)
    assert (said.code, said.out) == (0, "begins\nends\n"), said


def test_what_is_not_there_is_named(fargate, dunlin):
    said = dunlin("fargate", "logs")
    assert said.code == 2 and "log group %s holds no log" % fargate.group in said.err, said
    said = dunlin("fargate", "logs", "0a1b2c")
    assert said.code == 2 and "has no stream ecs/%s/0a1b2c" % fargate.name in said.err, said
    said = dunlin("fargate", "logs", FARGATE_TASK="nobody")
    assert said.code == 3 and "task definition nobody cannot be read" in said.err and "fargate deploy" in said.err, said
    fargate.logs.delete_log_group(logGroupName=fargate.group)
    said = dunlin("fargate", "logs")
    assert said.code == 3 and "log group %s does not exist in us-west-2" % fargate.group in said.err, said


def test_an_ambiguous_beginning_is_no_name(fargate, dunlin):
    for stream in ("ab1", "ab2"):
        fargate.logs.create_log_stream(logGroupName=fargate.group, logStreamName="ecs/%s/%s" % (fargate.name, stream))
    said = dunlin("fargate", "logs", "ab")
    assert said.code == 2 and "several streams that begin with" in said.err, said


def test_the_status_shows_what_runs_and_how_the_others_ended(fargate, dunlin):
    well = run_one(fargate, dunlin, ["x"], branch=["develop"])
    badly = run_one(fargate, dunlin, ["x"], code=1)
    said = dunlin("fargate", "status")
    assert said.code == 0, said
    assert "Cluster %s in us-west-2 is ACTIVE" % fargate.name in said.out
    assert "Task definition %s:1 runs ghcr.io/flock/dunlin:1 with 256 CPU units and 512 MiB" % fargate.name in said.out
    assert "Its log group is %s" % fargate.group in said.out
    rows = {row.split("|")[1].strip(): [cell.strip() for cell in row.split("|")[2:-1]]
            for row in said.out.splitlines() if row.startswith("| ")}
    assert rows[well.id][:2] == ["STOPPED", "develop"] and rows[well.id][4:] == ["0", "ended well"]
    assert rows[badly.id][4] == "1" and rows[badly.id][5].startswith("ended with exit code 1: ")


def test_the_status_as_json(fargate, dunlin):
    task = run_one(fargate, dunlin, ["x"])
    document = json.loads(dunlin("fargate", "status", "-outputType=json").out)
    assert document["cluster"] == fargate.name and document["logGroup"] == fargate.group
    assert [(each["task"], each["exitCode"], each["ending"]) for each in document["tasks"]] == [(task.arn, 0, "ended well")]


def test_the_status_without_tasks_or_cluster(fargate, dunlin):
    said = dunlin("fargate", "status")
    assert said.code == 0 and "No tasks: ECS keeps stopped ones about an hour" in said.out, said
    said = dunlin("fargate", "status", FARGATE_CLUSTER="nowhere")
    assert said.code == 0 and "Cluster nowhere in us-west-2 is MISSING" in said.out, said


def test_no_region(fargate, dunlin):
    said = dunlin("fargate", "status", AWS_REGION=None)
    assert said.code == 2 and "REGION is not set" in said.err, said
