"""Bounds on requests within one process; the backend that keeps to them."""

import asyncio

from tests.llm.fake_backend import FakeBackend

from alliance_sim.llm.port import Message, Request
from alliance_sim.runtime.batches.limits import Bounds, LimitedBackend, OwnLimits


class Time:
    def __init__(self):
        self.now = 0.0
        self.slept = []

    async def sleep(self, seconds):
        self.slept.append(seconds)


async def test_no_more_requests_are_under_way_than_are_allowed():
    limits = OwnLimits(Bounds(under_way=2), lambda: 0.0)
    most = now = 0

    async def ask():
        nonlocal most, now
        async with limits.request("here"):
            now += 1
            most = max(most, now)
            await asyncio.sleep(0)
            now -= 1

    await asyncio.gather(*(ask() for _ in range(7)))
    assert most == 2


async def test_requests_begin_no_sooner_than_the_pace_allows():
    time = Time()
    limits = OwnLimits(Bounds(a_minute=60), lambda: time.now, time.sleep)
    for _ in range(3):
        async with limits.request("here"):
            pass
    async with limits.request("elsewhere"):
        pass
    assert time.slept == [1.0, 2.0]
    time.now = 10.0
    async with limits.request("here"):
        pass
    assert time.slept == [1.0, 2.0], "time that has passed is not saved up"


async def test_without_bounds_nobody_waits():
    time = Time()
    limits = OwnLimits(Bounds(), lambda: 0.0, time.sleep)
    async with limits.request("here"), limits.request("here"), limits.request("here"):
        assert time.slept == []


async def test_a_backend_asks_for_leave_before_each_request():
    asked = []

    class Asked(OwnLimits):
        def request(self, endpoint):
            asked.append(endpoint)
            return super().request(endpoint)

    backend = LimitedBackend(FakeBackend("Hello.", "Hello."), "there", Asked(Bounds(1), lambda: 0.0))
    request = Request((Message("user", "Hi"),), 10)
    await backend.complete(request)
    async for _ in backend.stream(request):
        pass
    assert asked == ["there", "there"]
