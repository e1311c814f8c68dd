"""Fixtures: Fargate before moto, and dunlin with the environment of who starts tasks there."""
import pytest

from support.fargate import Fargate
from support.program import Program


@pytest.fixture
def fargate(aws):
    with Fargate(aws) as fargate:
        yield fargate


@pytest.fixture
def dunlin(fargate, tmp_path):
    (tmp_path / "caller").mkdir()
    return Program(tmp_path / "caller", fargate.environment())
