"""Bounds that a server keeps for all workers together; a worker that dies holds nothing."""

import asyncio

import psycopg
import pytest
from tests.llm.misbehaving import loopback

from alliance_sim.errors import StoreProblem
from alliance_sim.store import job_queue, request_limits
from alliance_sim.store.repository import Store
from alliance_sim.store.request_limits import SharedLimits

__all__ = ["loopback"]

pytestmark = pytest.mark.usefixtures("loopback")


@pytest.fixture
def parameters(postgres_url):
    with Store.open(postgres_url) as store:
        assert job_queue.prepare(store)
        assert job_queue.prepare(store), "made once, and there from then on"
        with store.reading() as connection:
            return job_queue.parameters(connection)


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    monkeypatch.setattr(request_limits, "LINGER", 0.01)
    monkeypatch.setattr(request_limits, "LOOK", (0.005, 0.01))


def limits(parameters, under_way=None, interval=0.0):
    return SharedLimits(parameters, under_way=under_way, interval=interval)


def held(parameters):
    """The places that anyone holds."""
    with psycopg.connect(**parameters) as connection:
        query = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2"
        return connection.execute(query).fetchone()[0]


async def test_all_workers_together_have_no_more_under_way_than_are_allowed(parameters):
    workers = [limits(parameters, under_way=3) for _ in range(3)]
    most = now = done = 0

    async def ask(worker):
        nonlocal most, now, done
        async with worker.request("here"):
            now += 1
            most = max(most, now)
            await asyncio.sleep(0.002)
            now -= 1
            done += 1

    async with asyncio.timeout(60):
        await asyncio.gather(*(ask(worker) for worker in workers for _ in range(20)))
    assert done == 60
    assert most == 3
    for worker in workers:
        await worker.close()
    assert held(parameters) == 0


async def test_endpoints_have_places_of_their_own(parameters):
    one = limits(parameters, under_way=1)
    async with asyncio.timeout(60), one.request("here"), one.request("there"):
        assert held(parameters) == 2
    await one.close()


async def test_a_place_that_nobody_wants_is_given_back(parameters):
    one, two = limits(parameters, under_way=1), limits(parameters, under_way=1)
    async with one.request("here"):
        pass
    async with asyncio.timeout(60), two.request("here"):
        assert held(parameters) == 1
    await one.close()
    await two.close()


async def test_what_a_dead_worker_held_is_free(parameters):
    dead, alive = limits(parameters, under_way=1), limits(parameters, under_way=1)
    request = dead.request("here")
    await request.__aenter__()
    await dead._connection.close()  # as the server sees a worker's death
    async with asyncio.timeout(60), alive.request("here"):
        assert held(parameters) == 1
    await alive.close()


async def test_a_request_that_is_given_up_holds_nothing(parameters):
    one = limits(parameters, under_way=1)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.05), one.request("here"):
            await asyncio.Event().wait()
    async with asyncio.timeout(60), one.request("here"):
        pass
    await one.close()


async def test_the_pace_is_that_of_all_workers_together(parameters, monkeypatch):
    waited = []

    async def sleep(seconds):
        waited.append(seconds)

    one, two = limits(parameters, interval=100.0), limits(parameters, interval=100.0)
    monkeypatch.setattr(request_limits.asyncio, "sleep", sleep)
    for worker in (one, two, one):
        async with worker.request("here"):
            pass
    async with two.request("there"):
        pass
    assert len(waited) == 2, "the first of each endpoint waits for nobody"
    assert 50 < waited[0] <= 100
    assert 150 < waited[1] <= 200
    await one.close()
    await two.close()


async def test_a_server_that_is_gone_is_told_in_plain_words(parameters):
    nowhere = limits({**parameters, "dbname": "nosuch"}, under_way=1)
    with pytest.raises(StoreProblem, match="limits"):
        async with nowhere.request("here"):
            pass
    await nowhere.close()
