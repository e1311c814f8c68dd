"""The scripts inside the workflows, run as they stand: with the real program, PostgreSQL and Git, and stand-ins for what is GitHub's."""
import os
import shutil
import subprocess

import pytest
import yaml

from support.postgresql import ADMIN, ADMIN_PASSWORD
from support.program import ROOT, binary
from support.repository import QUIET, Repository, git

WORKFLOWS = ROOT / "deploy/github/workflows"


def job(name):
    found, = yaml.safe_load((WORKFLOWS / (name + ".yml")).read_text())["jobs"].values()
    return found


class Runner:
    """A folder that a workflow's steps run in, one after the other."""

    def __init__(self, folder, temp, environment):
        self.folder, self.temp = folder, temp
        self.environment = {"PATH": "%s:%s" % (temp, os.environ["PATH"]), "HOME": str(temp), **QUIET, **environment}

    def run(self, script, **more):
        said = subprocess.run(["bash", "-eo", "pipefail", "-c", script], cwd=self.folder, capture_output=True, text=True,
                              env={**self.environment, **more})
        return said.returncode, said.stdout + said.stderr

    def action(self, step):
        return self.run(str(ROOT / "deploy/github/dunlin-action/dunlin.sh"), RUNNER_TEMP=str(self.temp), GITHUB_OUTPUT=str(self.temp / "outputs"),
                        ACTION_COMMAND=step["with"]["command"], ACTION_ARGUMENTS=step["with"].get("arguments", ""), ACTION_IMAGE="",
                        ACTION_TOKEN="", ACTION_BINARY=binary())


@pytest.mark.server
def test_a_push_brings_the_schema_into_the_readme_and_commits_it_once(plain_postgresql, tmp_path):
    """schema-docs.yml: migrate, then docs, compared in a pull request and written and committed in a push."""
    plain_postgresql.run("DROP DATABASE IF EXISTS app WITH (FORCE)")
    plain_postgresql.run("CREATE DATABASE app")
    repository = Repository.empty(tmp_path / "checkout")
    shutil.copytree(ROOT / "examples/template", repository.folder, dirs_exist_ok=True)
    shutil.copytree(ROOT / "examples/postgresql/master/sql", repository.folder / "sql")
    repository.commit({})
    remote = repository.publish(tmp_path / "remote.git")
    git(repository.folder, "remote", "add", "origin", str(remote))
    git(repository.folder, "push", "-q", "--set-upstream", "origin", "master")
    workflow = job("schema-docs")
    environment = {**workflow["env"], "FLYWAY_USER": ADMIN, "FLYWAY_PASSWORD": ADMIN_PASSWORD,
                   "FLYWAY_URL": "jdbc:postgresql://127.0.0.1:%d/app" % plain_postgresql.port}
    runner = Runner(repository.folder, tmp_path, environment)
    migrate, compare, write, commit = workflow["steps"][1:]
    code, said = runner.action(migrate)
    assert code == 0 and "Successfully applied 3 migrations" in said, said
    code, said = runner.action(compare)
    assert code == 1 and "README.md does not show the schema as it is" in said, said
    for _ in range(2):
        code, said = runner.action(write)
        assert code == 0, said
        code, said = runner.run(commit["run"])
        assert code == 0, said
        assert git(remote, "log", "--format=%s", "master").splitlines() == ["Bring the schema in README.md up to date", "change"]
    assert "customer" in git(remote, "show", "master:README.md") and git(repository.folder, "status", "--short") == ""
    assert runner.action(compare)[0] == 0


@pytest.mark.parametrize("kind, name, code", [("tag", "v1.2.3", 0), ("branch", "master", 0), ("tag", "v1.2.4", 1)])
def test_the_image_is_pushed_as_its_version_and_as_latest(tmp_path, kind, name, code):
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist/dunlin-1.2.3-linux-amd64.oci.tar").write_text("")
    skopeo = tmp_path / "skopeo"
    skopeo.write_text('#!/bin/sh\necho "$@" >> %s/calls\n[ "$1" != login ] || cat > %s/stdin\n' % (tmp_path, tmp_path))
    skopeo.chmod(0o755)
    step, = [step for step in job("image")["steps"] if "skopeo copy" in step.get("run", "")]
    runner = Runner(tmp_path, tmp_path, {"TOKEN": "a token", "OWNER": "Flock", "GITHUB_REF_TYPE": kind, "GITHUB_REF_NAME": name,
                                         "GITHUB_ACTOR": "ada", "GITHUB_STEP_SUMMARY": str(tmp_path / "summary")})
    ended, said = runner.run(step["run"])
    assert ended == code, said
    calls = (tmp_path / "calls").read_text().splitlines() if code == 0 else []
    assert not (tmp_path / "calls").exists() or "a token" not in str(calls)
    assert [call.split("docker://")[1] for call in calls if call.startswith("copy")] == (
        ["ghcr.io/flock/dunlin:1.2.3", "ghcr.io/flock/dunlin:latest"] if code == 0 else [])
