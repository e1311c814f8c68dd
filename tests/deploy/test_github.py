"""GitHub's files: actionlint takes them, and the action's script runs the program as it says. GitHub itself was not asked."""
import json
import os
import re
import shutil
import subprocess

import pytest
import yaml
from cfnlint.decode.cfn_yaml import load as load_template

from support.command_lines import language
from support.program import ROOT, binary

FOLDER = ROOT / "deploy/github"
WORKFLOWS = sorted((FOLDER / "workflows").glob("*.yml"))
SCRIPT = FOLDER / "dunlin-action/dunlin.sh"


def actionlint():
    """On the PATH, or as script/test builds it from its Go module."""
    return shutil.which("actionlint", path=os.pathsep.join([str(ROOT / "build/tools"), os.environ["PATH"]]))


@pytest.fixture
def repository(tmp_path):
    """A repository into which the files were copied as their README says."""
    shutil.copytree(FOLDER / "workflows", tmp_path / ".github/workflows")
    shutil.copytree(FOLDER / "dunlin-action", tmp_path / ".github/actions/dunlin-action")
    (tmp_path / ".git").mkdir()
    return tmp_path


@pytest.mark.skipif(not actionlint(), reason="actionlint is not here: script/test builds it where there is Go")
def test_actionlint_finds_nothing(repository):
    said = subprocess.run([actionlint(), "-color=false"], cwd=repository, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr


def jobs():
    return [pytest.param(path, job, id="%s-%s" % (path.stem, name))
            for path in WORKFLOWS for name, job in yaml.safe_load(path.read_text())["jobs"].items()]


def steps(job):
    return [step for step in job["steps"] if step.get("uses", "").endswith("/dunlin-action")]


@pytest.mark.parametrize("path, job", jobs())
def test_the_action_is_told_what_the_program_understands(path, job):
    wrong = []
    for step in steps(job):
        given = step["with"]
        words = given["command"].split() + [re.sub(r"\$\{\{.*?\}\}", "X", line) for line in given.get("arguments", "").splitlines()]
        wrong += language().mistakes(words)
    assert wrong == []


@pytest.mark.parametrize("path, job", jobs())
def test_a_workflow_asks_for_few_permissions_and_ends(path, job):
    workflow = yaml.safe_load(path.read_text())
    assert workflow["permissions"] == {} and "concurrency" in workflow
    assert set(job["permissions"]) <= {"contents", "packages", "id-token"} and job["timeout-minutes"] <= 120
    assert ("id-token" in job["permissions"]) == any("configure-aws-credentials" in step.get("uses", "") for step in job["steps"])


@pytest.mark.parametrize("path, job", jobs())
def test_no_expression_stands_in_a_script(path, job):
    """What a branch or an input is called would be run by the shell; they go through variables."""
    assert [step["run"] for step in job["steps"] if "${{" in step.get("run", "")] == []


class Action:
    """The action's script with the inputs of a step, on this machine in place of a runner."""

    def __init__(self, folder):
        self.folder = folder
        (folder / "temp").mkdir()
        (folder / "sql").mkdir()
        (folder / "sql/V1__create_bird.sql").write_text("CREATE TABLE bird (name TEXT);")

    def __call__(self, command, arguments="", program=None, **environment):
        outputs = self.folder / "outputs"
        outputs.write_text("")
        said = subprocess.run([SCRIPT], cwd=self.folder, capture_output=True, text=True, env={
            "PATH": os.environ["PATH"], "RUNNER_TEMP": str(self.folder / "temp"), "GITHUB_OUTPUT": str(outputs),
            "ACTION_COMMAND": command, "ACTION_ARGUMENTS": arguments, "ACTION_IMAGE": "ghcr.io/Flock/dunlin:latest",
            "ACTION_TOKEN": "a token", "ACTION_BINARY": binary() if program is None else program, **environment})
        said.outputs = dict(line.split("=", 1) for line in outputs.read_text().splitlines())
        return said


@pytest.fixture
def action(tmp_path):
    return Action(tmp_path)


def test_the_action_runs_the_program_and_says_how_it_ended(action):
    said = action("info migrate", "-url=jdbc:sqlite:a.db\n-locations=filesystem:sql\n")
    assert said.returncode == 0, said.stdout
    assert said.outputs["exit-code"] == "0" and "create bird" in open(said.outputs["log"]).read()


def test_a_failure_of_the_program_is_that_of_the_step(action):
    said = action("migrate", "-url=jdbc:sqlite:a.db\n-nonsense=1")
    assert said.returncode == 2 and said.outputs["exit-code"] == "2" and "::error title=dunlin migrate::exit code 2" in said.stdout


def test_an_argument_is_one_word_and_no_script(action):
    said = action("migrate", "-url=jdbc:sqlite:a b$(touch hole).db\n-locations=filesystem:sql\n")
    assert said.returncode == 0, said.stdout
    assert (action.folder / "a b$(touch hole).db").exists() and not (action.folder / "hole").exists()


def test_what_is_printed_cannot_give_orders_to_the_runner(action):
    (action.folder / "sql/R__notes.sql").write_text("::set-env name=PATH::/hole")
    said = action("migrate", "-url=jdbc:sqlite:a.db\n-locations=filesystem:sql\n")
    assert said.returncode == 1
    before, after = said.stdout.split("::set-env", 1)
    stop = re.search(r"^::stop-commands::(.+)$", before, re.M)[1]
    assert "\n::%s::\n" % stop in after


@pytest.mark.parametrize("argument", ["-password=hunter2", "-sshTunnelKey=abc", "--password=hunter2"])
def test_a_secret_among_the_arguments_is_refused_unseen(action, argument):
    said = action("migrate", argument)
    assert said.returncode == 2 and "may not stand in the arguments" in said.stdout and argument.split("=")[1] not in said.stdout


def test_a_reference_to_a_secret_is_none(action):
    said = action("migrate", "-url=jdbc:sqlite:a.db\n-locations=filesystem:sql\n-password=${env:HOME}", HOME="/home")
    assert said.returncode == 0, said.stdout


def test_the_program_is_taken_out_of_the_image_and_the_token_is_no_argument(action):
    docker = action.folder / "docker"
    docker.write_text("""#!/bin/bash
echo "$@" >> %(folder)s/calls
case $1 in
  login) cat > %(folder)s/stdin; echo "$DOCKER_CONFIG" > %(folder)s/config ;;
  create) echo 1234 ;;
  cp) printf '#!/bin/sh\\necho "program: $*; token: $ACTION_TOKEN"\\n' > "$3"; chmod +x "$3" ;;
esac
""" % {"folder": action.folder})
    docker.chmod(0o755)
    path = "%s:%s" % (action.folder, os.environ["PATH"])
    said = action("fargate run", "develop", program="", PATH=path)
    assert "program: fargate run develop; token: \n" in said.stdout, said.stdout + said.stderr
    calls = (action.folder / "calls").read_text().splitlines()
    assert [call.split()[0] for call in calls] == ["login", "create", "cp", "rm"] and "a token" not in str(calls)
    assert calls[1].endswith("ghcr.io/flock/dunlin:latest") and (action.folder / "stdin").read_text() == "a token\n"
    assert not os.path.exists((action.folder / "config").read_text().strip())
    action("version", program="", PATH=path)
    assert len((action.folder / "calls").read_text().splitlines()) == 4, "the second time it is there"


def test_a_workflow_may_run_what_a_person_may():
    """The role for workflows that run the task, and the policy that the console's page shows."""
    page = (ROOT / "docs/console.md").read_text()
    person = json.loads(re.search(r"^`runner-policy.json`\n\n```json\n(.*?)^```", page, re.M | re.S)[1])
    role = load_template(str(FOLDER / "roles.yaml"))["Resources"]["RunRole"]["Properties"]

    def actions(statements):
        return {action for s in statements for action in (s["Action"] if isinstance(s["Action"], list) else [s["Action"]])}
    assert actions(role["Policies"][0]["PolicyDocument"]["Statement"]) == actions(person["Statement"])


@pytest.mark.parametrize("name", ["RunRole", "DeployRole"])
def test_a_role_is_for_named_repositories_only(name):
    role = load_template(str(FOLDER / "roles.yaml"))
    statement, = role["Resources"][name]["Properties"]["AssumeRolePolicyDocument"]["Statement"]
    condition = statement["Condition"]["StringEquals"]
    subjects = role["Parameters"][condition["token.actions.githubusercontent.com:sub"]["Ref"]]
    assert condition["token.actions.githubusercontent.com:aud"] == "sts.amazonaws.com" and "Default" not in subjects
    takes = re.compile(subjects["AllowedPattern"])
    assert takes.fullmatch("repo:flock/migrations:environment:master") and takes.fullmatch("repo:flock@12/migrations@34:environment:master")
    assert not any(takes.fullmatch(wide) for wide in ["repo:*", "repo:flock/*", "repo:flock/*:ref:refs/heads/x", "repo:*/migrations:environment:x"])
