"""Every CloudFormation template under deploy/ is what cfn-lint takes, warnings too."""
import subprocess
import sys
from pathlib import Path

import pytest

from support.program import ROOT

TEMPLATES = [path for path in sorted((ROOT / "deploy").rglob("*.yaml")) if "AWSTemplateFormatVersion" in path.read_text()]


def test_there_are_some():
    assert len(TEMPLATES) >= 3


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT / "deploy")))
def test_cfn_lint_finds_nothing(path):
    """It knows the fields of the states language too, but not whether a state is there that another names."""
    lint = [Path(sys.executable).parent / "cfn-lint", "--regions", "us-west-2", "--template", path]
    said = subprocess.run(lint, capture_output=True, text=True)
    assert said.returncode == 0, said.stdout + said.stderr
