"""A store of its own for every test: once in a file and once on a server, unless it says which."""

import pytest

from alliance_sim.store.repository import Store


@pytest.fixture
def path(tmp_path):
    """Where a store in a file may be."""
    return tmp_path / "data" / "store.db"


@pytest.fixture
def address(either_address):
    return either_address


@pytest.fixture
def store(address):
    with Store.open(address) as opened:
        yield opened
