"""The files under deploy/ are what the tools they are for understand, and say what the image needs."""
import subprocess
import sys
from pathlib import Path

import kubernetes_validate
import pytest
import yaml

from support.program import ROOT

FILES = ROOT / "deploy"
JOBS = ["kubernetes/job.yaml", "kubernetes/helm-hook.yaml"]
HOOK = "helm.sh/hook"


def read(name):
    return yaml.safe_load((FILES / name).read_text())


def test_compose_fits_the_specification():
    tool = Path(sys.executable).parent / "check-jsonschema"
    said = subprocess.run([tool, "--builtin-schema", "vendor.compose-spec", FILES / "compose.yaml"], capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize("version", ["1.28", "1.37"])
@pytest.mark.parametrize("name", JOBS)
def test_kubernetes_takes_the_job(name, version):
    kubernetes_validate.validate(read(name), version, strict=True)


@pytest.mark.parametrize("name", JOBS)
def test_the_pod_may_do_nothing_but_run(name):
    pod = read(name)["spec"]["template"]["spec"]
    container, = pod["containers"]
    assert pod["securityContext"]["runAsUser"] == 65532 and container["securityContext"]["readOnlyRootFilesystem"]
    assert pod["restartPolicy"] == "Never" and read(name)["spec"]["backoffLimit"] == 0


@pytest.mark.parametrize("name", JOBS)
def test_every_variable_of_the_pod_is_one_that_is_read(name):
    known = (ROOT / "docs/reference.md").read_text()
    container, = read(name)["spec"]["template"]["spec"]["containers"]
    assert [each["name"] for each in container["env"] if each["name"] not in known and each["name"] != "PGSSLMODE"] == []


def test_helm_waits_for_the_hook_and_finds_no_template_in_it():
    assert read(JOBS[1])["metadata"]["annotations"][HOOK] == "pre-install,pre-upgrade"
    assert "{{" not in (FILES / JOBS[1]).read_text()


def test_the_two_jobs_are_the_same_job():
    assert read(JOBS[0])["spec"]["template"] == read(JOBS[1])["spec"]["template"]
