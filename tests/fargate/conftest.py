"""Fixtures: Fargate before moto, and dunlin with the environment of who starts tasks there or deploys what they need."""
import pytest

from support.account import Account, DEPLOYER
from support.aws import SecretsManager
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


@pytest.fixture
def account():
    with SecretsManager() as aws:
        account = Account(aws)
        try:
            yield account
        finally:
            account.clear()


@pytest.fixture
def deployer(account, tmp_path):
    (tmp_path / "deployer").mkdir()
    return Program(tmp_path / "deployer", {**DEPLOYER, **account.aws.environment()})
