"""Several programs at one store, and programs that are killed."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from threading import Barrier

import pytest
from store_events import START, opened, sent

from alliance_sim.store.repository import Store

WRITER = Path(__file__).with_name("store_writer.py")
FOREVER = 10**6


def writer(address, session, first, last):
    return subprocess.Popen(
        [sys.executable, str(WRITER), address, session, str(first), str(last)],
        stdout=subprocess.PIPE,
        text=True,
    )


def turns(store, session):
    return [stored.event.turn for stored in store.events(session)[1:]]


@pytest.mark.slow
def test_two_programs_write_at_once(address):
    both = {name: writer(address, name, 1, 200) for name in ("a", "b")}
    for process in both.values():
        process.communicate()
        assert process.returncode == 0
    with Store.open(address) as store:
        for name in both:
            assert turns(store, name) == list(range(1, 201))


@pytest.fixture(params=["sqlite", "postgresql"])
def unborn(request, path):
    """The address of a store that nobody has opened yet."""
    if request.param == "sqlite":
        return str(path)
    return request.getfixturevalue("empty_postgres_url")


@pytest.mark.slow
def test_several_programs_begin_a_store_at_once(unborn):
    all_of_them = {name: writer(unborn, name, 1, 5) for name in "abcd"}
    for process in all_of_them.values():
        process.communicate()
        assert process.returncode == 0
    with Store.open(unborn) as store:
        assert [turns(store, name) for name in all_of_them] == [list(range(1, 6))] * 4


@pytest.mark.slow
def test_what_was_acknowledged_outlives_a_kill(address):
    random = Random(20261122)
    first = 1
    for _ in range(5):
        process = writer(address, "a", first, FOREVER)
        acknowledged = [int(process.stdout.readline()) for _ in range(random.randint(1, 300))]
        process.kill()
        acknowledged += [int(line) for line in process.stdout if line.endswith("\n")]
        process.wait()
        with Store.open(address) as store:
            found = turns(store, "a")
        assert found == list(range(1, len(found) + 1))
        assert acknowledged[-1] <= len(found) <= acknowledged[-1] + 1
        first = len(found) + 1


def test_many_threads_may_create_the_same_file_at_once(tmp_path):
    together = Barrier(6, timeout=20)

    def create(number):
        for attempt in range(8):
            # Two places, so that stores are upgraded side by side as well.
            path = tmp_path / f"{attempt}-{number % 2}" / "store.db"
            together.wait()
            with Store.open(path) as store:
                store.append(str(number), [opened()], at=START)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(create, range(6)))
    for folder in tmp_path.glob("?-?"):
        with Store.open(folder / "store.db") as store:
            assert len(store.sessions()) == 3


def test_one_store_serves_several_threads(store):
    def write(number):
        store.append(str(number), [opened()], at=START)
        for turn in range(1, 30):
            store.append(str(number), [sent(turn)], at=START)
            store.events(str(number))
        return turns(store, str(number))

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(write, range(4))) == [list(range(1, 30))] * 4


def test_threads_of_one_program_may_share_a_session(store):
    store.append("a", [opened()], at=START)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda turn: store.append("a", [sent(turn)], at=START), range(1, 101)))
    assert sorted(turns(store, "a")) == list(range(1, 101))
