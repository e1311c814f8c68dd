import pytest

from run import pairs
from sequence import DATABASES
from support.flyway import what_is_missing


@pytest.fixture(scope="session")
def both():
    """Database -> a Pair; one Java process and one server for all tests."""
    missing = what_is_missing()
    if missing:
        pytest.skip(missing)
    with pairs(DATABASES) as made:
        yield made
