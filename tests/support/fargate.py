"""Fargate before moto, which knows ECS but runs no container and says exit code 0 of each.

What is asked of ECS and CloudWatch Logs goes on to moto; here the answers of DescribeTasks get the states, exit codes
and reasons of the shapes that AWS documents (Amazon ECS API Reference, "Task" and "Container"), RunTask may fail or
lose its answer, and GetLogEvents comes in small pages. What a task does is a function that the test gives.
"""
import copy
import http.client
import http.server
import itertools
import json
import threading
import time

import boto3

from support.aws import REGION
from support.program import Program

numbers = itertools.count(1)


class Task:
    """One started task. `does` runs in a thread of its own and calls these."""

    def __init__(self, fargate, described, definition):
        self.fargate, self.arn, self.id = fargate, described["taskArn"], described["taskArn"].rsplit("/", 1)[-1]
        self.container = definition["containerDefinitions"][0]
        self.stream = "ecs/%s/%s" % (self.container["name"], self.id)
        overrides = described.get("overrides", {}).get("containerOverrides", [])
        self.command = overrides[0]["command"] if overrides else []
        self.environment = {each["name"]: each["value"] for each in self.container.get("environment", [])}
        self.state = {"lastStatus": "PROVISIONING", "desiredStatus": "RUNNING", "createdAt": time.time()}
        self.ending = {}  # of the container
        self.seen, self.asked_to_stop, self.changed = set(), threading.Event(), threading.Condition()
        self.has_stream = False

    def becomes(self, status, **more):
        """From now on DescribeTasks says so; waits until somebody was told."""
        with self.changed:
            self.state.update(lastStatus=status, **more)
            self.seen.discard(status)
            assert self.changed.wait_for(lambda: status in self.seen, 30), "nobody looked at the task: %s" % status

    def starts(self):
        self.becomes("PENDING")
        self.becomes("RUNNING", startedAt=time.time())

    def stops(self, exit_code=None, stop_code="EssentialContainerExited",
              reason="Essential container in task exited", container_reason=None):
        self.ending = {"lastStatus": "STOPPED"}
        if exit_code is not None:
            self.ending["exitCode"] = exit_code
        if container_reason:
            self.ending["reason"] = container_reason
        self.becomes("STOPPED", desiredStatus="STOPPED", stopCode=stop_code, stoppedReason=reason,
                     stoppedAt=time.time())

    def prints(self, lines):
        """Puts lines into the log, as the log driver does, which leaves out empty ones."""
        lines = [line for line in lines if line]
        if not self.has_stream:
            self.fargate.logs.create_log_stream(logGroupName=self.fargate.group, logStreamName=self.stream)
            self.has_stream = True
        now = int(time.time() * 1000)
        if lines:
            self.fargate.logs.put_log_events(
                logGroupName=self.fargate.group, logStreamName=self.stream,
                logEvents=[{"timestamp": now, "message": line} for line in lines])

    def runs_the_program(self, folder, secrets=()):
        """The binary with the environment and the command of the task; what it says goes into the log as it comes."""
        folder.mkdir(exist_ok=True)
        program = Program(folder, self.environment, secrets)
        process = program.start("run", *self.command)
        said = program.finish(process, 120)
        self.prints((said.out + said.err).splitlines())
        return said.code


def runs_well(task):
    task.starts()
    task.prints(["Starting Fargate task", "done"])
    task.stops(0)


class Fargate:
    """`with Fargate(aws) as fargate`: a cluster and a task definition of their own, and fargate.url before moto.

    fargate.does(task) is what the next tasks do; fargate.refusal, if set, is what RunTask answers instead of a task.
    """

    def __init__(self, aws):
        self.aws, self.name = aws, "dunlin-%d" % next(numbers)
        self.group = "/ecs/" + self.name
        self.does, self.refusal, self.lose_answers, self.page, self.empty_pages = runs_well, None, 0, None, False
        self.tasks, self.calls, self.by_token, self.threads, self.problems = {}, [], {}, [], []

    def client(self, service):
        return boto3.client(service, endpoint_url=self.aws.url, region_name=REGION, aws_access_key_id="AKIATEST",
                            aws_secret_access_key="test")

    def __enter__(self):
        self.ecs, self.logs, self.ec2, self.rds = map(self.client, ("ecs", "logs", "ec2", "rds"))
        self.logs.create_log_group(logGroupName=self.group)
        self.ecs.create_cluster(clusterName=self.name)
        self.define()
        self.subnets = sorted(each["SubnetId"] for each in self.ec2.describe_subnets()["Subnets"])[:2]
        self.vpc = self.ec2.describe_subnets(SubnetIds=self.subnets[:1])["Subnets"][0]["VpcId"]
        self.security_group = self.ec2.create_security_group(GroupName=self.name, Description="x", VpcId=self.vpc)["GroupId"]
        front = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                front.answer(self)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d" % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, kind, *_):
        self.server.shutdown()
        self.server.server_close()
        for each in self.threads:
            each.join(30)
        assert kind or not self.problems, self.problems

    def define(self, environment=None, image="ghcr.io/flock/dunlin:1", log=True):
        """A new revision of the task definition."""
        container = {"name": self.name, "image": image, "essential": True, "memory": 512,
                     "environment": [{"name": name, "value": str(value)} for name, value in (environment or {}).items()]}
        if log:
            container["logConfiguration"] = {"logDriver": "awslogs", "options": {
                "awslogs-group": self.group, "awslogs-region": REGION, "awslogs-stream-prefix": "ecs"}}
        self.ecs.register_task_definition(
            family=self.name, networkMode="awsvpc", requiresCompatibilities=["FARGATE"], cpu="256", memory="512",
            containerDefinitions=[container])

    def database_cluster(self):
        """An Aurora cluster in subnets and a security group of its own; returns its writer's endpoint."""
        self.rds.create_db_subnet_group(DBSubnetGroupName=self.name, DBSubnetGroupDescription="x", SubnetIds=self.subnets)
        cluster = self.rds.create_db_cluster(
            DBClusterIdentifier=self.name, Engine="aurora-postgresql", MasterUsername="sqladmin",
            MasterUserPassword="secret-enough", DBSubnetGroupName=self.name, VpcSecurityGroupIds=[self.security_group])
        return cluster["DBCluster"]["Endpoint"]

    def environment(self):
        return {**self.aws.environment(), "AWS_ENDPOINT_URL": self.url, "AWS_REGION": REGION,
                "FARGATE_CLUSTER": self.name, "FARGATE_TASK": self.name,
                "FARGATE_SUBNETS": ",".join(self.subnets), "FARGATE_SECURITY_GROUPS": self.security_group}

    def asked(self, operation):
        """The bodies of all calls of an operation."""
        return [body for name, body in self.calls if name == operation]

    @property
    def task(self):
        """The only one."""
        assert len(self.tasks) == 1, list(self.tasks)
        return next(iter(self.tasks.values()))

    # --- the front

    def answer(self, handler):
        body = handler.rfile.read(int(handler.headers["Content-Length"] or 0))
        operation = (handler.headers.get("X-Amz-Target") or "").rpartition(".")[2]
        asked = json.loads(body) if operation else {}
        self.calls.append((operation or body.decode(), asked))
        change = getattr(self, "on_" + operation, None)
        status, answer = (change or self.forward)(handler, asked)
        if status is None:
            handler.close_connection = True  # the answer is lost on its way
            return
        handler.send_response(status)
        handler.send_header("Content-Type", "application/x-amz-json-1.1")
        handler.send_header("Content-Length", str(len(answer)))
        handler.end_headers()
        handler.wfile.write(answer)

    def forward(self, handler, asked):
        behind = http.client.HTTPConnection(self.aws.url.removeprefix("http://"))
        headers = {name: value for name, value in handler.headers.items() if name.lower() != "content-length"}
        is_json = handler.headers.get("X-Amz-Target")
        body = json.dumps(asked).encode() if is_json else self.calls[-1][0].encode()
        behind.request("POST", handler.path, body, headers)
        answer = behind.getresponse()
        return answer.status, answer.read()

    def on_RunTask(self, handler, asked):
        if self.refusal:
            return self.refusal[0], json.dumps(self.refusal[1]).encode()
        token = asked["clientToken"]
        if token not in self.by_token:
            status, answer = self.forward(handler, asked)
            if status != 200:
                return status, answer
            described = json.loads(answer)["tasks"][0]
            definition = self.ecs.describe_task_definition(taskDefinition=described["taskDefinitionArn"])
            task = Task(self, described, definition["taskDefinition"])
            self.tasks[task.arn] = task
            answer = json.loads(answer)
            self.rewrite(answer["tasks"][0])
            self.by_token[token] = json.dumps(answer).encode()
            self.threads.append(threading.Thread(target=self.carry_out, args=(task,), daemon=True))
            self.threads[-1].start()
        if self.lose_answers:
            self.lose_answers -= 1
            return None, b""
        return 200, self.by_token[token]

    def carry_out(self, task):
        try:
            self.does(task)
        except Exception as e:
            self.problems.append(repr(e))
            task.state.update(lastStatus="STOPPED", stoppedReason="the test's own task failed: %r" % e)

    def on_DescribeTasks(self, handler, asked):
        status, answer = self.forward(handler, asked)
        if status != 200:
            return status, answer
        answer = json.loads(answer)
        for each in answer["tasks"]:
            self.rewrite(each)
        return status, json.dumps(answer).encode()

    def rewrite(self, described):
        task = self.tasks.get(described["taskArn"])
        if task is None:
            return
        with task.changed:
            for name in ("stopCode", "stoppedReason", "stoppedAt", "startedAt"):
                described.pop(name, None)
            described.update(copy.deepcopy(task.state))
            for container in described["containers"]:
                container.pop("exitCode", None)
                container.pop("reason", None)
                container["lastStatus"] = "RUNNING" if task.state["lastStatus"] == "RUNNING" else "PENDING"
                container.update(task.ending)
            task.seen.add(task.state["lastStatus"])
            task.changed.notify_all()

    def on_StopTask(self, handler, asked):
        status, answer = self.forward(handler, asked)
        for task in self.tasks.values():
            if asked["task"] in (task.arn, task.id):
                task.stop_reason = asked.get("reason", "Task stopped by user")
                task.asked_to_stop.set()
        return status, answer

    def on_GetLogEvents(self, handler, asked):
        """In pages of self.page events; with empty_pages, a page without events before each with some."""
        token = asked.get("nextToken", "")
        if self.empty_pages and token and not token.endswith("+"):
            return 200, json.dumps({"events": [], "nextForwardToken": token + "+", "nextBackwardToken": token}).encode()
        asked = {**asked, **({"limit": self.page} if self.page else {})}
        if token:
            asked["nextToken"] = token.rstrip("+")
        status, answer = self.forward(handler, asked)
        if status == 200 and token.endswith("+"):
            answer = json.loads(answer)
            if answer["nextForwardToken"] == token.rstrip("+"):
                answer["nextForwardToken"] = token  # the end is still the token that was given
            answer = json.dumps(answer).encode()
        return status, answer
