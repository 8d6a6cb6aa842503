"""Workers in processes of their own, killed with SIGKILL and told to stop: nothing is lost, nothing
comes twice. A real server judges; nothing here is timed, all waiting has generous bounds."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.llm.misbehaving import loopback, says, serve
from tests.scoring.judging_fakes import answer, data_of, verdict
from tests.stored_hours import hold, rows, scorings

from alliance_sim.authoring.library import Library, shipped_root
from alliance_sim.llm.port import Message, Request, Schema
from alliance_sim.runtime.batches.enqueueing import Order, enqueue
from alliance_sim.store import batches
from alliance_sim.store.batches import Choice
from alliance_sim.store.repository import Store

__all__ = ["loopback"]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

PROGRAM = Path(__file__).with_name("impatient_worker.py")
BOUND = 120.0
SESSIONS = [f"s{number:02}" for number in range(24)]


class Clock:
    def now(self):
        return datetime.now(UTC)


def judges(held):
    """A server that judges what it is sent, once it is let; after a moment, so that work lasts."""

    def behave(exchange):
        while held and not exchange.stopped.wait(0.02):
            pass
        exchange.stopped.wait(0.05)
        body = exchange.seen.body
        messages = tuple(Message(m["role"], m["content"]) for m in body["messages"])
        shape = body["response_format"]["json_schema"]
        request = Request(
            messages, body["max_tokens"], schema=Schema(shape["name"], shape["schema"])
        )
        first = next(u for u in data_of(request)["utterances"] if u["speaker"] == "therapist")
        given = answer(request, verdict(3, (first["turn"], first["text"])), whole=3)
        says(json.dumps(given))(exchange)

    return behave


@pytest.fixture
def held():
    """While there is something in it, the server does not answer."""
    return []


@pytest.fixture
def server(loopback, held):
    told, http = serve()
    told.script(judges(held))
    yield told
    told.stopped.set()
    http.shutdown()
    http.server_close()


@pytest.fixture
def start(either_address, server, tmp_path):
    """Starts a worker; whichever is left at the end is killed."""
    started = []
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(tmp_path),
        "ALLIANCE_SIM_STORE": either_address,
        "OPENAI_BASE_URL": server.url,
        "ALLIANCE_SIM_MODEL": "served-model",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }

    def begin(*words):
        command = [sys.executable, str(PROGRAM), "worker", "--jobs", "4", *words]
        worker = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        started.append(worker)
        return worker

    yield begin
    for worker in started:
        worker.kill()
        worker.communicate()


@pytest.fixture
def batch(either_address):
    """A batch of all sessions, to be judged by one rubric."""
    with Store.open(either_address) as store:
        hold(store, *SESSIONS)
        order = Order(Choice(), scorer="judge", model="served-model", rubrics=("empathy",))
        library = Library([shipped_root()])
        return enqueue(store, library, order, who="a", clock=Clock(), randomness=random.Random())


def settled(address, batch):
    with Store.open(address) as store, store.reading() as connection:
        found = batches.counts(connection, batch.id)
    return {str(state): number for state, number in found.items() if number}


def until(true, worker=None):
    end = time.monotonic() + BOUND
    while not true():
        assert time.monotonic() < end, "it took too long"
        if worker is not None and worker.poll() is not None:
            raise AssertionError(worker.communicate()[1])
        time.sleep(0.02)


def ended(worker):
    """The exit code and what was told."""
    _, told = worker.communicate(timeout=BOUND)
    return worker.returncode, told


def proven(address):
    """One result a session, in the events and in the table."""
    with Store.open(address) as store:
        for session in SESSIONS:
            assert len(scorings(store, session)) == 1, session
            assert len(rows(store, session)) == 1, session


@pytest.mark.slow
def test_workers_that_are_killed_lose_nothing_and_double_nothing(
    either_address, batch, start, server
):
    pick = random.Random(7)
    crew = [start("--once"), start("--once")]
    kills = 0
    while kills < 4:
        victim = pick.randrange(2)
        before = len(server.requests)
        until(lambda before=before: len(server.requests) >= before + 3 or _done(crew))
        if _done(crew):
            break
        crew[victim].send_signal(signal.SIGKILL)
        crew[victim].wait()
        kills += 1
        crew[victim] = start("--once")
    assert kills >= 2, "the work was over before it was disturbed"
    for worker in crew:
        code, told = ended(worker)
        assert code == 0, told
    assert settled(either_address, batch) == {"done": len(SESSIONS)}
    proven(either_address)


def _done(crew):
    return all(worker.poll() is not None for worker in crew)


@pytest.mark.slow
def test_a_new_worker_takes_over_what_a_killed_one_had(either_address, batch, start, server, held):
    held.append("wait")
    dead = start()
    until(lambda: len(server.requests) >= 4, dead)
    dead.kill()
    dead.wait()
    assert settled(either_address, batch) == {"waiting": len(SESSIONS)}
    held.clear()
    code, told = ended(start("--once"))
    assert code == 0, told
    proven(either_address)


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_told_to_stop_a_worker_ends_in_order(either_address, batch, start, server, number, code):
    worker = start()
    until(lambda: settled(either_address, batch).get("done", 0) >= 2, worker)
    worker.send_signal(number)
    found, told = ended(worker)
    assert found == code, told
    assert "Traceback" not in told
    done = settled(either_address, batch)["done"]
    assert 2 <= done < len(SESSIONS), "it had not begun, or had ended"
    code, told = ended(start("--once"))
    assert code == 0, told
    proven(either_address)


@pytest.mark.slow
def test_an_answer_that_does_not_come_is_not_waited_for_for_ever(
    either_address, batch, start, server, held
):
    held.append("wait")
    worker = start("--grace", "0.2")
    until(lambda: len(server.requests) >= 4, worker)
    worker.send_signal(signal.SIGTERM)
    code, told = ended(worker)
    assert code == 0, told
    assert "Traceback" not in told
    assert settled(either_address, batch) == {"waiting": len(SESSIONS)}
