"""What every test stands on: no home, no network, a clock that stands still."""

import os
import random
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from tests.postgres import (
    either_address,
    either_store,
    empty_postgres_url,
    postgres_cluster,
    postgres_database,
    postgres_url,
)

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.client.dynamics import load_dynamics
from alliance_sim.store.repository import Store

__all__ = [
    "either_address",
    "either_store",
    "empty_postgres_url",
    "postgres_cluster",
    "postgres_database",
    "postgres_url",
]

# How long an example takes says more of the machine than of the program.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

LONG = {"browser", "llm", "slow"}
"""Marks of what takes longest."""


class FakeClock:
    """Time that passes only when a test says so, or when someone sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime(2026, 3, 2, 9, 0, tzinfo=UTC) + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


@pytest.fixture(autouse=True)
def isolated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home, data folder and working directory of the test's own, and no settings of ours."""
    home = tmp_path / "home"
    home.mkdir()
    for name in ("HOME", "USERPROFILE", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(home))
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name in [name for name in os.environ if name.startswith("ALLIANCE_SIM_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    monkeypatch.chdir(home)
    return home


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in the program may connect to anything."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family != socket.AF_UNIX:
            raise AssertionError(f"a test tried to connect to {address}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def randomness() -> random.Random:
    return random.Random(4)


@pytest.fixture(scope="session")
def library() -> Library:
    """The library that ships."""
    return Library([shipped_root()], types=frozenset(load_dynamics().types))


@pytest.fixture
def store(tmp_path: Path):
    with Store.open(tmp_path / "store" / "sessions.db") as opened:
        yield opened


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest begins first, so that no worker is left with it at the end."""
    items.sort(key=lambda item: not LONG & {mark.name for mark in item.iter_markers()})


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: some test always waits for a server or a process."""
    return (os.cpu_count() or 1) + 1
