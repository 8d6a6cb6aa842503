"""A store of its own for every test."""

import pytest

from alliance_sim.store.repository import Store


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "store.db"


@pytest.fixture
def store(path):
    with Store.open(path) as opened:
        yield opened
