"""Several programs at one store, and programs that are killed."""

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest

from alliance_sim.store.repository import Store

WRITER = Path(__file__).with_name("store_writer.py")
FOREVER = 10**6


def writer(path, session, first, last):
    return subprocess.Popen(
        [sys.executable, str(WRITER), str(path), session, str(first), str(last)],
        stdout=subprocess.PIPE,
        text=True,
    )


def turns(store, session):
    return [stored.event.turn for stored in store.events(session)[1:]]


@pytest.mark.slow
def test_two_programs_begin_a_store_and_write_at_once(path):
    both = {name: writer(path, name, 1, 200) for name in ("a", "b")}
    for process in both.values():
        process.communicate()
        assert process.returncode == 0
    with Store.open(path) as store:
        for name in both:
            assert turns(store, name) == list(range(1, 201))


@pytest.mark.slow
def test_what_was_acknowledged_outlives_a_kill(path):
    random = Random(20261122)
    first = 1
    for _ in range(5):
        process = writer(path, "a", first, FOREVER)
        acknowledged = [int(process.stdout.readline()) for _ in range(random.randint(1, 300))]
        process.kill()
        acknowledged += [int(line) for line in process.stdout if line.endswith("\n")]
        process.wait()
        with Store.open(path) as store:
            found = turns(store, "a")
        assert found == list(range(1, len(found) + 1))
        assert acknowledged[-1] <= len(found) <= acknowledged[-1] + 1
        first = len(found) + 1
